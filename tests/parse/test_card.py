"""Cards: front matter is read safely, whatever it is; the body stays."""

import json
import time

import pytest

from peatmoss.parse.card import MAX_CARD, MAX_FRONT_MATTER, MAX_NODES, card, load_yaml


def front(text: str) -> object:
    return json.loads(card(text).front_matter or "null")


def test_front_matter_and_body_are_separated() -> None:
    parsed = card("---\nlicense: mit\ntags:\n- a\n- b\n---\n# Title\n")
    assert (parsed.status, parsed.body) == ("ok", "# Title\n")
    assert json.loads(parsed.front_matter or "") == {"license": "mit", "tags": ["a", "b"]}


def test_texts_that_older_yaml_would_twist_stay_texts() -> None:
    assert front("---\nlanguage: no\ndate: 2022-03-02\nversion: 1.10.0\nratio: 0.5\nn: 7\non: yes\nempty:\n---\n") == {
        "language": "no",
        "date": "2022-03-02",
        "version": "1.10.0",
        "ratio": 0.5,
        "n": 7,
        "on": "yes",
        "empty": None,
    }


@pytest.mark.parametrize(
    "opening", ["---\r\nlicense: mit\r\n---\r\nx", "\ufeff---\nlicense: mit\n---\nx", "\n---\nlicense: mit\n---\nx"]
)
def test_line_ends_byte_order_marks_and_leading_blanks_do_not_hide_it(opening: str) -> None:
    assert front(opening) == {"license": "mit"}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("no front matter at all", "none"),
        ("---\n---\nbody", "none"),
        ("---\nnever closed", "none"),
        ("---\n- a\n- list\n---\n", "not_a_mapping"),
        ("---\njust words\n---\n", "not_a_mapping"),
        ("---\na: b: c\n---\n", "broken"),
        ("---\n\tx: 1\n---\n", "broken"),
        ("---\na: *nothing\n---\n", "broken"),
        ("---\na: &a [*a]\n---\n", "broken"),
        ("---\na: " + "[" * 100 + "]" * 100 + "\n---\n", "too_deep"),
        ("---\na: " + "x" * MAX_FRONT_MATTER + "\n---\n", "too_large"),
        ("---\na: [" + "1," * MAX_NODES + "]\n---\n", "too_large"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, status: str) -> None:
    parsed = card(text)
    assert (parsed.status, parsed.front_matter) == (status, None)


def test_tags_construct_nothing() -> None:
    assert front("---\nx: !!python/object/apply:os.system [exit]\n---\n") == {"x": ["exit"]}


def test_a_bomb_of_aliases_costs_nothing() -> None:
    levels = [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefghi", "bcdefghij", strict=True)]
    started = time.monotonic()
    assert card("---\na: &a [x]\n" + "\n".join(levels) + "\n---\n").status == "too_large"
    assert time.monotonic() - started < 1


def test_aliases_within_the_budget_are_expanded() -> None:
    assert load_yaml("a: &a {x: [1]}\nb: *a\n") == {"a": {"x": [1]}, "b": {"x": [1]}}


def test_size_and_hash_are_of_the_whole_card_though_the_body_is_cut() -> None:
    parsed = card("é" * (MAX_CARD + 10))
    assert (parsed.size_bytes, len(parsed.body)) == (2 * (MAX_CARD + 10), MAX_CARD)


def test_nul_characters_cannot_reach_the_database() -> None:
    assert card("a\x00b").body == "a\ufffdb"
