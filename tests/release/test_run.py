"""A release is complete, public, the same everywhere, or not there at all."""

import hashlib
import json
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert

from peatmoss.errors import CheckFailed, PeatmossError, SourceError
from peatmoss.release import lines, run
from peatmoss.release.database import FTS, tables, views
from peatmoss.release.summary import plain
from peatmoss.schema import LEDGER, github, hub, ledger, metadata, reuse
from tests.conftest import fill, rows

DAY = datetime(2024, 5, 1, tzinfo=UTC)
HOSTILE = "o'wner/\"<script>alert(1)</script>\x1b[31m\u202e"
FILES = ["DICTIONARY.md", "MANIFEST.json", "SHA256SUMS", "peatmoss.db"]


def shard(**other: Any) -> dict[str, Any]:
    return {
        "id": 1, "name": "model/a.jsonl", "kind": "model", "origin": "hub_dump", "as_of": DAY, "coverage": "complete",
        "hub": "HuggingFace", "sha256": "00", "record_count": 5, "loaded_count": 4, "reject_count": 1, "source": "{}",
    } | other  # fmt: skip


def model(number: int, name: str, **other: Any) -> dict[str, Any]:
    return {
        "id": number, "context_id": name, "model_hub_id": 1, "repo_url": f"https://huggingface.co/{number}",
        "has_snapshot": False, "shard_id": 1,
    } | other  # fmt: skip


def card(number: int, body: str, front_matter: str | None = None) -> dict[str, Any]:
    return {
        "snapshot_id": number, "front_matter": front_matter, "front_matter_status": "ok", "body": body,
        "sha256": str(number), "size_bytes": len(body),
    }  # fmt: skip


