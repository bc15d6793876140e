"""Weight files by their names: which formats can run code when they are loaded."""

from __future__ import annotations

from collections.abc import Iterable

PICKLE = {"bin", "pt", "pth", "ckpt", "pkl", "pickle", "joblib", "dill", "th", "nemo"}
"""Endings of weights that Python unpickles (`torch.save`, `joblib`; a .nemo is an archive of such)."""

OTHER = {
    "safetensors", "gguf", "ggml", "onnx", "h5", "hdf5", "keras", "msgpack", "tflite", "pb", "mlmodel", "ot", "npz",
    "npy", "pdparams", "pdiparams", "llamafile", "litertlm", "task", "engine", "caffemodel", "rten",
}  # fmt: skip

_NO_WEIGHTS = ("training_args", "optimizer", "scheduler", "rng_state", "random_states", "scaler", "vocab", "tokenizer")
_OTHER_BIN = ("openvino", "ggml", "coreml", "mlpackage", "ctranslate", "ct2", "gguf")
"""Words in the path of a .bin that is no pickle."""


def is_pickle_only(paths: Iterable[str]) -> bool | None:
    """Whether all weights of a repository are pickles; None if it has no weights."""
    found: bool | None = None
    names = {path.lower() for path in paths}
    for path in names:
        name = path.rpartition("/")[2]
        stem, _, ending = name.rpartition(".")
        if not stem or name.startswith(_NO_WEIGHTS):
            continue
        if ending in OTHER:
            return False
        if ending in PICKLE:
            if ending == "bin" and (any(word in path for word in _OTHER_BIN) or f"{path[:-4]}.xml" in names):
                return False
            found = True
    return found
