"""Texts of snapshots, licenses of datasets and roles of usages, from collected rows to verdicts, on both databases."""

import hashlib
from importlib.metadata import distribution
from typing import Any

import pytest

from peatmoss import analyze
from peatmoss.schema import hub, reuse
from tests.conftest import fill, rows
from tests.release.test_finding import chain, usage
from tests.release.test_run import DAY

SAYS = "SELECT artifact, source, place, expression FROM license_claim WHERE artifact = '{}' ORDER BY source, place"
COMES_TO = "SELECT artifact, expression, source, is_disputed FROM license_conclusion WHERE artifact_kind = 'model'"


def text_of(package: str) -> str:
    """The LICENSE text that an installed package carries: a real one."""
    files = [file for file in distribution(package).files or () if file.name.upper().startswith("LICENSE")]
    return str(files[0].read_text())


def texts(*held: tuple[int, str, str]) -> dict[Any, list[dict[str, Any]]]:
    """Models with a snapshot that holds a text: (model, path, text)."""
    return {
        hub.snapshot: [
            {"id": n, "model_id": model, "revision": "abcdef1", "as_of": DAY, "shard_id": 1}
            for n, model in enumerate(sorted({model for model, _, _ in held}), 1)
        ],
        hub.license_text: [
            {"snapshot_id": sorted({m for m, _, _ in held}).index(model) + 1, "path": path, "content": content,
             "sha256": hashlib.sha256(content.encode()).hexdigest(), "size_bytes": len(content.encode())}
            for model, path, content in held
        ],
    }  # fmt: skip


def test_a_license_file_answers_where_the_card_says_other_or_nothing_and_disagrees_where_it_says_else(
    database: str,
) -> None:
    held = [(3, "LICENSE", text_of("idna")), (4, "LICENSE", text_of("hf-xet")), (5, "LICENSE.md", text_of("idna"))]
    fill(database, chain() | texts(*held, (5, "NOTICE", "Made with care."), (2, "USE_POLICY.md", "Be kind.")))
    analyze.run(database, ["licenses"])
    assert sorted((a, e, s, bool(d)) for a, e, s, d in rows(database, COMES_TO)) == [
        ("m/1", "CC-BY-NC-4.0", "tag", False),
        ("m/2", "MIT", "tag", False),
        ("m/3", "BSD-3-Clause", "file", False),
        ("m/4", "MIT", "tag", True),
        ("m/5", "BSD-3-Clause", "file", False),
    ]
    assert rows(database, SAYS.format("m/5")) == [
        ("m/5", "file", "LICENSE.md", "BSD-3-Clause"),
        ("m/5", "tag", "license:", "NOASSERTION"),
    ]
    verdict = """SELECT v.upstream_expression, v.downstream_expression, v.verdict FROM license_edge e
        JOIN license_verdict v ON v.id = e.license_verdict_id WHERE e.upstream = 'm/2' AND e.downstream = 'm/3'"""
    assert rows(database, verdict) == [("MIT", "BSD-3-Clause", "compatible")]


def test_a_text_that_names_no_known_license_is_a_claim_that_settles_nothing(database: str) -> None:
    fill(database, chain() | texts((3, "LICENSE", "Ask the owner before you do anything with this.")))
    analyze.run(database, ["licenses"])
    assert rows(database, SAYS.format("m/3")) == [("m/3", "file", "LICENSE", "NOASSERTION")]
    assert ("m/3", "NOASSERTION", "file", False) in [(a, e, s, bool(d)) for a, e, s, d in rows(database, COMES_TO)]


def test_the_license_of_a_dataset_is_judged_against_the_models_that_are_trained_on_it(database: str) -> None:
    names = ["d/nc", "d/free", "d/silent", "d/never-asked"]
    fill(
        database,
        chain()
        | {
            hub.dataset: [
                {"id": n, "name": name, "sha": None if "never" in name else "a" * 40, "shard_id": 1}
                for n, name in enumerate(names, 1)
            ],
            hub.dataset_to_license: [{"dataset_id": 1, "license_id": 1}, {"dataset_id": 2, "license_id": 2}],
            hub.model_to_dataset: [{"model_id": 2, "dataset_id": n} for n in (1, 2, 3, 4)],
        },
    )
    analyze.run(database, ["licenses"])
    sql = """SELECT e.upstream, e.kind, e.relation, e.tier, v.verdict, v.reason_code FROM license_edge e
        JOIN license_verdict v ON v.id = e.license_verdict_id WHERE e.upstream_kind = 'dataset' ORDER BY 1"""
    assert rows(database, sql) == [
        ("d/free", "trains", "train", "B", "compatible", "identity"),
        ("d/nc", "trains", "train", "B", "conditional", "text"),
        ("d/never-asked", "trains", "train", "B", "unknown", "upstream_not_collected"),
        ("d/silent", "trains", "train", "B", "unknown", "upstream_unlicensed"),
    ]


@pytest.mark.parametrize(
    ("role", "relation", "tier", "verdict"),
    [
        ("load", "use", "C", "incompatible"),
        ("remote", "use", "C", "incompatible"),
        ("finetune", "derive", "B", "incompatible"),
        ("bundle", "combine", "A", "incompatible"),
        ("publish", "derive", "A", "incompatible"),
        ("provenance", "derive", "A", "incompatible"),
    ],
)
def test_the_role_of_a_usage_decides_relation_and_tier(
    database: str, role: str, relation: str, tier: str, verdict: str
) -> None:
    content = chain()
    content[reuse.usage] = [usage(1, 1, 7, 1, role=role, is_used=role not in ("bundle", "publish", "provenance"))]
    fill(database, content)
    analyze.run(database, ["licenses"])
    sql = """SELECT e.upstream, e.downstream, e.relation, e.tier, v.verdict, v.lost_clauses FROM license_edge e
        JOIN license_verdict v ON v.id = e.license_verdict_id WHERE e.downstream_kind = 'repository'"""
    (found,) = rows(database, sql)
    assert found[:5] == ("m/1", "github.com/o/free", relation, tier, verdict)
    assert "L1" in found[5].split()


def test_what_is_only_named_or_made_anew_is_no_edge(database: str) -> None:
    content = chain()
    content[reuse.usage] = [usage(1, 1, 7, 1, role=role, is_used=True) for role in ("mention",)] + [
        usage(2, 1, 8, 1, role="scratch", is_used=True)
    ]
    fill(database, content)
    analyze.run(database, ["licenses"])
    assert rows(database, "SELECT COUNT(*) FROM license_edge WHERE downstream_kind = 'repository'") == [(0,)]
