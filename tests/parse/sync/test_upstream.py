"""The repository a model was released from: links, evidence, choice, and who is left out of a family."""

from typing import Any

import pytest

from peatmoss.parse.sync import upstream
from peatmoss.parse.sync.upstream import Claim, Facts, Override, candidates, exclusions, is_owner, links, tokens


def best(model: str, body: str, front: Any = None, naming: Any = (), facts: Any = ()) -> upstream.Candidate:
    return candidates(model, links(body, front), dict(naming), dict(facts))[0]


def ranked(model: str, body: str) -> list[tuple[str, int, bool]]:
    return [(c.repository, c.score, c.is_primary) for c in candidates(model, links(body), {}, {})]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("see https://github.com/a-b/c.d.", "a-b/c.d"),
        ("(https://www.github.com/a/b.git)", "a/b"),
        ("[x](http://GitHub.com/A/B/tree/main/src#top)", "A/B"),
        ("git@github.com:a/b.git", "a/b"),
        ("github.com/a/b?tab=readme", "a/b"),
    ],
)
def test_a_link_is_cut_to_the_repository(text: str, name: str) -> None:
    assert [link.repository for link in links(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "https://gist.github.com/a/b",
        "https://notgithub.com/a/b",
        "https://github.com/topics/nlp",
        "github.com/a",
        "a/b",
    ],
)
def test_what_is_no_repository_is_no_link(text: str) -> None:
    assert links(text) == []


def test_the_metadata_of_a_card_is_searched_however_deep() -> None:
    front = {"model-index": [{"source": {"url": "https://github.com/a/b"}}], "license": "mit"}
    assert [(link.repository, link.source) for link in links("", front)] == [("a/b", "card_metadata")]


def test_the_owners_repository_wins_over_a_library_that_loads_the_model() -> None:
    body = (
        "x" * 200
        + "\nLoad it with https://github.com/huggingface/transformers.\n\nhttps://github.com/acme/rocket-code\n"
    )
    assert ranked("acme/rocket-7b", body) == [
        ("acme/rocket-code", upstream.OWNER + upstream.TOKEN, True),
        ("huggingface/transformers", upstream.GENERIC, False),
    ]


def test_one_link_without_evidence_is_kept_and_not_chosen() -> None:
    assert ranked("acme/rocket", "y" * 100 + " https://github.com/some/thing") == [("some/thing", 0, False)]


def test_a_word_or_a_heading_announces_the_code_and_a_dataset_is_something_else() -> None:
    far = "z" * 100
    assert best("a/b", f"{far}\nCode: https://github.com/c/d").score == upstream.LABEL
    assert best("a/b", f"{far}\n## Official implementation\n{far}\nhttps://github.com/c/d").score == upstream.LABEL
    assert best("a/b", f"{far}\n## Training\nThe dataset is [here](https://github.com/c/d)").score == 0
    assert best("a/b", f"{far}\n## Training data\n| [c](https://github.com/c/d) |").score == 0
    assert best("a/b", f"{far}\n## Training\nWith [c](https://github.com/c/d)").score == upstream.TRAINING


def test_a_library_is_no_stranger_to_its_own_owner() -> None:
    body = "https://github.com/flairNLP/flair"
    assert best("flair/ner-english", body).score > 0
    assert best("someone/ner-english", body).score < 0


def test_code_that_names_the_model_is_the_strongest_evidence_but_only_of_its_owner_a_candidate() -> None:
    body = "https://github.com/x/first and https://github.com/y/second"
    assert best("acme/m", body, naming={"y/second": "use"}).repository == "y/second"
    assert best("acme/m", "", naming={"acme/work": "use"}).source == "backlink"
    assert candidates("acme/m", [], {"stranger/work": "use"}, {}) == []
    assert best("acme/m", "", naming={"stranger/work": "publish"}).is_primary


def test_forks_and_archived_repositories_stand_behind() -> None:
    body = "q" * 50 + "https://github.com/acme/one https://github.com/acme/two"
    assert best("acme/m", body, facts={"acme/one": Facts(is_fork=True, is_archived=None)}).repository == "acme/two"


def test_of_equals_the_first_link_is_chosen() -> None:
    assert best("acme/m", "q" * 50 + "https://github.com/acme/two https://github.com/acme/one").repository == "acme/two"


