"""Claims, conclusions, edges and chains, on both databases and on values."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from peatmoss import analyze
from peatmoss.analyze.licenses.chains import STATES, _asks, _lost, obligations
from peatmoss.analyze.licenses.edges import derivations
from peatmoss.parse.license import RELATIONS
from peatmoss.parse.license.reference import roles
from peatmoss.parse.license.verdict import judge
from peatmoss.schema import hub, ledger
from peatmoss.schema.base import USAGE_ROLES
from tests.conftest import fill, rows
from tests.release.test_finding import chain
from tests.release.test_run import DAY

NC, FREE = "CC-BY-NC-4.0", "Apache-2.0"


def reached(edges: list[tuple[int, int]], licenses: dict[int, str]) -> dict[tuple[int, str], tuple[object, ...]]:
    frame = pl.DataFrame(edges, schema={"upstream_model_id": pl.Int64, "downstream_model_id": pl.Int64}, orient="row")
    found = obligations(frame, licenses, judge)
    return {(row[0], row[1]): row[2:] for row in found.iter_rows()}


def test_a_dropped_clause_is_found_although_each_later_pair_looks_fine() -> None:
    found = reached([(1, 2), (2, 3)], {1: NC, 2: FREE, 3: FREE})
    assert judge(FREE, FREE, "derive").verdict == "compatible"
    assert found[2, NC] == (1, 1, "lost", "L1", 1, 2)
    assert found[3, NC] == (1, 2, "lost_earlier", "L1", 1, 2)


def test_an_unlicensed_model_between_does_not_end_an_obligation() -> None:
    found = reached([(1, 2), (2, 3)], {1: NC, 3: FREE})
    assert found[2, NC][2] == "unknown"
    assert found[3, NC] == (1, 2, "lost", "L1", 2, 3)


def test_a_merge_has_the_obligations_of_all_its_bases() -> None:
    found = reached([(1, 3), (2, 3)], {1: NC, 2: "LicenseRef-HF-llama3", 3: NC})
    assert found[3, NC][2] == "carried"
    assert found[3, "LicenseRef-HF-llama3"][2] == "lost"


def by_every_walk(edges: set[tuple[int, int]], licenses: dict[int, str]) -> dict[tuple[int, str], tuple[object, ...]]:
    """The reference: all that walks of any length bring to a model, tried one step after the other."""
    found: dict[tuple[int, str], tuple[tuple[object, ...], tuple[object, ...]]] = {}
    for origin, own in licenses.items():
        for license_id in _asks(own):
            tips: set[tuple[int, int | None, int | None, str]] = {(origin, None, None, "")}
            for depth in range(1, 2 * len(licenses) + 3):
                longer: set[tuple[int, int | None, int | None, str]] = set()
                for up, lost_from, lost_at, clauses in tips:
                    for down in (b for a, b in edges if a == up):
                        state, lost = _lost(license_id, licenses[down], judge)
                        tip: tuple[int, int | None, int | None, str]
                        if STATES[state] == "carried":
                            tip, said = (down, None, None, ""), "carried"
                        elif STATES[state] == "unknown":
                            tip, said = (down, lost_from, lost_at, clauses), "unknown"
                        elif lost_at is None:
                            tip, said = (down, up, down, lost), "lost"
                        else:
                            tip, said = (down, lost_from, lost_at, lost), "lost_earlier"
                        longer.add(tip)
                        is_lost = tip[2] is not None
                        key = (STATES.index(said), not is_lost, depth, origin, tip[2] or 0, tip[1] or 0, tip[3])
                        row = (key, (origin, depth, said, tip[3], tip[1], tip[2]))
                        if down != origin:
                            found[down, license_id] = min(found.get((down, license_id), row), row)
                tips = longer
    return {where: row[1] for where, row in found.items()}


EXPRESSIONS = ("NONE", "MIT", NC, "CC-BY-NC-SA-4.0", "GPL-3.0-only", f"{NC} AND GPL-3.0-only", "LicenseRef-HF-llama3")


@given(
    st.sets(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=20),
    st.lists(st.sampled_from(EXPRESSIONS), min_size=6, max_size=6),
)
@settings(deadline=None, max_examples=150)
def test_circles_and_merges_have_what_trying_every_walk_finds(edges: set[tuple[int, int]], chosen: list[str]) -> None:
    edges = {(up, down) for up, down in edges if up != down}
    licenses = dict(enumerate(chosen, 1))
    assert reached(sorted(edges), licenses) == by_every_walk(edges, licenses)


def test_a_dense_circle_of_many_models_has_the_nearest_loss_of_every_license() -> None:
    models = range(1, 61)
    licenses = {n: NC if n % 3 == 0 else FREE for n in models}
    found = reached([(a, b) for a in models for b in models if a != b], licenses)
    assert len(found) == len(licenses)
    assert {row[2] for (model, _), row in found.items() if licenses[model] == FREE} == {"lost_earlier"}
    assert {row[:3] for (model, _), row in found.items() if licenses[model] == NC} == {
        (3, 1, "carried"),
        (6, 1, "carried"),
    }


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=30))
@settings(deadline=None)
def test_any_graph_ends_also_with_circles(edges: list[tuple[int, int]]) -> None:
    found = reached([edge for edge in edges if edge[0] != edge[1]], dict.fromkeys(range(1, 9), NC))
    assert all(row[2] == "carried" for row in found.values())


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=15))
@settings(deadline=None)
def test_another_base_never_takes_an_obligation_away(edges: list[tuple[int, int]]) -> None:
    edges = [(up, down) for up, down in edges if up < down]
    licenses = {1: NC, 2: FREE, 3: "gemma", 4: FREE, 5: NC, 6: FREE}
    assert set(reached(edges[:-1], licenses)) <= set(reached(edges, licenses))


def test_a_kind_that_is_not_stated_is_read_from_the_name_and_from_several_bases() -> None:
    frame = pl.DataFrame(
        {"upstream": ["a/b", "a/b", "a/c", "a/b", "a/b"], "downstream": ["x/B-GGUF", "x/m", "x/m", "x/b", "x/t"],
         "kind": ["unknown", "unknown", "unknown", "unknown", "finetune"]}
    )  # fmt: skip
    found = derivations(frame)
    assert list(found.select("kind", "tier", "is_inferred").iter_rows()) == [
        ("quantized", "A", True),
        ("merge", "A", True),
        ("merge", "A", True),
        ("unknown", "B", False),
        ("finetune", "A", False),
    ]


def test_every_role_has_a_relation_or_uses_nothing() -> None:
    assert set(roles()) == set(USAGE_ROLES)
    assert {relation for relation, _ in roles().values()} <= {*RELATIONS, ""}


def test_claims_of_all_sources_come_to_one_license_and_disagreement_stays_visible(database: str) -> None:
    content = chain()
    content[hub.snapshot] = [
        {"id": n, "model_id": m, "revision": "abcdef1", "as_of": DAY, "shard_id": 1} for n, m in ((1, 5), (2, 2))
    ]
    matter = '{"license": "other", "license_name": "llama-3.1-community-license", "license_link": "LICENSE"}'
    content[hub.card] = [
        {"snapshot_id": 1, "front_matter": matter, "front_matter_status": "ok", "body": "", "sha256": "0",
         "size_bytes": 1},
        {"snapshot_id": 2, "front_matter": '{"license": "apache-2.0"}', "front_matter_status": "ok", "body": "",
         "sha256": "1", "size_bytes": 1},
    ]  # fmt: skip
    assert content[ledger.shard]
    fill(database, content)
    analyze.run(database, ["licenses"])
    sql = "SELECT artifact, expression, source, is_disputed FROM license_conclusion WHERE model_id > 0 ORDER BY 1"
    assert [(a, e, s, bool(d)) for a, e, s, d in rows(database, sql)] == [
        ("m/1", "CC-BY-NC-4.0", "tag", False),
        ("m/2", "MIT", "tag", True),
        ("m/4", "MIT", "tag", False),
        ("m/5", "LicenseRef-scancode-llama-3.1-license-2024", "card", False),
    ]
    verdict = "SELECT v.verdict, e.tier FROM license_edge e JOIN license_verdict v ON v.id = e.license_verdict_id"
    assert rows(database, f"{verdict} WHERE e.upstream = 'm/1' AND e.downstream = 'm/2'") == [("incompatible", "A")]


def test_an_empty_database_has_no_edges_and_all_facts(database: str) -> None:
    found = {one.table: one.rows for one in analyze.run(database, ["licenses"])}
    assert found["license_edge"] == found["license_claim"] == 0
    assert found["license_clause_code"] == 35


def test_the_verdict_of_when_a_model_was_made_is_kept_beside_todays(database: str) -> None:
    content = chain()
    del content[hub.model_to_license]
    content[hub.model_observation] = [
        {"model_id": 1, "as_of": DAY.replace(year=2022), "license": "mit", "shard_id": 1},
        {"model_id": 1, "as_of": DAY, "license": "cc-by-nc-4.0", "shard_id": 1},
        {"model_id": 2, "as_of": DAY, "license": "mit", "shard_id": 1},
    ]
    content[hub.model][1]["created_at"] = DAY.replace(year=2023)
    fill(database, content)
    analyze.run(database, ["licenses"])
    sql = """SELECT now.verdict, made.verdict FROM license_edge e
        JOIN license_verdict now ON now.id = e.license_verdict_id
        JOIN license_verdict made ON made.id = e.then_verdict_id"""
    assert rows(database, sql) == [("incompatible", "compatible")]