def story(**source: Any) -> dict[Any, list[dict[str, Any]]]:
    """A small database with something of everything that a release treats specially."""
    return {
        ledger.shard: [shard(source=json.dumps(source))],
        hub.model_hub: [{"id": 1, "name": "HuggingFace", "url": "https://huggingface.co"}],
        hub.model: [
            model(1, "owner/base", downloads=5, gated="no", is_private=False, has_snapshot=True),
            model(2, "owner/gated", gated="manual", has_snapshot=True),
            model(3, "owner/gone", gone_at=DAY, gone_reason="404", has_snapshot=True),
            model(4, HOSTILE, has_snapshot=True, created_at=datetime(2023, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ],
        hub.license: [{"id": 1, "name": "mit"}, {"id": 2, "name": "ask <a@b.org>"}, {"id": 3, "name": "ask <c@b.org>"}],
        hub.model_to_license: [{"model_id": 1, "license_id": 1}],
        hub.model_to_base_model: [
            {"model_id": 4, "base_model_name": "owner/base", "relation": "finetune", "declared_in": "tag",
             "base_model_id": 1, "resolution": "exact", "shard_id": 1},
            {"model_id": 3, "base_model_name": "no/where", "relation": "unknown", "declared_in": "tag", "shard_id": 1},
        ],
        hub.snapshot: [{"id": n, "model_id": n, "revision": f"r{n}", "as_of": DAY, "shard_id": 1} for n in range(1, 5)],
        hub.snapshot_file: [{"snapshot_id": 1, "path": p, "kind": "other"} for p in ("é.txt", "Z.txt", "a.txt", "_")],
        hub.card: [
            card(1, "# Title\n\nWrite to jane.doe@example.com. " + "Prose goes on. " * 60, '{"contact": "x@y.org"}'),
            card(2, "secret of a gated model"),
            card(3, "text of a model that is gone"),
            card(4, HOSTILE),
        ],
        github.reuse_repository: [
            {"id": 1, "host": "github.com", "owner": "o", "name": "r", "url": "https://github.com/o/r",
             "description": "mail: me@example.net", "homepage_url": "mailto:me@example.net", "shard_id": 1},
        ],
        ledger.reject: [{"id": 1, "shard_id": 1, "line": 5, "field": "", "key": HOSTILE, "reason": f"bad {HOSTILE}"}],
    }  # fmt: skip


def asked(dist: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(dist / "peatmoss.db") as connection:
        return connection.execute(sql).fetchall()


def sums(dist: Path) -> dict[str, str]:
    found = {}
    for path in dist.rglob("*"):
        if path.is_file():
            found[path.relative_to(dist).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def test_a_release_has_four_files_whose_checksums_verify(demo: str, tmp_path: Path) -> None:
    summary = run(demo, tmp_path / "dist")
    assert sorted(path.name for path in summary.dist.iterdir()) == FILES
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=summary.dist, check=True)


def test_two_builds_in_two_places_have_the_same_bytes(demo: str, tmp_path: Path) -> None:
    run(demo, tmp_path / "here")
    other = tmp_path / "other.db"
    with sqlite3.connect(demo.removeprefix("sqlite:///")) as connection:  # other page layout, same rows
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("VACUUM INTO ?", (str(other),))
    run(f"sqlite:///{other}", tmp_path / "there" / "deep er")
    assert sums(tmp_path / "here") == sums(tmp_path / "there" / "deep er")


def test_the_order_in_which_rows_were_written_does_not_show(tmp_path: Path, sqlite_template: Path) -> None:
    for name, turn in (("a", 1), ("b", -1)):
        shutil.copyfile(sqlite_template, tmp_path / f"{name}.db")
        fill(f"sqlite:///{tmp_path / name}.db", {table: values[::turn] for table, values in story().items()})
        run(f"sqlite:///{tmp_path / name}.db", tmp_path / name)
    assert sums(tmp_path / "a") == sums(tmp_path / "b")


def test_sqlite_and_postgresql_give_the_same_bytes(tmp_path: Path, sqlite_template: Path, database: str) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "sqlite.db")
    for url, place in ((database, "a"), (f"sqlite:///{tmp_path / 'sqlite.db'}", "b")):
        fill(url, story())
        run(url, tmp_path / place)
    assert sums(tmp_path / "a") == sums(tmp_path / "b")


@pytest.mark.slow
def test_the_corpus_gives_the_same_bytes_from_postgresql(demo: str, database: str, tmp_path: Path) -> None:
    source, target = create_engine(demo), create_engine(database)
    with source.connect() as old, target.begin() as new:
        for table in metadata.sorted_tables:
            if found := [dict(row) for row in old.execute(table.select()).mappings()]:
                new.execute(insert(table), found)
    source.dispose()
    target.dispose()
    run(demo, tmp_path / "a")
    run(database, tmp_path / "b")
    assert sums(tmp_path / "a") == sums(tmp_path / "b")


def test_a_release_holds_no_address_and_no_withheld_card(database: str, tmp_path: Path) -> None:
    fill(database, story())
    dist = run(database, tmp_path / "dist").dist
    assert asked(dist, "SELECT snapshot_id, front_matter FROM card ORDER BY 1") == [
        (1, '{"contact": "[e-mail]"}'),
        (4, None),
    ]
    (body,) = asked(dist, "SELECT body FROM card WHERE snapshot_id = 1")[0]
    assert body.startswith("Write to [e-mail]. Prose goes on.")
    assert 240 <= len(body) <= 301
    assert body.endswith(" goes…")
    assert asked(dist, "SELECT name FROM license ORDER BY id") == [
        ("mit",),
        ("ask <[e-mail 2]>",),
        ("ask <[e-mail 3]>",),
    ]
    assert asked(dist, "SELECT description, homepage_url FROM reuse_repository") == [
        ("mail: [e-mail]", "mailto:[e-mail]")
    ]
    for path in dist.iterdir():
        content = path.read_bytes()
        for secret in (b"example.com", b"example.net", b"@b.org", b"@y.org", b"secret of", b"text of a model"):
            assert secret not in content


def test_rows_arrive_whole(database: str, tmp_path: Path) -> None:
    fill(database, story())
    dist = run(database, tmp_path / "dist").dist
    assert asked(dist, "SELECT context_id, has_snapshot, created_at FROM model WHERE id = 4") == [
        (HOSTILE, 1, "2023-01-02T03:04:05Z")
    ]
    assert [path for (path,) in asked(dist, "SELECT path FROM snapshot_file")] == ["Z.txt", "_", "a.txt", "é.txt"]
    present = {name for (name,) in asked(dist, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert present >= {table.name for table in metadata.sorted_tables} - set(LEDGER)
    assert not present & {*LEDGER, "alembic_version"}


def test_late_values_after_many_unknown_ones_arrive(tmp_path: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'a.db')}"
    content = story()
    content[hub.model] += [model(n, f"o/{n}", sha="x" if n == 3000 else None) for n in range(10, 3001)]
    fill(url, content)
    dist = run(url, tmp_path / "dist").dist
    assert asked(dist, "SELECT id, sha FROM model WHERE sha IS NOT NULL") == [(3000, "x")]


def test_search_and_statistics_answer(demo: str, tmp_path: Path) -> None:
    dist = run(demo, tmp_path / "dist").dist
    for table in FTS:
        assert asked(dist, f"SELECT COUNT(*) FROM {table}_fts") == asked(dist, f"SELECT COUNT(*) FROM {table}")
    found = asked(
        dist, "SELECT context_id FROM model WHERE id IN (SELECT rowid FROM model_fts WHERE model_fts MATCH 'bert')"
    )
    assert ("google-bert/bert-base-uncased",) in found
    total, null = asked(
        dist, "SELECT total_rows, num_null FROM _analyze_tables_ WHERE \"table\" = 'model' AND \"column\" = 'gated'"
    )[0]
    assert asked(dist, "SELECT COUNT(*), COUNT(*) - COUNT(gated) FROM model") == [(total, null)]


def test_every_view_answers_and_names_its_columns(demo: str, tmp_path: Path) -> None:
    dist = run(demo, tmp_path / "dist").dist
    with sqlite3.connect(dist / "peatmoss.db") as connection:
        for view in views():
            cursor = connection.execute(f"SELECT * FROM {view.name} LIMIT 3")
            assert [column[0] for column in cursor.description] == list(view.columns), view.name
            assert view.comment.endswith("."), view.name
    assert {v.name for v in views()} == {
        name for (name,) in asked(dist, "SELECT name FROM sqlite_master WHERE type = 'view'")
    }


def test_views_say_what_the_tables_hold(tmp_path: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'a.db')}"
    fill(url, story())
    dist = run(url, tmp_path / "dist").dist
    assert asked(dist, "SELECT * FROM supply_chain_edge ORDER BY from_name") == [
        ("model", "no/where", "unknown", "model", "owner/gone", 0),
        ("model", "owner/base", "finetune", "model", HOSTILE, 1),
    ]
    assert asked(dist, "SELECT base_license, derived_license, comparison FROM license_of_base_and_derived") == [
        ("mit", None, "base declares only")
    ]
    assert asked(dist, "SELECT * FROM base_model_unresolved") == [("no/where", 1, "owner/gone")]
    assert asked(dist, "SELECT kind, record_count, loaded_count, reject_count FROM freshness") == [("model", 5, 4, 1)]


def test_the_manifest_says_what_went_in(demo: str, tmp_path: Path) -> None:
    dist = run(demo, tmp_path / "dist").dist
    manifest = json.loads((dist / "MANIFEST.json").read_text("utf-8"))
    assert [s["name"] for s in manifest["shards"]] == [
        name for (name,) in rows(demo, "SELECT name FROM shard ORDER BY name")
    ]
    assert all(s["records"] == s["loaded"] + s["rejected"] for s in manifest["shards"])
    assert manifest["tables"] == {t.name: asked(dist, f"SELECT COUNT(*) FROM {t.name}")[0][0] for t in tables()}
    assert manifest["as_of"]["newest"] == asked(dist, "SELECT MAX(as_of) FROM shard")[0][0]
    assert {"sqlite", "polars", "sqlite-utils"} <= set(manifest["versions"])


@pytest.mark.parametrize(
    ("source", "coverage", "expected"),
    [({"demonstration": True}, "complete", False), ({}, "filter", None), ({}, "complete", True)],
)
def test_a_release_claims_to_be_representative_only_if_it_is(
    source: dict[str, Any], coverage: str, expected: bool | None, tmp_path: Path, sqlite_template: Path
) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'a.db')}"
    content = story(**source)
    content[ledger.shard][0]["coverage"] = coverage
    fill(url, content)
    assert run(url, tmp_path / "dist").manifest["representative"] is expected