def test_a_human_decides_against_any_score(monkeypatch: pytest.MonkeyPatch) -> None:
    decided = {"acme/m": Override("other/code", None, "told so"), "acme/n": Override(None, None, "has none")}
    monkeypatch.setattr(upstream, "overrides", lambda: decided)
    first, second = candidates("acme/m", links("https://github.com/acme/m"), {}, {})
    assert (first.repository, first.source, first.is_primary) == ("other/code", "manual", True)
    assert first.evidence.startswith("decided by hand: told so")
    assert not second.is_primary
    assert not any(c.is_primary for c in candidates("acme/n", links("https://github.com/acme/n"), {}, {}))


def test_owners_are_the_same_by_name_or_by_the_curated_list() -> None:
    assert is_owner("Microsoft", "microsoft")
    assert is_owner("facebook", "facebookresearch")
    assert not is_owner("facebook", "google")


def test_an_account_of_nearly_the_same_name_is_evidence_and_a_short_one_is_not() -> None:
    near = [
        ("unitary", "unitaryai"),
        ("aubmindlab", "aub-mind"),
        ("vamsi", "Vamsi995"),
        ("anna-bell-lee", "annabelllee"),
    ]
    assert all(upstream.is_similar_owner(hub, github) for hub, github in near)
    assert not any(
        upstream.is_similar_owner(*pair)
        for pair in [("ab", "abc"), ("google", "gradio"), ("openai", "opea"), ("intel", "intelligence-lab-x")]
    )
    assert best("unitary/m", "q" * 50 + "https://github.com/unitaryai/x").score == upstream.SIMILAR


def test_a_repository_named_as_the_owner_is_the_owners() -> None:
    assert best("RocketNet/a", "q" * 50 + "https://github.com/some-lab/rocketnet").is_primary


def test_the_base_models_repository_and_a_data_sets_are_not_the_models_own() -> None:
    far = "q" * 50
    assert best("me/pegasus-paraphrase", f"{far} https://github.com/lab/pegasus").score == 0
    assert best("me/bert-finetuned-squad", f"{far} https://github.com/lab/squad").score == 0
    assert best("lab-x/pegasus-large", f"{far} https://github.com/lab-y/pegasus").score == upstream.TOKEN
    assert best("me/zorblax-ner", f"{far} https://github.com/lab/zorblax").score == upstream.TOKEN
    assert best("acme/m", f"{far} https://github.com/acme/m-datasets").score == upstream.OWNER + upstream.DATA


def test_common_words_sizes_and_numbers_tell_nothing() -> None:
    assert tokens("bert-base-7b-v2-chat-models-2023") == set()
    assert tokens("DeBERTa_v3-FinanceModel") == {"deberta", "finance", "financemodel"}


def claim(model: str, repository: str = "owner/code", evidence: str = "", is_manual: bool = False) -> Claim:
    return Claim(model, repository, evidence, is_manual)


@pytest.mark.parametrize(
    ("claims", "excluded"),
    [
        ([claim("owner/a"), claim("owner/b")], {}),
        ([claim("stranger/a"), claim("stranger/b")], {}),
        ([claim("owner/a"), claim("stranger/b")], {"stranger/b": "other_owner"}),
        ([claim("one/a"), claim("two/b")], {"one/a": "unclear_owner", "two/b": "unclear_owner"}),
        ([claim("one/a", evidence="its code names the model (+5)"), claim("two/b")], {"two/b": "other_owner"}),
        ([claim("one/a", is_manual=True), claim("two/b")], {"two/b": "other_owner"}),
        ([claim("a/x", "huggingface/transformers")], {"a/x": "generic_repository"}),
        ([claim("flair/x", "flairNLP/flair"), claim("b/x", "flairNLP/flair")], {"b/x": "generic_repository"}),
    ],
)
def test_a_repository_claimed_by_several_owners_stays_with_the_proven_one(
    claims: list[Claim], excluded: dict[str, str]
) -> None:
    assert exclusions(claims) == excluded


def test_curated_lists_are_sound() -> None:
    assert all(name == name.lower() and name.count("/") == 1 for name in upstream.generic_repositories())
    assert all(owner not in names for owner, names in upstream.aliases().items())
    assert all(
        o.reason and (o.repository is None or o.repository.count("/") == 1) for o in upstream.overrides().values()
    )


def test_a_hostile_card_costs_no_time() -> None:
    body = "[" * 50_000 + "https://github.com/a/b " * 5_000 + "# " * 20_000 + "github.com/" * 20_000
    assert len(links(body)) == 1
