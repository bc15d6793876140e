"""Snapshots from a loopback Hub: requests per model, bytes per tensor header, snapshots per second.

    python -m benchmarks.hub_snapshot [--models 400] [--jobs 8]

The repositories are those of the Hub of February 2022 (PEATMOSS_REAL_DATA: real file names and cards), each fourth with
the weights of one of four known architectures added. The baseline is the Hub's own client that gets the same: the list
of files with sizes, the same texts, and `get_safetensors_metadata`; it has nothing for GGUF.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import statistics
import struct
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi

from peatmoss import archive
from peatmoss.fetch.hub_api import Selection
from peatmoss.fetch.hub_http import Hub
from peatmoss.fetch.hub_popular import run
from peatmoss.fetch.hub_snapshot import text_limit
from peatmoss.parse.header import fold
from tests.servers.hub import Content, Server, serving

DATA = Path(os.environ.get("PEATMOSS_REAL_DATA", "../shared/data"))
BLOCK = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj",
         "mlp.down_proj", "input_layernorm", "post_attention_layernorm")  # fmt: skip


def safetensors(names: list[str]) -> bytes:
    """A file with these tensors, all of them empty: its header has the length of a real one."""
    entries = {name: {"dtype": "BF16", "shape": [4096, 11008, 0], "data_offsets": [0, 0]} for name in names}
    text = json.dumps({"__metadata__": {"format": "pt"}} | entries, separators=(",", ":")).encode()
    return len(text).to_bytes(8, "little") + text


def gguf(layers: int, vocabulary: int) -> bytes:
    """A GGUF file with a vocabulary and the tensors of so many layers, and 4 MB of weights."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    pairs = [text("general.architecture") + struct.pack("<I", 8) + text("llama")]
    tokens = b"".join(text(f"token{n}") for n in range(vocabulary))
    pairs.append(text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, vocabulary) + tokens)
    pairs.append(text("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, vocabulary) + bytes(4 * vocabulary))
    names = [f"blk.{n}.{part}.weight" for n in range(layers) for part in BLOCK]
    tensors = [text(name) + struct.pack("<IQQIQ", 2, 4096, 4096, 12, 0) for name in names]
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs))
    return head + b"".join(pairs) + b"".join(tensors) + bytes(4 * 2**20)


