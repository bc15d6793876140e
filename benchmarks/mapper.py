"""Speed of the usage mapper over real code, against what is known.

    python benchmarks/mapper.py FOLDER... [--sample N] [--again N] [--tree FOLDER]

Each FOLDER is one repository, for instance an unpacked source distribution (`pip download --no-deps --no-binary=:all:
transformers langchain-community haystack-ai llama-index-core txtai sentence-transformers`, then tar xf). Every
measure runs in a process of its own, so that none pays for another's objects; times are CPU seconds, the best of
--again runs. Baselines: (a) ripgrep -F for the literals of the prefilter, (b) read and `ast.parse` every .py, drop
the tree, (c) libcst on every Nth .py (--sample), scaled by bytes. (a) and (c) are skipped where they are not installed.

cold    walk, read, prefilter, parse, index, resolve
second  another commit of the same repository: one file in a hundred has changed, results are cached by blob
--tree  a large folder: MB/s in all by the clock, and the peak of memory of the largest process
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import resource
import shutil
import subprocess
import sys
import time
import warnings
from pathlib import Path


def ast_parse(folder: Path, _: int) -> dict[str, float]:
    """(b)."""
    warnings.simplefilter("ignore")
    start, size = time.process_time(), 0
    for path in sorted(folder.rglob("*.py")):
        raw = path.read_bytes()
        size += len(raw)
        try:
            ast.parse(raw)
        except (SyntaxError, ValueError, RecursionError):
            continue
    return {"seconds": time.process_time() - start, "bytes": size}


def libcst(folder: Path, sample: int) -> dict[str, float]:
    """(c)."""
    import libcst as cst  # type: ignore[import-not-found]

    every = sorted(folder.rglob("*.py"))
    total = sum(path.stat().st_size for path in every)
    start, size = time.process_time(), 0
    for path in every[::sample]:
        raw = path.read_bytes()
        size += len(raw)
        try:
            cst.parse_module(raw)
        except Exception:  # noqa: BLE001, S112
            continue
    return {"seconds": (time.process_time() - start) * total / max(size, 1), "bytes": total}


def mapper(folder: Path, _: int) -> dict[str, float]:
    """Cold, then the second commit in the same process."""
    from peatmoss.fetch.git_clone import folder_files
    from peatmoss.load import reuse

    start = time.process_time()
    files = [file for file in folder_files(folder) if file.content is not None]
    texts = {file.path: file.content or "" for file in files}
    found = reuse.examine((texts, {file.path: file.blob for file in files}))
    cold = time.process_time() - start
    start = time.process_time()
    files = [file for file in folder_files(folder) if file.content is not None]
    texts, blobs = {file.path: file.content or "" for file in files}, {file.path: file.blob for file in files}
    python = [path for path in sorted(texts) if path.endswith(".py")]
    for path in python[::100]:
        texts[path] += "\n# changed\n"
        blobs[path] += "2"
    again = reuse.examine((texts, blobs))
    if len(again.usages) != len(found.usages):
        raise SystemExit("a comment has changed the usages")
    return {"seconds": cold, "second": time.process_time() - start, "usages": len(found.usages), "cut": found.cut or ""}  # type: ignore[dict-item]


MEASURES = {"ast": ast_parse, "libcst": libcst, "mapper": mapper}


def best(name: str, folder: Path, arguments: argparse.Namespace) -> dict[str, float] | None:
    """The best of several runs, each in a new process."""
    runs = []
    for _ in range(1 if name == "libcst" else arguments.again):
        command = [sys.executable, __file__, str(folder), "--measure", name, "--sample", str(arguments.sample)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"  {name}: {done.stderr.strip().splitlines()[-1]}")
            return None
        runs.append(json.loads(done.stdout))
    return {key: min(run[key] for run in runs) for key in runs[0]}


def ripgrep(folder: Path) -> float | None:
    """(a)."""
    if not shutil.which("rg"):
        return None
    from peatmoss.parse.code import prefilter

    wanted = [part for literal in prefilter.literals() for part in ("-e", literal)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(["rg", "-F", "-l", "-j", "1", "-uu", *wanted, str(folder)], stdout=subprocess.DEVNULL, check=False)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def tree(folder: Path) -> None:
    """A large folder, by the command."""
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    start = time.perf_counter()
    command = [sys.executable, "-c", "from peatmoss.cli import main; main()", "usages", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds, cpu = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    print(
        f"{folder.name}: {size / 1e6:.0f} MB in {seconds:.2f} s = {size / 1e6 / seconds:.0f} MB/s in all, "
        f"{size / 1e6 / cpu:.0f} MB per CPU second, peak {usage.ru_maxrss / 1024:.0f} MiB"
    )
    print(f"  {said.strip().splitlines()[0]}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--sample", type=int, default=20)
    parser.add_argument("--again", type=int, default=3)
    parser.add_argument("--tree", type=Path)
    parser.add_argument("--measure", choices=sorted(MEASURES))
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(MEASURES[arguments.measure](arguments.folders[0], arguments.sample)))
        return
    sums = {"bytes": 0.0, "ast": 0.0, "cold": 0.0, "second": 0.0, "libcst": 0.0, "rg": 0.0}
    for folder in arguments.folders:
        parsed, found = best("ast", folder, arguments), best("mapper", folder, arguments)
        slow, grep = best("libcst", folder, arguments), ripgrep(folder)
        if parsed is None or found is None:
            continue
        print(
            f"{folder.name}: {parsed['bytes'] / 1e6:.1f} MB of Python; ast.parse {parsed['seconds']:.2f} s; "
            f"cold {found['seconds']:.2f} s = {found['seconds'] / parsed['seconds']:.2f} x; "
            f"second commit {found['second']:.2f} s = {found['second'] / parsed['seconds']:.2f} x; "
            f"{found['usages']:.0f} usages {found['cut']}"
        )
        for name, seconds in (("bytes", parsed["bytes"]), ("ast", parsed["seconds"]), ("cold", found["seconds"]),
                              ("second", found["second"]), ("libcst", slow["seconds"] if slow else 0), ("rg", grep or 0)):  # fmt: skip
            sums[name] += seconds
    if sums["ast"]:
        size = sums["bytes"] / 1e6
        print(
            f"all: {size:.1f} MB of Python; ast.parse {size / sums['ast']:.1f} MB/s; cold {size / sums['cold']:.1f} MB/s "
            f"= {sums['cold'] / sums['ast']:.2f} x ast.parse (bar 4); second commit {sums['second'] / sums['ast']:.2f} x (bar 0.5)"
            + (f"; libcst {size / sums['libcst']:.1f} MB/s" if sums["libcst"] else "; libcst not installed")
            + (f"; ripgrep {size / sums['rg']:.0f} MB/s" if sums["rg"] else "; ripgrep not installed")
        )
    if arguments.tree:
        tree(arguments.tree)


if __name__ == "__main__":
    main()
