"""What a loopback Hub can serve: the real Hub of February 2022 with its cards, or as many generated models as wanted.

python -m tests.servers.hub_content --generate 1000000     serve them to other processes; prints the address
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

from tests.servers.hub import Content, Faults, Json, serving

REAL = Path(os.environ.get("PEATMOSS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data")) / "hub"
MODELS = REAL / "hub_2022-02_models.jsonl.gz"
READMES = REAL / "hub_2022-02_readmes.jsonl.gz"


def real(page: int = 1000) -> Content:
    """29,432 models as the Hub of February 2022 had them, with 16,245 cards, a commit and a branch for each."""
    models = []
    with gzip.open(MODELS, "rt", encoding="utf-8") as stream:
        for line in stream:
            model = json.loads(line)
            models.append({"id": model["modelId"], "createdAt": "2022-03-02T23:29:04.000Z", "gated": False} | model)
    with gzip.open(READMES, "rt", encoding="utf-8") as stream:
        cards = (json.loads(line) for line in stream)
        files = {card["modelId"]: {"README.md": (card["readme"] or "").encode()} for card in cards}
    commits = {
        m["id"]: [{"id": m["sha"], "title": "t", "message": "", "date": m["lastModified"], "authors": []}]
        for m in models
        if m.get("sha")
    }
    return Content(models=models, files=files, commits=commits, page=page)


class Generated(Sequence[Json]):
    """Models made when they are asked for: always the same, about as large as real ones in a listing."""

    def __init__(self, number: int):
        self.number = number

    def __len__(self) -> int:
        return self.number

    @overload
    def __getitem__(self, index: int) -> Json: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Json]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            raise TypeError("one at a time")
        task = ("text-generation", "fill-mask", "text-classification")[index % 3]
        base, data = f"owner-{index % 50_000}/model-{index // 2}", f"set-{index % 900}"
        names = [f"model-{shard:05}-of-00012.safetensors" for shard in range(1, 13)]
        names += ["README.md", "config.json", "tokenizer.json", "generation_config.json"]
        return {
            "id": f"owner-{index % 50_000}/model-{index}", "sha": f"{index:040x}", "author": f"owner-{index % 50_000}",
            "downloads": index % 1000, "downloadsAllTime": index, "likes": index % 50, "trendingScore": 0,
            "gated": False, "disabled": False, "private": False, "pipeline_tag": task, "library_name": "transformers",
            "createdAt": "2024-01-01T00:00:00.000Z", "lastModified": "2024-06-01T00:00:00.000Z",
            "tags": ["transformers", "safetensors", task, "license:apache-2.0", "region:us", f"dataset:{data}",
                     f"base_model:{base}", f"base_model:finetune:{base}"],
            "config": {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "tokenizer_config": {}},
            "cardData": {"license": "apache-2.0", "language": ["en"], "datasets": [data], "base_model": base},
            "safetensors": {"parameters": {"BF16": 7_000_000_000 + index}, "total": 7_000_000_000 + index},
            "siblings": [{"rfilename": name} for name in names],
        }  # fmt: skip


def main() -> None:
    """Serve until the input ends."""
    parser = argparse.ArgumentParser(description="A loopback Hub.")
    parser.add_argument("--generate", type=int, help="so many generated models instead of the real ones of 2022")
    parser.add_argument("--page", type=int, default=1000)
    parser.add_argument("--faults", type=float, default=0.0, help="share of answers that go wrong")
    given = parser.parse_args()
    content = Content(models=Generated(given.generate), page=given.page) if given.generate else real(given.page)
    with serving(content, Faults(rate=given.faults)) as server:
        print(server.url, flush=True)  # noqa: T201
        input()


if __name__ == "__main__":
    main()