def test_the_dictionary_describes_everything(demo: str, tmp_path: Path) -> None:
    summary = run(demo, tmp_path / "dist")
    text = (summary.dist / "DICTIONARY.md").read_text("utf-8")
    for table in tables():
        section = text.split(f"\n### {table.name}\n")[1].split("\n### ")[0]
        assert all(f"| `{column.name}` |" in section for column in table.columns), table.name
    for view in views():
        section = text.split(f"\n### {view.name}\n")[1].split("\n#")[0]
        assert all(f"| `{name}` |" in section for name in view.columns), view.name
    assert all(f"| `{check['name']}` |" in text for check in summary.manifest["checks"])


def test_the_summary_is_short_safe_to_print_and_its_commands_work(tmp_path: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'a.db')}"
    fill(url, story())
    summary = run(url, tmp_path / "di st")
    shown = lines(summary)
    assert len(shown) <= 20
    assert all(line.isprintable() for line in shown)
    for command in [line for line in shown if "peatmoss.db" in line and "SELECT" in line]:
        answer = subprocess.run(command, shell=True, check=True, capture_output=True, text=True)  # noqa: S602
        assert answer.stdout.strip()
    json.dumps(plain(summary))


def test_a_failing_check_prevents_the_release_and_shows_examples(database: str, tmp_path: Path) -> None:
    content = story()
    fill(database, content)
    old = sums(run(database, tmp_path / "dist").dist)
    fill(database, {hub.model: [model(9, "o/broken", likes=-1), model(10, "o/\x1b[31m", likes=-2)]})
    with pytest.raises(CheckFailed, match=r"numbers_are_not_negative \(2 rows; .*o/broken") as caught:
        run(database, tmp_path / "dist")
    assert "\x1b" not in str(caught.value)
    assert sums(tmp_path / "dist") == old


