"""Build real configurations on the meta device: the tensor headers that their models would have.

A development tool, like fingerprint_dump.py. The output feeds `benchmarks/fingerprints.py --configs`.

    /tmp/v/bin/python benchmarks/fingerprint_configs.py ../shared/data/architectures/configs_full.jsonl.gz /tmp/headers.jsonl.gz
"""

from __future__ import annotations

import gzip
import json
import sys
import warnings
from multiprocessing import get_context
from pathlib import Path
from signal import SIGALRM, alarm, signal

SECONDS = 120


def header(line: str) -> dict[str, object]:
    """The header of one model, its names as in files, without the tensors that are tied to others."""
    warnings.simplefilter("ignore")
    import torch
    import transformers
    from transformers.core_model_loading import revert_weight_conversion

    transformers.logging.set_verbosity_error()
    row = json.loads(line)
    body = row["config"]
    body.pop("quantization_config", None)
    out: dict[str, object] = {
        "model_id": row["model_id"],
        "architectures": body.get("architectures"),
        "model_type": body.get("model_type"),
    }
    signal(SIGALRM, _late)
    alarm(SECONDS)
    try:
        config = transformers.AutoConfig.for_model(**body)
        cls = getattr(transformers, body["architectures"][0])
        with torch.device("meta"):
            model = cls(config)
        state = dict(model.state_dict())
        parameters = sum(p.numel() for p in model.parameters())
        for tied in getattr(model, "all_tied_weights_keys", None) or {}:
            state.pop(tied, None)
        state = revert_weight_conversion(model, state)
        out |= {"parameters": parameters, "tensors": {k: list(v.shape) for k, v in state.items()}}
    except BaseException as error:  # noqa: BLE001 - also a timeout
        out["error"] = repr(error)[:200]
    finally:
        alarm(0)
    return out


def _late(*_: object) -> None:
    raise TimeoutError


def main(configs: Path, target: Path) -> None:
    """All of them, one JSON object a line."""
    with (
        gzip.open(configs, "rt") as lines,
        gzip.open(target, "wt") as file,
        get_context("spawn").Pool(1, maxtasksperchild=40) as pool,
    ):
        for row in pool.imap(header, lines):
            file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
