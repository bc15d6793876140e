"""Build every class of the transformers package on the meta device and note its tensor names: no weights, no GPU.

A development tool: it needs torch and transformers, which PeaTMOSS itself does not. Its output is what
`benchmarks/fingerprint_registry.py` condenses into peatmoss/reference/fingerprints.json.gz.

    python -m venv /tmp/v && /tmp/v/bin/pip install torch transformers
    /tmp/v/bin/python benchmarks/fingerprint_dump.py /tmp/classes.jsonl
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
import warnings
from multiprocessing import get_context
from pathlib import Path
from signal import SIGALRM, alarm, signal

SECONDS = 90
MISSING = {"vocab_size": 32000, "prediction_length": 24, "num_attention_heads": 8, "hidden_size": 512}
_INDEX = re.compile(r"(?:(?<=\.)|^)\d+(?=\.|$)")


def classes_of(model_type: str) -> list[dict[str, object]]:
    """One row a class of this model type: its tensors with layer indices as `*`, and what may be left out of a file."""
    warnings.simplefilter("ignore")
    import transformers
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING, model_type_to_module_name

    transformers.logging.set_verbosity_error()
    signal(SIGALRM, _late)
    rows: list[dict[str, object]] = []
    try:
        config_class = CONFIG_MAPPING[model_type]
        package = f"transformers.models.{model_type_to_module_name(model_type)}"
        names = [n for n in dir(importlib.import_module(package)) if not n.startswith("_")]
    except Exception as error:  # noqa: BLE001 - any package may raise anything
        return [{"model_type": model_type, "class": None, "error": repr(error)[:200]}]
    for name in sorted(names):
        try:
            cls = getattr(importlib.import_module(package), name)
        except Exception:  # noqa: S112, BLE001 - an extra package of this one class is missing
            continue
        if not inspect.isclass(cls) or not issubclass(cls, transformers.PreTrainedModel) or cls.__name__ != name:
            continue
        if name.endswith("PreTrainedModel") or getattr(cls.config_class, "model_type", None) != model_type:
            continue
        alarm(SECONDS)
        try:
            rows.append(_class_row(cls, config_class, model_type))
        except BaseException as error:  # noqa: BLE001 - also a timeout
            rows.append({"model_type": model_type, "class": name, "error": repr(error)[:200]})
        finally:
            alarm(0)
    return rows


def _late(*_: object) -> None:
    raise TimeoutError


def _class_row(cls: type, config_class: type, model_type: str) -> dict[str, object]:
    import torch

    try:
        with torch.device("meta"):
            model = cls(config_class())
    except ImportError:
        raise
    except Exception:  # noqa: BLE001 - the defaults of some configurations lack what only a real model says
        with torch.device("meta"):
            model = cls(config_class(**MISSING))
    state = model.state_dict()
    row: dict[str, object] = {
        "model_type": model_type,
        "class": cls.__name__,
        "prefix": cls.base_model_prefix,
        "tensors": _patterns(state),
        "tied": sorted({_INDEX.sub("*", key) for key in (getattr(model, "all_tied_weights_keys", None) or {})}),
    }
    try:  # names as they stand in files, where the package renames or fuses tensors when it loads them
        from transformers.core_model_loading import revert_weight_conversion

        saved = revert_weight_conversion(model, dict(state))
        if set(saved) != set(state):
            row["saved"] = _patterns(saved)
    except Exception as error:  # noqa: BLE001 - any package may raise anything
        row["saved_error"] = repr(error)[:200]
    return row


def _patterns(state: dict[str, object]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, tensor in state.items():
        found.setdefault(_INDEX.sub("*", key), [int(size) for size in getattr(tensor, "shape", ())])
    return found


def tasks() -> dict[str, str]:
    """Class -> the task that the package's automatic classes give it."""
    from transformers.models.auto import modeling_auto as auto

    names = {
        "CAUSAL_LM": "text-generation", "MASKED_LM": "fill-mask", "SEQ_TO_SEQ_CAUSAL_LM": "text2text-generation",
        "SEQUENCE_CLASSIFICATION": "text-classification", "TOKEN_CLASSIFICATION": "token-classification",
        "QUESTION_ANSWERING": "question-answering", "MULTIPLE_CHOICE": "multiple-choice",
        "TABLE_QUESTION_ANSWERING": "table-question-answering", "NEXT_SENTENCE_PREDICTION": "next-sentence-prediction",
        "DOCUMENT_QUESTION_ANSWERING": "document-question-answering",
        "VISUAL_QUESTION_ANSWERING": "visual-question-answering", "IMAGE_CLASSIFICATION": "image-classification",
        "ZERO_SHOT_IMAGE_CLASSIFICATION": "zero-shot-image-classification", "OBJECT_DETECTION": "object-detection",
        "ZERO_SHOT_OBJECT_DETECTION": "zero-shot-object-detection", "IMAGE_SEGMENTATION": "image-segmentation",
        "SEMANTIC_SEGMENTATION": "image-segmentation", "INSTANCE_SEGMENTATION": "image-segmentation",
        "UNIVERSAL_SEGMENTATION": "image-segmentation", "MASK_GENERATION": "mask-generation",
        "VIDEO_CLASSIFICATION": "video-classification", "DEPTH_ESTIMATION": "depth-estimation",
        "KEYPOINT_DETECTION": "keypoint-detection", "IMAGE_TEXT_TO_TEXT": "image-text-to-text",
        "VISION_2_SEQ": "image-to-text", "IMAGE_TO_IMAGE": "image-to-image",
        "AUDIO_CLASSIFICATION": "audio-classification", "CTC": "automatic-speech-recognition",
        "SPEECH_SEQ_2_SEQ": "automatic-speech-recognition", "TEXT_TO_WAVEFORM": "text-to-audio",
        "TEXT_TO_SPECTROGRAM": "text-to-speech", "AUDIO_XVECTOR": "audio-classification",
        "AUDIO_FRAME_CLASSIFICATION": "audio-classification", "TIME_SERIES_PREDICTION": "time-series-forecasting",
        "MASKED_IMAGE_MODELING": "masked-image-modeling", "PRETRAINING": "pretraining",
    }  # fmt: skip
    found: dict[str, str] = {}
    for kind, task in names.items():
        for value in getattr(auto, f"MODEL_FOR_{kind}_MAPPING_NAMES", {}).values():
            for name in value if isinstance(value, (tuple, list)) else [value]:
                found.setdefault(name, task)
    for value in auto.MODEL_MAPPING_NAMES.values():
        for name in value if isinstance(value, (tuple, list)) else [value]:
            found.setdefault(name, "feature-extraction")
    return found


def main(out: Path) -> None:
    """Dump all classes, one JSON object a line; the first line tells the version."""
    import torch
    import transformers
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    types = sorted(CONFIG_MAPPING_NAMES)
    with out.open("w", encoding="utf-8") as file, get_context("spawn").Pool(1, maxtasksperchild=40) as pool:
        head = {"transformers": transformers.__version__, "torch": torch.__version__, "tasks": tasks(), "types": types}
        file.write(json.dumps(head) + "\n")
        for number, rows in enumerate(pool.imap(classes_of, types), 1):
            file.writelines(json.dumps(row) + "\n" for row in rows)
            file.flush()
            print(
                f"{number}/{len(types)} {types[number - 1]}: {sum('error' not in r for r in rows)} classes",
                file=sys.stderr,
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
