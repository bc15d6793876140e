"""Queries that were published for PeaTMOSS (2023) run unchanged on a release.

Sources, quoted as published interface: README.md and Examples/PeaTMOSS_demo.py of PurdueDualityLab/PeaTMOSS-Demos
(questions GH2 and I1), and Plots/script_plot.py and Plots/fig8.ipynb, fig9.ipynb of PurdueDualityLab/PeaTMOSS-Artifact
(both Apache-2.0).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peatmoss import link, release
from peatmoss.schema import github, hub, reuse
from tests.conftest import fill

T = datetime(2024, 1, 1, tzinfo=UTC)

README_ISSUES = "SELECT id, title FROM github_issue WHERE state = 'OPEN' ORDER BY updated_at DESC LIMIT 100;"
README_PULL_REQUESTS = (
    "SELECT id, title FROM github_pull_request WHERE state = 'OPEN' OR state = 'MERGED'"
    " ORDER BY updated_at DESC LIMIT 100;"
)
DEMO_DOWNLOADS = """
        SELECT id, context_id, downloads FROM Model
        ORDER BY downloads DESC
        LIMIT 100
"""
DEMO_REUSE = """
            SELECT model_id FROM model_to_reuse_repository
            WHERE model_id = {insert model id here}
"""
DEMO_ALL = "SELECT * FROM Model"
PLOT_TAGS_OVER_TIME = """
        SELECT tag.name,hf_commit.created_at
        FROM model
        INNER JOIN model_to_tag ON model.id = model_to_tag.model_id
        INNER JOIN tag ON model_to_tag.tag_id = tag.id
        INNER JOIN hf_commit ON hf_commit.model_id = model.id
        WHERE model.model_hub_id = 1
"""
PLOT_REUSE_BY_TAG = """
        SELECT 
            tag.name AS TagName,
            COUNT(DISTINCT model_to_reuse_repository.reuse_repository_id) AS number
        FROM 
            model
        INNER JOIN model_to_tag ON model.id = model_to_tag.model_id
        INNER JOIN tag ON model_to_tag.tag_id = tag.id
        INNER JOIN model_to_reuse_repository ON model.id = model_to_reuse_repository.model_id
        WHERE 
            model.model_hub_id = 1
        GROUP BY 
            tag.name;
"""  # noqa: W291 - as published
PLOT_TAGS = """
        SELECT 
            model.id, tag.name
        FROM 
            model
        INNER JOIN model_to_tag ON model.id = model_to_tag.model_id
        INNER JOIN tag ON model_to_tag.tag_id = tag.id
        WHERE 
            model.model_hub_id = 2
"""  # noqa: W291 - as published
PLOT_COMMITS = """
          SELECT model.repo_url, hf_commit.created_at
          FROM model
          INNER JOIN hf_commit ON hf_commit.model_id = model.id
          WHERE model.repo_url IN ('https://huggingface.co/google-bert/bert-base-uncased')
"""
FIG9_REPOSITORIES = """
        SELECT 
            reuse_repository.id, 
            GROUP_CONCAT(tag.name) AS tags
        FROM 
            model
        INNER JOIN model_to_tag ON model.id = model_to_tag.model_id
        INNER JOIN tag ON model_to_tag.tag_id = tag.id
        INNER JOIN model_to_reuse_repository ON model.id = model_to_reuse_repository.model_id
        INNER JOIN reuse_repository ON reuse_repository.id = model_to_reuse_repository.reuse_repository_id
        WHERE 
            model.model_hub_id = 1
        GROUP BY reuse_repository.id
