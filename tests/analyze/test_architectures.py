"""From an archived snapshot to a prediction: fingerprints at load, verdicts at analysis, on both databases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from peatmoss import analyze, load
from peatmoss.parse.registry import registry
from tests.archives import day, put
from tests.conftest import rows


def tensors(name: str, layers: int = 2) -> dict[str, Any]:
    """Tensors as a class of the registry has them."""
    known = next(each for each in registry().known if each.name == name)
    return {
        pattern.replace("*", str(layer), 1).replace("*", "0"): {"dtype": "F32", "shape": list(shape)}
        for pattern, shape in known.shapes.items()
        for layer in range(layers if "*" in pattern else 1)
    }


def record(name: str, of: str, config: dict[str, Any]) -> dict[str, Any]:
    """A snapshot whose headers are those of a class."""
    head = {"format": "safetensors", "metadata": {}, "tensors": tensors(of), "header_bytes": 900}
    files = [{"type": "file", "path": path, "size": 10} for path in ("config.json", "model.safetensors")]
    contents = {"config.json": json.dumps(config)}
    return {
        "modelId": name,
        "sha": "a" * 40,
        "files": files,
        "contents": contents,
        "headers": {"model.safetensors": head},
    }


def test_tensors_are_judged_against_the_declaration_and_the_name(database: str, tmp_path: Path) -> None:
    put(
        tmp_path, "model", day(1), [
            {"modelId": "me/bert-base", "config": {"model_type": "bert", "architectures": ["BertForMaskedLM"]}},
            {"modelId": "me/roberta-base", "config": {"model_type": "roberta"}},
        ],
    )  # fmt: skip
    put(
        tmp_path, "snapshot", day(2), [
            record("me/bert-base", "BertForMaskedLM", {"model_type": "bert", "architectures": ["BertForMaskedLM"]}),
            record("me/roberta-base", "BertForMaskedLM", {"model_type": "roberta"}),
        ],
    )  # fmt: skip
    load.run(tmp_path, database)
    analyze.run(database)
    found = rows(
        database,
        "SELECT m.context_id, f.layer_count, f.hidden_size, f.vocabulary_size, p.declared_model_type,"
        " p.predicted_architecture, p.certainty, p.verdict"
        " FROM model m JOIN snapshot s ON s.model_id = m.id JOIN architecture_fingerprint f ON f.snapshot_id = s.id"
        " JOIN architecture_prediction p ON p.snapshot_id = s.id ORDER BY 1",
    )
    assert found == [
        ("me/bert-base", 2, 768, 30522, "bert", "BertForMaskedLM", "exact", "same"),
        ("me/roberta-base", 2, 768, 30522, "roberta", "BertForMaskedLM", "exact", "contradicted"),
    ]
    before = rows(database, "SELECT * FROM architecture_fingerprint ORDER BY snapshot_id")
    analyze.run(database, ["architectures"])
    assert rows(database, "SELECT * FROM architecture_fingerprint ORDER BY snapshot_id") == before
