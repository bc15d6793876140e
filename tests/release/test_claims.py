"""What cards claim beside what LICENSE files and the hub's evaluation results say."""

import shutil
from pathlib import Path
from typing import Any

from peatmoss.release import run
from peatmoss.schema import cards, hub, license
from tests.conftest import fill
from tests.release.test_run import DAY, asked, story


def _claim(number: int, source: str, raw: str, expression: str, place: str) -> dict[str, Any]:
    return {
        "id": number, "artifact_kind": "model", "artifact": "no/where", "component": "weights", "source": source,
        "raw": raw, "expression": expression, "place": place, "claimed_at": DAY, "model_id": 1, "shard_id": 1,
    }  # fmt: skip


def _value(position: int, dataset: str, value: str) -> dict[str, Any]:
    return {
        "snapshot_id": 50, "extractor": "rules", "position": position, "field": "evaluation", "name": "accuracy",
        "value": value, "number": float(value), "unit": "percent", "dataset": dataset, "char_start": 1, "char_end": 5,
        "method": "table", "confidence": 0.9, "is_chosen": True,
    }  # fmt: skip


def _result(position: int, dataset: str, value: float) -> dict[str, Any]:
    return {
        "model_id": 1, "declared_in": "eval_results", "position": position, "dataset_id": dataset,
        "value_text": str(value), "value": value, "is_verified": False,
    }  # fmt: skip


def test_a_card_beside_its_license_file_and_beside_the_results_of_the_hub(
    tmp_path: Path, sqlite_template: Path
) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'a.db')}"
    content = story()
    name = next(row["context_id"] for row in content[hub.model] if row["id"] == 1)
    fill(url, content | {
        hub.snapshot: [
            *content.get(hub.snapshot, []), {"id": 50, "model_id": 1, "revision": "5" * 40, "as_of": DAY, "shard_id": 1}
        ],
        cards.card_value: [_value(1, "squad", "91"), _value(2, "GLUE", "80"), _value(3, "unseen", "70")],
        hub.evaluation_result: [_result(1, "squad", 0.91), _result(2, "glue", 0.7)],
        license.license_claim: [
            _claim(1, "card", "mit", "MIT", "license"), _claim(2, "file", "00", "Apache-2.0", "LICENSE"),
            _claim(3, "file", "01", "NOASSERTION", "NOTICE"),
        ],
    })  # fmt: skip
    dist = run(url, tmp_path / "dist").dist
    found = asked(
        dist,
        "SELECT model, subject, name, claimed, actual, actual_source, verdict FROM claimed_and_actual"
        " ORDER BY subject, name",
    )
    assert found == [
        (name, "evaluation", "accuracy on GLUE", "80 percent", "0.7", "evaluation results", "differs"),
        (name, "evaluation", "accuracy on squad", "91 percent", "0.91", "evaluation results", "agrees"),
        (name, "license", None, "mit", "Apache-2.0", "license file", "differs"),
    ]
