"""Precision and recall of the card extractor, field by field, on cards that were labelled by hand before it existed.

    python benchmarks/cards_quality.py [--half open|held|second|...|seventh|both|all] [--json] [--show FIELD] [--body]

Labels: tests/parse/card_labels.csv, cards: tests/parse/card_sample.csv (60 cards in each half; the texts come from
PEATMOSS_REAL_DATA). Drawn by seed, stratified by task and year (one card of each), one card an owner: 80 of all cards
(part short), 40 of those with 4,000 to 12,000 characters and no unfilled template (part long). The held half was opened
once, when the rules were done (see README.md); what it taught went into the rules afterwards.

A second sample (62 cards of other owners, half `second`) was drawn by seed and labelled blind after the held half had
been spent: 8 cards for each of the fields with few positives whose trigger words a card holds (part names the field),
10 of all cards (part any). Its labels were committed before the extractor saw the cards.

A third sample (60 cards), a fourth (40) and a fifth (21), again of other owners and drawn by seed from 2022 and 2025:
part any (of all cards with 200 characters or more), part rich (2,500 to 12,000 characters, no unfilled template). Their
labels, too, were committed before the extractor saw the cards. The third and the fourth taught rules after their first
scoring; of the fifth, cards that a check of the new rules by eye had touched were left out.

A sixth sample (30 cards) and a seventh (14), of other owners, most of 2022 (part rich: with a results table or the name
of a metric; the seventh without cards that the Trainer wrote), were
labelled for the fields evaluation, dataset and task only and are scored on these.

kind `must` is to be found; `may` is neither hit nor miss (a reader could say either); `any` says that other values of
that field in that card are not judged (tables of other models, complete configuration files). Values are compared
folded: names without owner, spelling marks and case; numbers as numbers. A value found twice counts once. Fields whose
labels are only `present` are judged by card.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from peatmoss.parse.card import Value, extract
from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.measures import metric

HERE = Path(__file__).parent.parent
LABELS = HERE / "tests" / "parse"
DATA = Path(os.environ.get("PEATMOSS_REAL_DATA", HERE.parent / "shared" / "data"))
PRESENCE = {"limitation", "intended_use", "citation", "grant", "input_format", "output_format"}
FEW = 20
SAMPLES = ("open", "held", "second", "third", "fourth", "fifth", "sixth", "seventh")
HALVES = {
    **{half: (half,) for half in SAMPLES},
    "both": ("open", "held"),
    "all": SAMPLES,
}
LABELLED = {half: {"evaluation", "dataset", "task"} for half in ("sixth", "seventh")}
"""Samples that were labelled for some fields only."""


class Label(NamedTuple):
    """One labelled value."""

    value: str
    kind: str
    role: str


class Score(NamedTuple):
    """Hits, false ones and misses of a field."""

    hits: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """Share of what was found that is right."""
        return self.hits / (self.hits + self.wrong) if self.hits + self.wrong else None

    @property
    def recall(self) -> float | None:
        """Share of what is there that was found."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else None


def texts(wanted: dict[str, str], data: Path) -> dict[str, str]:
    """Model -> card of the labelled ones, checked by hash."""
    found: dict[str, str] = {}
    for model_id, text in cards(data):
        if model_id in wanted and hashlib.sha256(text.encode()).hexdigest()[:12] == wanted[model_id]:
            found[model_id] = text
    return found


