"""What a commit changes: one of fifteen types, by the first rule that fits; else `unclear`. Nothing is left out.

A rule looks at the kinds of the files (known, or named in the title) and at words of the message. Its confidence is a
judgement, not a measured rate: files decide better than a title that names them, and both better than a word.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import polars as pl

from peatmoss.parse.sync.commit import AUTOSYNC, INITIAL, MERGE

VERSION = "2"
"""Version of the rules: it changes with every change of theirs."""


class ChangeType(NamedTuple):
    """A row of `change_types.csv`. `headline`: the activity of the study's abstract that it belongs to, as we read it."""

    name: str
    change_group: str
    definition: str
    headline: str | None


class Rule(NamedTuple):
    """A type, the confidence in it, and what must hold."""

    name: str
    change_type: str
    confidence: float
    holds: pl.Expr


@cache
def change_types() -> tuple[ChangeType, ...]:
    """The fifteen types, and `other` and `unclear`."""
    text = resources.files("peatmoss.reference").joinpath("change_types.csv").read_text("utf-8")
    return tuple(
        ChangeType(row["name"], row["change_group"], row["definition"], row["headline"] or None)
        for row in csv.DictReader(text.splitlines())
    )


def _only(*kinds: str) -> pl.Expr:
    one = "|".join(kinds)
    return pl.col("kinds").str.contains(f"^({one})(,({one}))*$")


def _any(*kinds: str) -> pl.Expr:
    return pl.col("kinds").str.contains(f"(^|,)({'|'.join(kinds)})(,|$)")


def _says(pattern: str) -> pl.Expr:
    return pl.col("title").str.contains(f"(?i){pattern}")


_INITIAL = Rule("first commit", "project_metadata", 0.95, pl.col("title").str.contains(INITIAL))
_EVALUATION = r"evaluation results|verifytoken|leaderboard|model-index"
_DOCS_WORDS = r"(?:\b|_)(readme|docs?|documentation|model ?cards?|typos?|citations?|cite|bibtex|examples?|notebooks?|demos?|tutorials?|links?|figures?|images?|pictures?|gifs?|screenshots?|diagrams?|logos?|banners?|badges?|news|blogs?|faqs?|guides?|arxiv|papers?|usage|instructions?|colab(oratory)?)\b"
_TOKENIZER_WORDS = r"tokeni[sz]|\bvocab|special tokens?|chat[ _]template|\bmerges\b|pre-?process|\bpadding\b"
_TRAIN_WORDS = (
    r"\b(re-?)?train(ed|ing|er)?\b|\bfine-?tun|\biter_?\d+|\bepochs?\b|\bsteps?\b|\bcheckpoints?\b|\bpre-?train"
)
_DATA_WORDS = r"\b(data(sets?)?|corpus|corpora|labels?|id2label)\b"