"""  # noqa: W291 - as published


@pytest.fixture(scope="module")
def released(_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A release of the corpus and of some rows of the kinds that it does not hold."""
    folder = tmp_path_factory.mktemp("queries")
    (folder / "work.db").write_bytes(_demo.read_bytes())
    url = f"sqlite:///{folder}/work.db"
    with closing(sqlite3.connect(folder / "work.db")) as connection:
        query = "SELECT id FROM model WHERE context_id = 'google-bert/bert-base-uncased'"
        (bert,) = connection.execute(query).fetchone()
    issue = {"shard_id": 1, "updated_at": T}
    usage = {"ordinal": 1, "hub": "hf", "method": "literal", "confidence": 1.0, "role": "load", "path_class": "src"}
    fill(
        url,
        {
            hub.hf_commit: [{"id": 10**6, "commit_id": "c0", "created_at": T, "model_id": bert, "shard_id": 1}],
            github.github_issue: [
                {**issue, "id": 10**6, "url": "u1", "number": 1, "title": "Slow", "state": "OPEN"},
                {**issue, "id": 10**6 + 1, "url": "u2", "number": 2, "title": "Done", "state": "CLOSED"},
            ],
            github.github_pull_request: [
                {**issue, "id": 10**6 + n, "url": f"p{n}", "number": n, "title": state, "state": state}
                for n, state in enumerate(("OPEN", "MERGED", "CLOSED"), 1)
            ],
            reuse.repository_scan: [
                {"id": 10**6, "reuse_repository_id": 1, "commit_sha": "c", "detector_version": "1", "status": "scanned",
                 "file_count": 1, "size_bytes": 1, "scanned_at": T, "shard_id": 1}
            ],
            reuse.usage: [
                {**usage, "id": 10**6, "repository_scan_id": 10**6, "path": "a.py", "line": 1, "is_used": True,
                 "resolved_name": "bert-base-uncased"}
            ],
        },
    )  # fmt: skip
    link.run(url)
    release.run(url, folder / "dist")
    with closing(sqlite3.connect(f"file:{folder / 'dist' / 'peatmoss.db'}?mode=ro", uri=True)) as connection:
        yield connection


def test_issues_and_pull_requests_of_the_readme(released: sqlite3.Connection) -> None:
    assert released.execute(README_ISSUES).fetchall() == [(10**6, "Slow")]
    titles = {title for _, title in released.execute(README_PULL_REQUESTS)}
    assert titles == {"OPEN", "MERGED", "(in our words) Another model as the default"}


def test_downloads_and_reuse_of_the_demo(released: sqlite3.Connection) -> None:
    models = released.execute(DEMO_DOWNLOADS).fetchall()
    assert len(models) == 100
    assert models == sorted(models, key=lambda m: -m[2])
    reuses = {
        name: len(released.execute(DEMO_REUSE.replace("{insert model id here}", str(id_))).fetchall())
        for id_, name, _ in released.execute("SELECT id, context_id, downloads FROM Model").fetchall()
    }
    counted = "SELECT COUNT(*) FROM model_to_reuse_repository"
    assert sum(reuses.values()) == released.execute(counted).fetchone()[0]
    assert reuses["google-bert/bert-base-uncased"] > 0
    cursor = released.execute(DEMO_ALL)
    published = {"id", "context_id", "model_hub_id", "sha", "repo_url", "downloads", "likes", "has_snapshot"}
    assert published <= {column[0] for column in cursor.description}


def test_joins_of_the_plots(released: sqlite3.Connection) -> None:
    over_time = released.execute(PLOT_TAGS_OVER_TIME).fetchall()
    assert "2024-01" in {created_at[:7] for _, created_at in over_time}  # the plots cut year and month out
    by_tag = dict(released.execute(PLOT_REUSE_BY_TAG).fetchall())
    assert by_tag["transformers"] > 1
    assert len(released.execute(PLOT_TAGS).fetchall()) > 0
    assert released.execute(PLOT_COMMITS).fetchall() == [
        ("https://huggingface.co/google-bert/bert-base-uncased", "2024-01-01T00:00:00Z")
    ]
    repositories = dict(released.execute(FIG9_REPOSITORIES).fetchall())
    assert set(",".join(repositories.values()).split(",")) == set(by_tag)


def test_hubs_have_their_published_numbers(released: sqlite3.Connection) -> None:
    hubs = released.execute("SELECT id, name FROM model_hub ORDER BY id").fetchall()
    assert hubs[:2] == [(1, "HuggingFace"), (2, "PyTorch")]
