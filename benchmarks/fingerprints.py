"""How well tensors tell classes apart: on the registry, and on real configurations.

    python -m benchmarks.fingerprints                               the registry
    python -m benchmarks.fingerprints --configs /tmp/headers.jsonl.gz   also headers of fingerprint_configs.py

"equals" counts a prediction as right if the true label is among the classes that the fingerprint cannot tell apart.
The registry is measured on itself: at its default configurations, which is an upper bound. Real configurations are not in it.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from peatmoss.analyze.architectures import predict
from peatmoss.parse.fingerprint import Fingerprint, fingerprint
from peatmoss.parse.name.evidence import classes
from peatmoss.parse.registry import registry


def levels() -> None:
    """How many classes are alone with their fingerprint at each level."""
    found: dict[str, tuple[str, Fingerprint]] = {}
    for known in registry().known:
        entries = {
            pattern.replace("*", "0"): {"dtype": "F32", "shape": list(shape)} for pattern, shape in known.shapes.items()
        }
        made = fingerprint({"m.safetensors": {"format": "safetensors", "tensors": entries}})
        if made and known.name not in found:
            found[known.name] = (known.model_type, made)
    types = {kind for kind, _ in found.values()}
    for level in ("f0", "f1", "f2", "f3"):
        groups: dict[str, set[str]] = defaultdict(set)
        kinds: dict[str, set[str]] = defaultdict(set)
        for name, (kind, made) in found.items():
            groups[getattr(made, level)].add(name)
            kinds[getattr(made, level)].add(kind)
        alone = sum(len(names) == 1 for names in groups.values())
        sure = {kind for group in kinds.values() if len(group) == 1 for kind in group} - {
            k for g in kinds.values() if len(g) > 1 for k in g
        }
        print(
            f"{level}: {len(found)} classes, {len(groups)} fingerprints, {alone} classes alone; {len(sure)} of {len(types)} model types never shared"
        )


class Score:
    """Right answers per label."""

    def __init__(self, title: str) -> None:
        self.title, self.total, self.right = title, 0, Counter[str]()

    def add(self, shapes: dict[str, tuple[int, ...]], vocabulary: int | None, kind: str, name: str) -> None:
        """One header with its true labels."""
        found = predict(shapes, vocabulary)
        task = classes().get(name, ("", ""))[1]
        equal = found.equals
        self.total += 1
        self.right["model_type"] += found.model_type == kind
        self.right["model_type, equals"] += kind in {classes()[each][0] for each in equal if each in classes()}
        self.right["class"] += found.architecture == name
        self.right["class, equals"] += name in equal
        self.right["task"] += found.task == task or not task
        self.right["exact"] += found.certainty == "exact"
        self.right["unknown"] += found.certainty == "unknown"

    def show(self) -> None:
        """Print the shares."""
        shares = ", ".join(f"{label} {count / self.total:.3f}" for label, count in self.right.items())
        print(f"{self.title}: {self.total} headers; {shares}")


def of_registry() -> None:
    """The registry against itself, without the tensors that files leave out."""
    score = Score("registry")
    for known in registry().known:
        shapes = {pattern: shape for pattern, shape in known.shapes.items() if pattern not in known.tied}
        if shapes:
            vocabulary = next(
                (
                    shape[0]
                    for pattern, shape in shapes.items()
                    if pattern.endswith(
                        ("word_embeddings.weight", "embed_tokens.weight", "wte.weight", "shared.weight")
                    )
                ),
                None,
            )
            score.add(shapes, vocabulary, known.model_type, known.name)
    score.show()


def of_configs(path: Path) -> None:
    """Headers of real configurations."""
    score = Score("real configurations")
    failed: Counter[str] = Counter()
    near = 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            if "tensors" not in row:
                failed[row["error"].split("(")[0]] += 1
                continue
            entries = {name: {"dtype": "BF16", "shape": shape} for name, shape in row["tensors"].items()}
            made = fingerprint({"m.safetensors": {"format": "safetensors", "tensors": entries}})
            if made:
                name = row["architectures"][0]
                score.add(made.shapes, made.vocabulary, row["model_type"] or classes().get(name, ("", ""))[0], name)
                near += abs(made.parameters / row["parameters"] - 1) < 0.01
    score.show()
    print(f"    parameters within 1 %: {near} of {score.total}; not buildable: {sum(failed.values())} {dict(failed)}")


if __name__ == "__main__":
    levels()
    of_registry()
    if "--configs" in sys.argv:
        of_configs(Path(sys.argv[sys.argv.index("--configs") + 1]))