HUB_RULES = (
    _INITIAL,
    Rule("copied from git", "sharing", 0.95, _says(AUTOSYNC)),
    Rule("evaluation results", "validation_infrastructure", 0.95, _says(_EVALUATION)),
    Rule("bulk upload or merge", "sharing", 0.85, _says(r"^upload (folder|\d+ files)|upload-large-folder|large[- ]upload|(with|using|via) huggingface_hub|\bgit[- ]?lfs\b|\blfs\b") | _says(MERGE.replace("(?i)", ""))),
    Rule("attributes only", "sharing", 0.9, _only("attributes")),
    Rule("safetensors variant", "model_structure", 0.9, _says(r"safetensors.{0,12}variant")),
    Rule("push of a model class", "model_structure", 0.7, _says(r"^upload \w+(For\w+|Model|Transformer)\b")),
    Rule("deletion of files", "remove_dependency", 0.75, pl.col("is_deletion") & ~_only("card", "docs", "license")),
    Rule("license only", "project_metadata", 0.9, _only("license")),
    Rule("metadata of the card", "project_metadata", 0.75, _only("card") & _says(r"\bmetadata\b")),
    Rule("card and documents only", "external_documentation", 0.9, _only("card", "docs", "license")),
    Rule("metadata only", "project_metadata", 0.8, _only("metadata")),
    Rule("tokenizer files only", "preprocessing", 0.9, _only("tokenizer", "preprocess")),
    Rule("tokenizer in words", "preprocessing", 0.75, _says(_TOKENIZER_WORDS)),
    Rule("labels or data in the configuration", "input_data", 0.65, _only("config") & _says(_DATA_WORDS)),
    Rule("configuration only", "parameter_tuning", 0.85, _only("config")),
    Rule("training with weights", "training_infrastructure", 0.65, _any("weights", "training") & _says(_TRAIN_WORDS)),
    Rule("training state only", "training_infrastructure", 0.7, _only("training")),
    Rule("exports only", "output_data", 0.8, _only("export")),
    Rule("weights", "model_structure", 0.75, _any("weights")),
    Rule("tests only", "validation_infrastructure", 0.7, _only("test", "ci")),
    Rule("dependencies only", "update_dependency", 0.7, _only("dependency")),
    Rule("data only", "input_data", 0.65, _only("data")),
    Rule("model code", "model_structure", 0.65, _only("model", "code", "config") & _any("model", "code")),
    Rule("documents in words", "external_documentation", 0.6, _says(_DOCS_WORDS)),
    Rule("configuration in words", "parameter_tuning", 0.5, _says(r"\b(hyper-?)?param|\bconfig|\b(torch_)?dtype\b|\buse_cache\b")),
    Rule("license or version in words", "project_metadata", 0.5, _says(r"\blicen[sc]e|\bversion\b|\btags?\b|\bmetadata\b")),
    Rule("export in words", "output_data", 0.5, _says(r"\bonnx\b|\bopenvino\b|\bcore ?ml\b|\bshards?\b|\bgguf\b|\bgenerated files\b")),
    Rule("training in words", "training_infrastructure", 0.5, _says(_TRAIN_WORDS)),
    Rule("data in words", "input_data", 0.5, _says(_DATA_WORDS)),
    Rule("weights of a framework", "model_structure", 0.5, _says(r"\b(flax|jax|tf|tf2|tensorflow|keras|pytorch|torch|rust|safetensors)\b.{0,12}\b(model|weights?|checkpoint)\b")),
    Rule("a model, no more said", "other", 0.5, _says(r"^(add|upload|push|commit)( \w+)? model\b")),
    Rule("weights in words", "model_structure", 0.45, _says(r"\bweights?\b|\bmodel\b|\bsafetensors\b|\bpytorch\b|\btensorflow\b|\bflax\b")),
    Rule("a fix, no more said", "other", 0.4, _says(r"\bfix(es|ed)?\b|\bbugs?\b")),
    Rule("an upload, no more said", "sharing", 0.35, _says(r"^upload\b|^add files\b")),
)  # fmt: skip
GITHUB_RULES = (
    _INITIAL,
    Rule("merge", "sharing", 0.7, pl.col("is_merge")),
    Rule("license, card and documents only", "external_documentation", 0.9, _only("card", "docs", "license")),
    Rule("notes for developers only", "internal_documentation", 0.8, _only("internal", "card") & _any("internal")),
    Rule("tests and checks only", "validation_infrastructure", 0.9, _only("test", "ci")),
    Rule("release or version", "project_metadata", 0.7, _says(r"^(bump|update|set|release)\b.{0,24}\bversion\b|^(release|version)? ?v?\d+\.\d+(\.\d+)?\S*$|^prepare .{0,20}release") | _only("metadata")),
    Rule("dependencies added", "add_dependency", 0.75, _only("dependency") & _says(r"^add|\badd(ed|s|ing)?\b|\bnew\b")),
    Rule("dependencies removed", "remove_dependency", 0.75, _only("dependency") & _says(r"\b(remov|delet|drop)\w*")),
    Rule("dependencies only", "update_dependency", 0.8, _only("dependency")),
    Rule("packaging only", "sharing", 0.8, _only("packaging")),
    Rule("preprocessing only", "preprocessing", 0.75, _only("preprocess", "tokenizer")),
    Rule("training only", "training_infrastructure", 0.75, _only("training")),
    Rule("data only", "input_data", 0.7, _only("data")),
    Rule("configuration only", "parameter_tuning", 0.7, _only("config")),
    Rule("model code or weights only", "model_structure", 0.75, _only("model", "weights")),
    Rule("attributes only", "project_metadata", 0.6, _only("attributes")),
    Rule("dependency added, in words", "add_dependency", 0.65, _says(r"\badd(ed|s|ing)?\b.{0,24}(\brequirements?\b|\bdependenc|\bsubmodules?\b)")),
    Rule("dependency removed, in words", "remove_dependency", 0.65, _says(r"\b(remov|delet|drop)\w*\b.{0,24}(\brequirements?\b|\bdependenc|\bsubmodules?\b)")),
    Rule("dependency in words", "update_dependency", 0.65, _says(r"\b(bump|upgrade|pin|unpin|deps)\b|\brequirements?\b|\bdependenc|\bsubmodules?\b")),
    Rule("speed in words", "pipeline_performance", 0.55, _says(r"^perf\b|\bspeed|\bfaster\b|\bmemory\b|\bthroughput\b|\blatency\b|\bperformance\b|\befficien|\bflash[- ]?att|\bquanti[sz]|\bparalleli[sz]|\bcuda kernels?\b|\boptimi[sz]e\b")),
    Rule("documents in words", "external_documentation", 0.6, _says(_DOCS_WORDS)),
    Rule("notes for developers in words", "internal_documentation", 0.6, _says(r"\bdocstrings?\b|\bcomments?\b|\bchangelog\b|\blint|\bformat(ting)?\b|\b(code)?style\b|\bflake8\b|\bprettier\b|\bruff\b|\bblack\b|\bisort\b|\bpep-?8\b")),
    Rule("tests in words", "validation_infrastructure", 0.6, _says(r"\btests?\b|\bci\b|\beval(uat\w+)?\b|\bmetrics?\b|\bbenchmarks?\b|\bleaderboard\b|\bvalidation\b|\btravis\b|\bcoverage\b")),
    Rule("preprocessing in words", "preprocessing", 0.6, _says(_TOKENIZER_WORDS)),
    Rule("training in words", "training_infrastructure", 0.55, _says(_TRAIN_WORDS + r"|\bdistributed\b|\bdeepspeed\b|\boptimi[sz]er\b|\bfsdp\b|\bddp\b|\bmulti-?gpu\b")),
    Rule("parameters in words", "parameter_tuning", 0.5, _says(r"\bhyper-?param|\blearning rate\b|\bbatch[- ]size\b|\bconfig|\bdefault (value|arg)|\bparam(eter)?s?\b")),
    Rule("data in words", "input_data", 0.5, _says(_DATA_WORDS)),
    Rule("model in words", "model_structure", 0.5, _says(r"\bmodels?\b|\blayers?\b|\battention\b|\barchitecture\b|\b(en|de)coder\b|\bembeddings?\b|\bweights?\b|\bforward\b|\bloss\b")),
    Rule("sharing in words", "sharing", 0.5, _says(r"^upload\b|^add files\b|\bdocker|\bpypi\b|\bpackag|\bpublish|\brelease\b|\bhub\b|\blfs\b")),
    Rule("version or license in words", "project_metadata", 0.5, _says(r"\bversion\b|\btags?\b|\blicen[sc]e\b|\bgitignore\b|\bcodeowners\b")),
    Rule("a fix, no more said", "other", 0.5, _says(r"\bfix(es|ed)?\b|\bbugs?\b|\bhotfix\b|\bcrash")),
    Rule("some of the model's code", "model_structure", 0.35, _any("model", "weights")),
    Rule("some training code", "training_infrastructure", 0.3, _any("training")),
)  # fmt: skip


def change(commits: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """Rows (id, title, is_merge, kinds, is_deletion) -> id, change_type, rule, confidence.

    Where the files come from the title, confidence is a tenth lower (`is_named`).
    """
    place = pl.coalesce(
        *(pl.when(rule.holds.fill_null(value=False)).then(pl.lit(n)) for n, rule in enumerate(rules)),
        pl.lit(len(rules)),
    )
    known = pl.DataFrame(
        {
            "place": range(len(rules) + 1),
            "change_type": [*(rule.change_type for rule in rules), "unclear"],
            "rule": [*(rule.name for rule in rules), "no rule"],
            "confidence": [*(rule.confidence for rule in rules), 0.0],
        }
    )
    chosen = commits.select("id", "is_named", place=place.cast(pl.Int64)).join(known, on="place", how="left")
    lower = pl.when("is_named").then(0.1).otherwise(0.0)
    return chosen.select(
        "id", "change_type", "rule", confidence=(pl.max_horizontal(pl.col("confidence") - lower, 0.0)).round(2)
    )