def test_a_row_that_points_nowhere_prevents_the_release(tmp_path: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'a.db')}"
    fill(url, story() | {reuse.reuse_file: [{"id": 1, "path": "a", "model_id": 77, "reuse_repository_id": 1}]})
    with pytest.raises(CheckFailed, match=r"reuse_file points to a row of model that does not exist"):
        run(url, tmp_path / "dist")
    assert list((tmp_path / "dist").iterdir()) == []


def test_warnings_stand_in_the_manifest(tmp_path: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'a.db')}"
    fill(url, story() | {hub.model_to_author: []})
    found = {check["name"]: check["found"] for check in run(url, tmp_path / "dist").manifest["checks"]}
    assert found["model_without_author"] == 4


def test_a_database_that_is_not_completely_loaded_is_refused(database: str, tmp_path: Path) -> None:
    with pytest.raises(PeatmossError, match="something_was_loaded"):
        run(database, tmp_path / "dist")
    fill(
        database,
        story() | {ledger.checkpoint: [{"id": 1, "shard": "model/a.jsonl", "batch_count": 2, "state": "open"}]},
    )
    with pytest.raises(PeatmossError, match=r"model/a\.jsonl is not completely loaded .*peatmoss load"):
        run(database, tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


def test_a_database_that_was_not_migrated_is_refused(empty_database: str, tmp_path: Path) -> None:
    with pytest.raises(PeatmossError, match=r"no such database|is empty"):
        run(empty_database, tmp_path / "dist")
    assert not (tmp_path / "test.db").exists()


def _release(url: str, dist: Path, **options: Any) -> "subprocess.Popen[str]":
    code = "import sys; from pathlib import Path; from peatmoss.release import run; from peatmoss.errors import *\n"
    code += "try: run(sys.argv[1], Path(sys.argv[2]))\nexcept PeatmossError as e: sys.exit(f'{type(e).__name__}: {e}')"
    return subprocess.Popen([sys.executable, "-c", code, url, str(dist)], stderr=subprocess.PIPE, text=True, **options)


def test_a_full_disk_leaves_the_old_release(demo: str, tmp_path: Path) -> None:
    old = sums(run(demo, tmp_path / "dist").dist)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    process = _release(demo, tmp_path / "dist", preexec_fn=limited)
    message = process.communicate()[1]
    assert process.returncode == 1
    assert message.startswith("SourceError: ")
    assert len(message.splitlines()) == 1
    assert sums(tmp_path / "dist") == old


def test_a_folder_that_cannot_be_written_is_one_clear_line(demo: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceError, match="cannot write the release to"):
        run(demo, tmp_path / "file")


@pytest.mark.slow
def test_a_killed_release_leaves_the_old_one_and_no_rubbish(demo: str, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    old = sums(run(demo, dist).dist)
    (dist / ".build").mkdir()
    (dist / ".build" / "work.sqlite").write_text("of the caller")
    with sqlite3.connect(demo.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE model SET likes = COALESCE(likes, 0) + 1")
    for tenths in range(5, 17):
        process = _release(demo, dist)
        try:
            process.wait(tenths / 10)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=dist, check=True)
    run(demo, dist)
    new = sums(dist)
    assert new.pop(".build/work.sqlite")
    assert new != old
    assert sorted(new) == FILES