def weights() -> list[dict[str, bytes]]:
    """The weight files of: a model like BERT-base, one like Llama-7B (2 shards), one like Mixtral (19), one as GGUF."""
    bert = [
        f"bert.encoder.layer.{n}.{part}.{kind}" for n in range(12) for part in BLOCK[:8] for kind in ("weight", "bias")
    ]
    llama = [f"model.layers.{n}.{part}.weight" for n in range(32) for part in BLOCK]
    experts = [
        f"model.layers.{n}.block_sparse_moe.experts.{e}.w{w}.weight"
        for n in range(32)
        for e in range(8)
        for w in (1, 2, 3)
    ]
    found = [{"model.safetensors": safetensors(bert)}]
    for names, count in ((llama, 2), (llama + experts, 19)):
        size = -(-len(names) // count)
        parts = [names[n * size : (n + 1) * size] for n in range(count)]
        files = {f"model-{n:05}-of-{count:05}.safetensors": part for n, part in enumerate(parts, start=1)}
        index = {"metadata": {}, "weight_map": {name: path for path, part in files.items() for name in part}}
        found.append({path: safetensors(part) for path, part in files.items()}
                     | {"model.safetensors.index.json": json.dumps(index).encode()})  # fmt: skip
    return [*found, {"model-Q4_K_M.gguf": gguf(32, 32_000)}]


def content(count: int) -> Content:
    """The most downloaded models of the real listing, with their real cards."""
    with gzip.open(DATA / "hub" / "hub_2022-02_models.jsonl.gz", "rt", encoding="utf-8") as stream:
        models = sorted(map(json.loads, stream), key=lambda model: -(model.get("downloads") or 0))[:count]
    wanted = {model["modelId"] for model in models}
    with gzip.open(DATA / "hub" / "hub_2022-02_readmes.jsonl.gz", "rt", encoding="utf-8") as stream:
        cards = {item["modelId"]: item["readme"] for item in map(json.loads, stream) if item["modelId"] in wanted}
    kinds = itertools.cycle(weights())
    files: dict[str, dict[str, bytes]] = {}
    headers: dict[str, Any] = {}
    for number, model in enumerate(models):
        name = model["modelId"]
        files[name] = {sibling["rfilename"]: b"{}" for sibling in model["siblings"]}
        if name in cards:
            files[name]["README.md"] = cards[name].encode()
        if "config.json" in files[name]:
            files[name]["config.json"] = json.dumps(model.get("config") or {}).encode()
        if number % 4 == 0:
            files[name] |= next(kinds)
            shards = [path for path in files[name] if path.endswith(".safetensors") and "-of-" in path]
            answers = {path: json.loads(files[name][path][8:]) for path in shards}
            headers |= {name: {"index": {}, "headers": answers}} if shards else {}
    listed = [{"id": m["modelId"], "sha": m["sha"], "downloads": m.get("downloads")} for m in models]
    return Content(models=listed, files=files, headers=headers)


def snapshots(server: Server, jobs: int) -> tuple[float, list[dict[str, Any]]]:
    """Seconds, and the snapshots."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        done = run(Path(folder), Selection(downloads_over=0), hub=Hub(server.url), jobs=jobs)
        seconds = time.perf_counter() - began
        return seconds, [line.record.data for line in archive.lines(done.shard) if line.record and line.record.data]


def by_client(server: Server, names: list[str], jobs: int) -> float:
    """Seconds that the Hub's own client takes for the same."""
    api = HfApi(endpoint=server.url, token=False)

    def one(name: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            info = api.model_info(name)
            paths = [file.path for file in api.list_repo_tree(name, recursive=True, revision=info.sha)]
            for path in paths:
                if text_limit(path) is not None:
                    api.hf_hub_download(name, path, revision=info.sha, local_dir=folder)
            if any(path in ("model.safetensors", "model.safetensors.index.json") for path in paths):
                api.get_safetensors_metadata(name)

    began = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, names))
    return time.perf_counter() - began


def requests(server: Server, names: list[str]) -> Iterator[int]:
    """Requests per model, by the server's own book; what is asked for about no model in particular is left out."""
    paths = [path.split("?")[0] for path in server.requests]
    for name in names:
        yield sum(f"/{name}/" in path or path.endswith(f"/models/{name}") for path in paths)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=400)
    parser.add_argument("--jobs", type=int, default=8)
    options = parser.parse_args()
    there = content(options.models)
    names = [model["id"] for model in there.models if model["downloads"]]
    with serving(there) as server:
        seconds, found = snapshots(server, options.jobs)
        ours = list(requests(server, names))
    with serving(there) as server:
        one_worker, _ = snapshots(server, 1)
    with serving(there) as server:
        client = by_client(server, names, options.jobs)
        theirs = list(requests(server, names))
    if len(found) != len(names):
        raise SystemExit(f"{len(names)} models, but {len(found)} snapshots")
    rate = len(found) / seconds
    print(f"{len(found)} models, {options.jobs} workers")
    print(
        f"snapshots/s: {rate:.0f} ({one_worker / seconds:.1f} times one worker, {client / seconds:.1f} times the client)"
    )
    for what, counts in (("a text snapshot", ours), ("the client, for the same", theirs)):
        worst = max(counts)
        print(
            f"requests per model for {what}: median {statistics.median(counts):.0f}, mean {statistics.mean(counts):.1f}, most {worst}"
        )
    for form in ("safetensors", "gguf"):
        headers = [h for snapshot in found for h in snapshot["headers"].values() if h["format"] == form]
        sizes = [header["header_bytes"] for header in headers]
        folded = [len(fold(header["tensors"])) for header in headers]
        print(f"{form}: {len(sizes)} headers, median {statistics.median(sizes):,.0f} bytes, in the database"
              f" {statistics.median(folded):,.0f} ({sum(sizes) / sum(folded):.0f} times less)")  # fmt: skip


if __name__ == "__main__":
    main()
