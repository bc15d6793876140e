"""I3, I9, I15, I17: tasks, languages and data sets of a name against card and configuration; names that say nothing."""

from __future__ import annotations

import re
from functools import cache

from peatmoss.parse.name.claims import Claims
from peatmoss.parse.name.evidence import Evidence, Finding, class_head, classes
from peatmoss.parse.name.lexicon import table

_HEADS = {
    "ForSequenceClassification": "text-classification zero-shot-classification sentence-similarity text-ranking"
    " audio-classification",
    "ForTokenClassification": "token-classification",
    "ForQuestionAnswering": "question-answering document-question-answering table-question-answering",
    "ForMaskedLM": "fill-mask feature-extraction sentence-similarity text-ranking",
    "ForCTC": "automatic-speech-recognition audio-classification",
    "ForImageClassification": "image-classification",
    "ForObjectDetection": "object-detection",
    "ForSemanticSegmentation": "image-segmentation",
    "ForMultipleChoice": "multiple-choice question-answering",
    "ForAudioClassification": "audio-classification",
    "ForVideoClassification": "video-classification",
    "ForDepthEstimation": "depth-estimation",
}
_CLEAR = frozenset(
    [
        "token-classification",
        "question-answering",
        "text-classification",
        "fill-mask",
        "translation",
        "summarization",
        "automatic-speech-recognition",
        "image-classification",
        "object-detection",
        "image-segmentation",
        "depth-estimation",
        "text-to-image",
        "text-to-speech",
        "audio-classification",
        "multiple-choice",
        "video-classification",
    ]
)
_ALIKE = (
    frozenset(
        [
            "text-generation",
            "text2text-generation",
            "summarization",
            "translation",
            "conversational",
            "question-answering",
            "table-question-answering",
            "image-text-to-text",
        ]
    ),
    frozenset(
        [
            "sentence-similarity",
            "feature-extraction",
            "text-ranking",
            "zero-shot-classification",
            "text-classification",
            "text-retrieval",
            "fill-mask",
        ]
    ),
    frozenset(
        [
            "image-to-text",
            "image-text-to-text",
            "document-question-answering",
            "visual-question-answering",
            "visual-document-retrieval",
            "video-text-to-text",
            "any-to-any",
        ]
    ),
    frozenset(
        [
            "automatic-speech-recognition",
            "audio-classification",
            "audio-to-audio",
            "voice-activity-detection",
            "audio-text-to-text",
        ]
    ),
    frozenset(
        ["image-segmentation", "mask-generation", "object-detection", "zero-shot-object-detection", "image-to-image"]
    ),
    frozenset(["text-to-speech", "text-to-audio", "audio-to-audio"]),
    frozenset(
        ["image-classification", "zero-shot-image-classification", "image-feature-extraction", "feature-extraction"]
    ),
    frozenset(["text-to-image", "image-to-image", "unconditional-image-generation", "text-to-video", "image-to-video"]),
    frozenset(
        ["question-answering", "document-question-answering", "table-question-answering", "visual-question-answering"]
    ),
)


def task_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I3: a clear task in the name against the task of the card and against the head of the class."""
    tasks = {value: text for text, value in claims.tasks if value in _CLEAR}
    if not tasks:
        return []
    text = next(iter(tasks.values()))
    found = []
    if evidence.task and not any(_alike(task, evidence.task) for task in {value for _, value in claims.tasks}):
        found.append(
            Finding("I3", "soft", text, f"task {evidence.task}", f"the name says {' and '.join(sorted(tasks))}")
        )
    for name in evidence.architectures[:1]:
        admitted = set(_HEADS.get(class_head(name), "").split()) | {classes().get(name, ("", ""))[1]} - {""}
        if class_head(name) in _HEADS and not any(_alike(task, other) for task in tasks for other in admitted):
            found.append(
                Finding("I3", "soft", text, f"architectures {name}", f"the head is for {' or '.join(sorted(admitted))}")
            )
    return found


def _alike(one: str, other: str) -> bool:
    return one == other or any(one in group and other in group for group in _ALIKE)


_SAME = (
    "zh-cn:zh zh-tw:zh pt-br:pt en-us:en cmn:zh nb:no nn:no fil:tl swh:sw arb:ar ary:ar arz:ar aeb:ar pes:fa prs:fa"
    " hif:hi ckb:ku hr:sh sr:sh bs:sh multilingual:mul"
)
"""Codes that names and cards use for what counts as one language here."""


@cache
def _same_language() -> dict[str, str]:
    """Codes and names of languages -> the two-letter code where there is one."""
    found = dict(pair.split(":") for pair in _SAME.split())
    for row in table("languages.csv"):
        found.setdefault(row["name"].lower(), row["code"])
    return found


def _language(code: str) -> str:
    lower = code.strip().lower()
    return (
        _same_language().get(lower)
        or _same_language().get(lower.split("-")[0].split("_")[0])
        or lower.split("-")[0].split("_")[0]
    )


def language_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I9: languages of the name against those of the card; only disjoint sets count."""
    claimed = [
        value
        for value in claims.by_element.get("language", ())
        if value not in ("mul", "inc", "gmq", "sla", "roa", "gem")
    ]
    said = {_language(code) for code in evidence.languages} - {"", "code"}
    if not claimed or not said or "mul" in said:
        return []
    if {_language(code) for code in claimed} & said:
        return []
    listed = ", ".join(sorted(evidence.languages)[:8])
    return [
        Finding(
            "I9",
            "soft",
            ", ".join(dict.fromkeys(claimed)),
            f"card language {listed}",
            "the languages have nothing in common",
        )
    ]


def dataset_findings(claims: Claims, evidence: Evidence) -> list[Finding]:
    """I15: a data set of the name that the card, which names others, does not name."""
    if not evidence.datasets:
        return []
    squeezed = [re.sub(r"[^a-z0-9]", "", name.lower().split("/")[-1]) for name in evidence.datasets]
    found = []
    for word in dict.fromkeys(claims.by_element.get("dataset", ())):
        plain = re.sub(r"[^a-z0-9]", "", word.lower())
        stem = re.sub(r"v?\d+k?\Z", "", plain) or plain
        if len(stem) > 2 and not any(stem in other or other in stem for other in squeezed if len(other) > 2):
            found.append(
                Finding(
                    "I15",
                    "info",
                    word,
                    f"card datasets {', '.join(evidence.datasets[:5])}",
                    "the card names data sets, but not this one",
                )
            )
    return found


_AUTOMATIC = re.compile(
    r"(?:autotrain|autonlp|modeleval|hfmodelhub)\b|test[-_ ]?\d*\Z|(?:my|your)[-_ ](?:\w+[-_ ])?models?[-_ \d]*\Z",
    re.IGNORECASE,
)


def uninformative_findings(claims: Claims, _: Evidence) -> list[Finding]:
    """I17: nothing but placeholder words."""
    name = claims.name
    base = name.name[name.name.find("/") + 1 :]
    codes = {span.code for span in name.spans}
    if _AUTOMATIC.match(base):
        return [
            Finding(
                "I17",
                "info",
                base,
                "the name alone",
                "a name that a tool or a try-out gives, which says nothing of the content",
            )
        ]
    if name.spans and codes <= {"O", "V"} and all(span.value for span in name.spans):
        return [Finding("I17", "info", base, "the name alone", "only placeholder words")]
    return []
