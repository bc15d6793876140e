"""I7, I8, I11: what a name claims of formats, precision and adapters, against files, headers and configuration."""

from __future__ import annotations

import re

from peatmoss.parse.name.claims import Claims
from peatmoss.parse.name.evidence import Evidence, Finding

_FILES = {
    "gguf": (".gguf",),
    "ggml": (".bin", ".ggml", ".gguf"),
    "onnx": (".onnx", ".onnx_data", ".ort"),
    "safetensors": (".safetensors",),
    "coreml": (".mlmodel", ".mlpackage", ".mlmodelc", "coremldata.bin", ".mil"),
    "tflite": (".tflite",),
    "openvino": (".xml",),
    "mnn": (".mnn",),
    "rknn": (".rknn",),
    "ncnn": (".param",),
    "llamafile": (".llamafile",),
    "keras": (".keras", ".h5", ".pb"),
    "flax": (".msgpack",),
    "mlx": (".npz", ".safetensors"),
    "ct2": ("model.bin",),
    "ctranslate2": ("model.bin",),
    "trt": (".engine", ".plan", ".trt"),
    "tensorrt": (".engine", ".plan", ".trt", ".onnx"),
}
_METHODS = {
    "gptq": ("gptq",),
    "awq": ("awq",),
    "bnb": ("bitsandbytes",),
    "bitsandbytes": ("bitsandbytes",),
    "bnb-4bit": ("bitsandbytes",),
    "bnb-8bit": ("bitsandbytes",),
    "hqq": ("hqq",),
    "aqlm": ("aqlm",),
    "quip": ("quip",),
    "eetq": ("eetq",),
    "exl2": ("exl2",),
    "autoround": ("auto-round", "intel/auto-round", "gptq", "awq"),
}
_METHOD_FILES = {"gptq": r"gptq|quantize_config\.json", "awq": r"awq|quant_config\.json"}
_FLOATS = {
    "fp16": "F16", "f16": "F16", "float16": "F16", "half": "F16", "bf16": "BF16", "bfloat16": "BF16",
    "fp32": "F32", "f32": "F32", "float32": "F32",
}  # fmt: skip
_WEIGHTS = (
    ".bin", ".safetensors", ".gguf", ".h5", ".msgpack", ".onnx", ".pt", ".pth", ".ckpt", ".tflite", ".ggml",
)  # fmt: skip
_ADAPTERS = ("lora", "loras", "qlora", "adapter", "adapters", "dora", "ia3")


def _has(evidence: Evidence, endings: tuple[str, ...]) -> bool:
    return any(file.lower().endswith(endings) for file in evidence.files)


def format_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I7: each format and each method of quantisation that the name claims must show in the content."""
    found: list[Finding] = []
    if evidence.files and not _has(evidence, _WEIGHTS):
        return []  # nothing but a card: the weights may be elsewhere
    listed = f"{len(evidence.files)} files, none of that kind"
    for word in dict.fromkeys(claims.by_element.get("format", ())):
        if evidence.files and word in _FILES and not _has(evidence, _FILES[word]):
            found.append(Finding("I7", "hard", word, listed, f"no file ends in {' or '.join(_FILES[word])}"))
    for word in dict.fromkeys(claims.by_element.get("quantization", ())):
        methods = _METHODS.get(word)
        if not methods:
            continue
        if evidence.quantization:
            if evidence.quantization.lower() not in methods and not _in_container(evidence):
                found.append(
                    Finding(
                        "I7",
                        "hard",
                        word,
                        f"quantization_config {evidence.quantization}",
                        f"the configuration says {evidence.quantization}",
                    )
                )
        elif (
            evidence.files
            and not _in_container(evidence)
            and not _method_file(evidence, word)
            and evidence.dtypes
            and not _packed(evidence)
        ):
            found.append(
                Finding(
                    "I7",
                    "hard",
                    word,
                    f"tensors of {', '.join(evidence.dtypes)}",
                    "no quantization_config, and no packed tensors",
                )
            )
    if evidence.bits and (bits := _claimed_bits(claims)) and bits != evidence.bits:
        found.append(
            Finding("I7", "hard", f"{bits} bits", f"{evidence.bits} bits", "the quantization_config says otherwise")
        )
    if not claims.has("quantization", "precision", "format") and (method := evidence.quantization):
        found.append(
            Finding(
                "I7",
                "info",
                "no tag",
                f"quantization_config {method}",
                "the content is quantized and the name does not say so",
            )
        )
    return found


def _in_container(evidence: Evidence) -> bool:
    """GGUF, ONNX and the like hold quantised values without a configuration beside them."""
    return _has(evidence, (".gguf", ".onnx", ".ggml", ".mnn", ".engine"))


def _method_file(evidence: Evidence, word: str) -> bool:
    pattern = _METHOD_FILES.get(word)
    return pattern is not None and any(re.search(pattern, file, re.IGNORECASE) for file in evidence.files)


def _packed(evidence: Evidence) -> bool:
    return any(dtype.startswith(("I", "U", "F8", "F4", "Q")) for dtype in evidence.dtypes)


def _claimed_bits(claims: Claims) -> int | None:
    for value in claims.by_element.get("precision", ()):
        if match := re.match(r"(\d)-?bits?\Z|u?int(\d)\Z|fp(8|4)\Z|nf(4)\Z", value):
            return int(next(group for group in match.groups() if group))
    return None


def precision_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I8: a floating-point precision against the types of the tensors."""
    if not evidence.dtypes:
        return []
    found: list[Finding] = []
    for word in claims.by_element.get("precision", ()):
        wanted = _FLOATS.get(word)
        if wanted and wanted not in evidence.dtypes and not _packed(evidence):
            found.append(
                Finding("I8", "hard", word, f"tensors of {', '.join(evidence.dtypes)}", f"no tensor is {wanted}")
            )
        if (
            word.startswith("fp8")
            and not any(dtype.startswith("F8") for dtype in evidence.dtypes)
            and not evidence.quantization
        ):
            found.append(
                Finding("I8", "hard", word, f"tensors of {', '.join(evidence.dtypes)}", "no tensor has eight bits")
            )
    return found


def adapter_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I11: an adapter by name, a whole model by content, or the other way round."""
    words = [w for w in claims.by_element.get("adaptation", ()) if w in _ADAPTERS]
    if not evidence.files and evidence.is_adapter is None:
        return []
    names = {file.rsplit("/", 1)[-1].lower() for file in evidence.files}
    is_adapter = bool(evidence.is_adapter) or any(
        n.startswith(("adapter_", "pytorch_adapter", "pytorch_lora", "lora")) or "lora" in n for n in names
    )
    whole = any(
        n.startswith(("pytorch_model", "model-0", "model.safetensors", "tf_model", "flax_model")) for n in names
    )
    if words and whole and not is_adapter and not claims.has("merge"):
        return [
            Finding(
                "I11",
                "soft",
                words[0],
                "weights of a whole model, no adapter",
                "perhaps trained with it and merged, which the name does not say",
            )
        ]
    if not words and evidence.is_adapter and not whole:
        return [
            Finding("I11", "info", "no tag", "an adapter", "the content is an adapter and the name does not say so")
        ]
    return []
