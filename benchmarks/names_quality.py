"""How good the reading of names is on the development data, owners that were looked at and owners held out apart.

    python -m benchmarks.names_quality [FOLDER]        (default: PEATMOSS_REAL_DATA or ../shared/data)

Prints: conventions (accuracy, beside the best language model's 0.86 and the 0.90 of two people); spans (token accuracy and
F1 per code, S and P as one); hard flags on mined conflicts and consistent names; synthetic swaps; parameter claims.
Silver labels are a language model's; goals are of the study. "by owner": the mean over owners.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from peatmoss.analyze.names import judge
from peatmoss.parse.name import convention, parse
from peatmoss.parse.name.evidence import Evidence, Finding
from peatmoss.parse.name.lexicon import families

SWAPS = 500
SEED = 7


def owner(model_id: str) -> str:
    """The account."""
    return model_id.split("/")[0].lower()


def held_out(model_id: str) -> bool:
    """A quarter of the owners, by hash: no rule was made from their names."""
    return zlib.crc32(owner(model_id).encode()) % 4 == 0


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file, packed or not."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    yield from csv.DictReader(raw.decode("utf-8").splitlines())


def conventions(data: Path) -> None:
    """Accuracy against the labels of people."""
    found = [(row["name"], row["label"]) for row in rows(data / "names" / "convention_dev_224.csv")]
    right = [convention(name) == label for name, label in found]
    print(f"convention: {sum(right)}/{len(right)} = {sum(right) / len(right):.3f} (goal 0.86; all names were seen)")


def spans(data: Path, part: bool) -> None:
    """Token accuracy and F1 against the silver labels."""
    right: Counter[str] = Counter()
    counts: Counter[tuple[str, str]] = Counter()
    tokens: Counter[str] = Counter()
    for row in rows(data / "names" / "element_spans_o4mini_9510_half.csv.gz"):
        name = row["repo_id"]
        if held_out(name) != part:
            continue
        found = parse(name)
        at = name.find("/") + 1
        for piece in row["spans"].split("|"):
            text, _, gold = piece.rpartition("=")
            start = found.name.find(text, at)
            if start < 0:
                continue
            at = start + len(text)
            for token in re.finditer(r"[^-_. /]+", text):
                middle = start + token.start()
                mine = next((span.code for span in found.spans if span.start <= middle < span.end), "O")
                one, other = ("S" if code == "P" else code for code in (gold, mine))
                counts[one, other] += 1
                tokens[owner(name)] += 1
                right[owner(name)] += one == other
    total = sum(counts.values())
    by_owner = sum(right[key] / tokens[key] for key in tokens) / len(tokens)
    f1 = {code: round(_f1(counts, code), 3) for code in "SVLWADTFRCNHMO"}
    accuracy = sum(right.values()) / total
    print(
        f"spans, {'held-out' if part else 'seen'} owners: {total:,} tokens, {accuracy:.3f} right (goal 0.88), by owner {by_owner:.3f}; F1 {f1}"
    )


def _f1(counts: Counter[tuple[str, str]], code: str) -> float:
    hit = counts[code, code]
    gold = sum(n for (one, _), n in counts.items() if one == code)
    mine = sum(n for (_, other), n in counts.items() if other == code)
    return 2 * hit / (gold + mine) if gold + mine else 0.0


def flags(data: Path, part: bool) -> None:
    """Hard flags against the mined conflicts."""
    verdicts = {row["repo_id"]: row["verdict_silver"] for row in rows(data / "names" / "anomaly_candidates_dev.csv")}
    table: dict[str, Counter[str]] = defaultdict(Counter)
    owners: dict[str, list[bool]] = defaultdict(list)
    for row in rows(data / "names" / "name_arch_pool_15223_half.csv.gz"):
        if held_out(row["repo_id"]) != part:
            continue
        kind = verdicts.get(row["repo_id"], "?") if row["status"] == "conflict" else row["status"]
        found = _severity(judge(Evidence(row["repo_id"], architectures=(row["declared_arch"],))), ("I1", "I2"))
        table[kind][found] += 1
        if kind in ("anomaly_hard", "consistent"):
            owners[owner(row["repo_id"])].append((found == "hard") == (kind == "anomaly_hard"))
    hard, consistent = table["anomaly_hard"], table["consistent"]
    others = sum(count["hard"] for kind, count in table.items() if kind not in ("anomaly_hard", "no_claim", "unmapped"))
    precision = hard["hard"] / max(1, hard["hard"] + others)
    print(
        f"hard flags, {'held-out' if part else 'seen'} owners: recall {hard['hard']}/{hard.total()}, precision {precision:.3f},"
        f" false positives {consistent['hard']}/{consistent.total()}, by owner {sum(sum(v) / len(v) for v in owners.values()) / len(owners):.4f}"
    )
    for kind, count in sorted(table.items()):
        print(f"    {kind}: {dict(count)}")


def _severity(found: Iterable[Finding], kinds: tuple[str, ...]) -> str:
    severities = [finding.severity for finding in found if finding.kind in kinds]
    return next((each for each in ("hard", "soft", "info") if each in severities), "none")


_SWAP_FAMILIES = (
    "bert",
    "roberta",
    "distilbert",
    "gpt2",
    "t5",
    "electra",
    "deberta",
    "wav2vec2",
    "whisper",
    "vit",
    "bart",
    "albert",
    "llama",
)


def swaps(data: Path) -> None:
    """Change one word of a name whose content is known, and see whether its own kind is found."""
    rng = random.Random(SEED)  # noqa: S311
    models = list(_models(data))
    for what, kinds, change in (
        ("family", ("I1", "I2"), _swap_family), ("size", ("I4", "I5"), _swap_size),
        ("format", ("I7",), _swap_format), ("language", ("I9",), _swap_language),
    ):  # fmt: skip
        rng.shuffle(models)
        changed = [pair for model in models if (pair := change(model, rng))][:SWAPS]
        hits = [any(finding.kind in kinds for finding in judge(evidence)) for evidence in changed]
        before = [any(finding.kind in kinds for finding in judge(model)) for model in models[:SWAPS]]
        owners = defaultdict(list)
        for evidence, hit in zip(changed, hits, strict=True):
            owners[owner(evidence.id)].append(hit)
        mean = sum(sum(v) / len(v) for v in owners.values()) / len(owners)
        print(
            f"swap {what}: {sum(hits)}/{len(hits)} = {sum(hits) / len(hits):.3f} found (goal 0.90), by owner {mean:.3f}; unchanged models {sum(before)}/{len(before)}"
        )


def _models(data: Path) -> Iterator[Evidence]:
    for name in ("hub_2022-02_models.jsonl.gz", "hub_2025-04_models_with_cards.jsonl.gz"):
        with gzip.open(data / "hub" / name, "rt", encoding="utf-8") as file:
            for line in file:
                body = json.loads(line)
                facts = _facts(body.get("metadata") or body)
                if facts:
                    yield facts


def _facts(body: dict[str, Any]) -> Evidence | None:
    config = body.get("config") or {}
    name = body.get("modelId") or body.get("id")
    tags = body.get("tags") or []
    files = [f["rfilename"] if isinstance(f, dict) else f.split("'")[1] for f in body.get("siblings") or [] if f]
    count = (body.get("safetensors") or {}).get("total") if isinstance(body.get("safetensors"), dict) else None
    languages = tuple(tag for tag in tags if re.fullmatch(r"[a-z]{2}", tag))
    if not isinstance(config, dict) or not name:
        return None
    return Evidence(
        name,
        tuple(config.get("architectures") or ()),
        config.get("model_type") or "",
        "",
        count,
        tuple(files),
        languages=languages,
    )


def _swap_family(model: Evidence, rng: random.Random) -> Evidence | None:
    if not model.model_type:
        return None
    found = [span for span in parse(model.id).spans if span.element == "architecture" and span.value in families()]
    if len(found) != 1 or families()[found[0].value].model_types[:1] != (model.model_type,):
        return None
    other = rng.choice([word for word in _SWAP_FAMILIES if families()[word].model_types[0] != model.model_type])
    return model._replace(id=model.id[: found[0].start] + other + model.id[found[0].end :])


_SIZES = {"base": "large", "large": "base", "small": "large", "tiny": "large"}
_KNOWN_SIZES = {
    ("bert", "base"): 109_482_240, ("bert", "large"): 335_141_888, ("roberta", "base"): 124_645_632, ("roberta", "large"): 355_359_744,
    ("t5", "small"): 60_506_624, ("t5", "base"): 222_903_552, ("electra", "small"): 13_548_800, ("electra", "base"): 108_891_648,
    ("wav2vec2", "base"): 94_371_712, ("wav2vec2", "large"): 315_438_720, ("xlm-roberta", "base"): 278_043_648,
}  # fmt: skip


def _swap_size(model: Evidence, rng: random.Random) -> Evidence | None:
    spans = [span for span in parse(model.id).spans if span.code in "SP" and span.element in ("size", "parameters")]
    if len(spans) != 1:
        return None
    text = spans[0].text.lower()
    count = model.parameters or _KNOWN_SIZES.get((model.model_type, text))
    other = {"7b": "70b", "8b": "1b", "1b": "13b", "14b": "3b", "32b": "7b"}.get(text) or _SIZES.get(text)
    if not count or not other:
        return None
    return model._replace(id=model.id[: spans[0].start] + other + model.id[spans[0].end :], parameters=count)


def _swap_format(model: Evidence, rng: random.Random) -> Evidence | None:
    endings = {"gguf": ".gguf", "onnx": ".onnx", "safetensors": ".safetensors", "tflite": ".tflite"}
    absent = [word for word, end in endings.items() if not any(file.endswith(end) for file in model.files)]
    if not absent or not any(file.endswith((".bin", ".safetensors", ".gguf", ".h5")) for file in model.files):
        return None
    found = [span for span in parse(model.id).spans if span.element == "format"]
    word = rng.choice(absent)
    if found:
        return model._replace(id=model.id[: found[0].start] + word + model.id[found[0].end :])
    return model._replace(id=f"{model.id}-{word}")


_LANGUAGES = {
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "ja": "japanese",
    "ko": "korean",
    "fi": "finnish",
    "tr": "turkish",
    "ar": "arabic",
}


def _swap_language(model: Evidence, rng: random.Random) -> Evidence | None:
    found = [span for span in parse(model.id).spans if span.element == "language"]
    if len(found) != 1 or not model.languages or found[0].value not in model.languages:
        return None
    others = [code for code in _LANGUAGES if code not in model.languages]
    code = rng.choice(others)
    other = code if len(found[0].text) == 2 else _LANGUAGES[code]
    return model._replace(id=model.id[: found[0].start] + other + model.id[found[0].end :])


def parameters(data: Path) -> None:
    """Claims against counted parameters."""
    for file, key, value in (
        ("params_timm_models", "hf_hub_id", "params"), ("params_mteb_models", "name", "n_parameters"),
        ("params_llmfit_models", "name", "parameters_raw"),
    ):  # fmt: skip
        counts: Counter[str] = Counter()
        with gzip.open(data / "architectures" / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                number = row[value]
                if not isinstance(number, int | float) or not row.get(key):
                    counts["not counted"] += 1
                    continue
                found = judge(Evidence(row[key], parameters=int(number)))
                claimed = any(span.element in ("parameters", "moe") for span in parse(row[key]).spans)
                counts[_severity(found, ("I4",)) if claimed else "no claim"] += 1
        claims = sum(counts[each] for each in ("hard", "soft", "info", "none"))
        print(
            f"parameters, {file}: {claims} claims, {counts['none'] / max(1, claims):.3f} without a finding; {dict(counts)}"
        )


def main(data: Path) -> None:
    """Everything."""
    conventions(data)
    for part in (False, True):
        spans(data, part)
    for part in (False, True):
        flags(data, part)
    swaps(data)
    parameters(data)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PEATMOSS_REAL_DATA", "../shared/data")))