def cards(data: Path = DATA) -> Iterator[tuple[str, str]]:
    """(model, card) of all real cards."""
    for name, key, text in (
        ("hub/hub_2022-02_readmes.jsonl.gz", "modelId", "readme"),
        ("hub/hub_2025-04_models_with_cards.jsonl.gz", "model_id", "card"),
    ):
        with gzip.open(data / name, "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                if row.get(text):
                    yield row[key], row[text]


def flat(text: str) -> str:
    """Letters and digits only."""
    return re.sub(r"[\W_]", "", text.lower())


def same(field: str, label: str, value: Value) -> bool:
    """Whether a value is the labelled one."""
    if field in ("parameter_count", "context_length"):
        amount = words.count(label)
        wanted = (amount, amount * 1.024) if amount else ()
        return value.number is not None and any(abs(value.number - w) <= 0.011 * w for w in wanted)
    if field == "carbon_emitted":
        amount, unit = label.split()
        kilograms = float(amount) / (1000 if unit == "g" else 1)
        return value.number is not None and abs(value.number - kilograms) < 1e-6
    if field in ("hyper_parameter", "evaluation"):
        name, _, wanted_text = label.rpartition("=")
        if field == "hyper_parameter":
            known = words.aliases("card_hyper_parameters")
            a, b = (known.get(words.fold(text), text) for text in (name, value.name or ""))
        else:
            a, b = (metric(text) or text for text in (name, value.name or ""))
        if flat(a) != flat(b) and not (
            field == "evaluation" and (flat(name) in flat(value.name or "") or flat(value.name or "") in flat(name))
        ):
            return False
        amount = words.number(wanted_text)
        if amount is not None and value.number is not None:
            return abs(amount - value.number) <= 1e-9 * max(1, abs(amount))
        return flat(wanted_text)[:40] == flat(value.value)[:40]
    if field == "hardware":
        match = re.fullmatch(r"(.*?)(?: x(\d+))?(?: \d+h)?(?: [A-Z].*)?", label)
        device = (
            flat(re.sub(r" x\d+.*| \d+h.*", "", label))
            .replace("nvidia", "")
            .replace("tesla", "")
            .replace("geforce", "")
            .replace("pod", "")
        )
        mine = flat(value.value + value.raw).replace("pod", "")
        device = re.sub(r"google(?=tpu)", "", device)
        digits = re.findall(r"[a-z]*\d+", device) or [device]
        count = re.search(r" x(\d+)", label)
        return (
            digits[0] in mine
            and (not count or (value.number is None and count[1] == "1") or value.number == float(count[1]))
            and match is not None
        )
    if field == "license":
        return flat(words.license_id(label) or label) == flat(value.value) or flat(label) == flat(value.value)
    if field == "paper":
        return (
            value.value.lower().startswith(label.lower())
            if not label.startswith("t:")
            else value.value.lower().startswith("title:") and flat(label[2:]) in flat(value.value)
        )
    if field == "language":
        return label == value.value
    if field == "demo":
        return label.rstrip("/") in value.value or value.value in label
    if field in ("base_model", "dataset"):
        known = words.aliases("card_datasets") if field == "dataset" else {}
        a, b = (known.get(words.fold(text), text) for text in (label, value.value))
        if flat(a) == flat(b) or flat(a.rsplit("/", 1)[-1]) == flat(b.rsplit("/", 1)[-1]):
            return True
        short, long = sorted((flat(a.rsplit("/", 1)[-1]), flat(b.rsplit("/", 1)[-1])), key=len)
        return field == "dataset" and len(short) > 3 and short in long
    return flat(label) == flat(value.value)


def judge(field: str, labels: list[Label], found: list[Value], show: bool, card: str) -> Score:
    """Compare the values of one field of one card."""
    must = [label for label in labels if label.kind == "must"]
    if field in PRESENCE:
        is_there, is_found = bool(must), bool(found)
        free = any(label.kind in ("may", "any") for label in labels)
        score = Score(
            int(is_there and is_found), int(is_found and not is_there and not free), int(is_there and not is_found)
        )
        if show and (score.wrong or score.missed):
            print(f"  {'WRONG' if score.wrong else 'MISSED'} {card}: {[v.raw[:80] for v in found]}")
        return score
    left = list(found)
    hits = missed = 0
    for label in must:
        match = [value for value in found if same(field, label.value, value)]
        if match:
            hits += 1
            left = [value for value in left if value not in match]
        else:
            missed += 1
            if show:
                print(f"  MISSED {card}: {label.value}")
    if any(label.kind == "any" for label in labels):
        left = []
    wrong = [v for v in left if not any(label.kind == "may" and same(field, label.value, v) for label in labels)]
    if show:
        for value in wrong:
            print(f"  WRONG  {card}: {value.name or ''} {value.value!r} ({value.method}: {value.raw[:60]!r})")
    return Score(hits, len(wrong), missed)


def measure(half: str, data: Path, show: Collection[str] = (), body_only: bool = False) -> dict[str, Score]:
    """Field -> score over a half of the sample (or several)."""
    with (LABELS / "card_sample.csv").open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["half"] in HALVES[half]]
    sample = {row["model_id"]: row["sha256"] for row in rows}
    judged = {row["model_id"]: LABELLED.get(row["half"]) for row in rows}
    labels: dict[tuple[str, str], list[Label]] = defaultdict(list)
    with (LABELS / "card_labels.csv").open(newline="") as stream:
        for row in csv.DictReader(stream):
            if row["model_id"] in sample:
                labels[row["model_id"], row["field"]].append(Label(row["value"], row["kind"], row["role"]))
    found = texts(sample, data)
    if missing := set(sample) - set(found):
        raise SystemExit(f"{len(missing)} labelled cards are not in {data}")
    totals: dict[str, list[Score]] = defaultdict(list)
    fields = sorted({field for _, field in labels})
    for name, text in sorted(found.items()):
        values = extract(text, name).values
        for field in fields:
            if (some := judged[name]) and field not in some:
                continue
            wanted = labels.get((name, field), [])
            mine = [value for value in values if value.field == field]
            if body_only and field not in PRESENCE:
                declared = [value for value in mine if value.path is not None]
                mine = [value for value in mine if value.path is None]
                wanted = [
                    label._replace(kind="may") if any(same(field, label.value, v) for v in declared) else label
                    for label in wanted
                ]
            totals[field].append(judge(field, wanted, mine, field in show, name))
    return {field: Score(*(sum(column) for column in zip(*totals[field], strict=True))) for field in fields}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=tuple(HALVES), default="open")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", action="append", default=[], help="name the misses and the false ones of a field")
    parser.add_argument("--body", action="store_true", help="leave out what the front matter says, on both sides")
    arguments = parser.parse_args()
    scores = measure(arguments.half, DATA, arguments.show, arguments.body)
    for field, score in scores.items():
        row = {"field": field, "values": score.hits + score.missed, **score._asdict(),
               "precision": score.precision, "recall": score.recall}  # fmt: skip
        if arguments.json:
            print(json.dumps(row))
        else:
            shares = " ".join(
                f"{share:6.3f}" if share is not None else "     -" for share in (score.precision, score.recall)
            )
            few = "" if score.hits + score.missed >= FEW else "  (fewer than 20 positives)"
            print(f"{field:20} {score.hits + score.missed:5} values  precision, recall {shares}{few}")


if __name__ == "__main__":
    main()
