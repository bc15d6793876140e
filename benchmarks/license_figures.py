"""Figures of the license rules on real tables: the paper's method, the full rule set on the same edges, LICENSE gaps.

    python -m benchmarks.license_figures [DATA]      DATA: folder of the real data (default: PEATMOSS_REAL_DATA or ../shared/data)

It prints counts with their denominators; the paper's own are the baseline of the run.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path

from peatmoss.audit.tables import legacy_files, rows
from peatmoss.parse.license import NOASSERTION, normalise, normalise_all
from peatmoss.parse.license.verdict import judge


def main(data: Path) -> None:
    """Print all figures."""
    mapping, owned = data / "peatmoss/peatmoss_mapping.csv.gz", data / "peatmoss/peatmoss_gh_licenses.csv.gz"
    start = time.perf_counter()
    old = legacy_files(mapping, owned, data / "licenses/license_compat_matrix.csv")
    unlicensed_old = old.unknown / old.analysed
    print(f"legacy_peatmoss: {old} ({time.perf_counter() - start:.1f} s)")
    print(f"  unknown {old.unknown:,} of {old.analysed:,} = {unlicensed_old:.2%} (baseline)")
    repositories = {row["github"]: row["scancode_licenses"] for row in rows(owned, "github", "scancode_licenses")}
    edges = [
        (row["github"].removeprefix("github.com/"), row["hf_license"])
        for row in rows(mapping, "github", "model_id", "hf_license")
    ]
    for relation in ("use", "relicense"):
        start = time.perf_counter()
        verdicts: Counter[str] = Counter()
        causes: Counter[str] = Counter()
        for repository, license_ in edges:
            down = normalise_all([key for key in repositories.get(repository, "").split(";") if key], "scancode")
            found = judge(normalise(license_, "hf").expression, down.expression, relation)
            verdicts[found.verdict] += 1
            if found.verdict == "unknown":
                causes[found.reason_code] += 1
        total = len(edges)
        beyond = sum(count for cause, count in causes.items() if cause != "downstream_unlicensed")
        print(f"full rule set, {relation}: {dict(verdicts)} of {total:,} ({time.perf_counter() - start:.1f} s)")
        print(f"  unknown by cause {dict(causes)}; beyond an unlicensed downstream {beyond:,} = {beyond / total:.2%}")
    _gaps(data)


def _gaps(data: Path) -> None:
    """What the table itself tells (names and addresses): the LICENSE texts are not in it."""
    found: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for row in rows(
        data / "licenses/license_gaps_hub_half.csv", "metadata_state", "suggested_license", "suggested_link"
    ):
        named = [normalise(row["suggested_license"], "name").expression] if row["suggested_license"] else []
        linked = [normalise(row["suggested_link"]).expression] if row["suggested_link"] else []
        known = [one for one in (*named, *linked) if one != NOASSERTION]
        states[row["metadata_state"]] += 1
        found[row["metadata_state"]] += bool(known)
    total, resolved = sum(states.values()), sum(found.values())
    print(f"license gaps: {resolved} of {total} = {resolved / total:.1%} resolved by name or address;")
    for state, count in states.items():
        print(f"  {state}: {found[state]} of {count}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PEATMOSS_REAL_DATA", "../shared/data")))
