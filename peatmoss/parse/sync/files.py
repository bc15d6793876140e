"""Paths that a commit touches, or that its title names -> kinds of files, from which its change type follows."""

from __future__ import annotations

import polars as pl

KINDS: tuple[tuple[str, str], ...] = (
    ("docs", r"\.(png|jpe?g|gif|svg|webp|pdf|mp4|drawio|bib)$"),
    ("attributes", r"(^|/)\.git(attributes|ignore|keep)$"),
    ("license", r"(^|/)(un)?(licen[sc]e|notice|copying|copyright|use_policy)[^/]*$"),
    ("ci", r"(^|/)\.(github/workflows|circleci|buildkite)/|(^|/)(\.travis\.yml|\.gitlab-ci\.yml|azure-pipelines\.ya?ml|jenkinsfile|tox\.ini|\.?codecov\.ya?ml|\.coveragerc)$"),
    ("internal", r"(^|/)(changelog|changes|history|contributing|todo|developer|development|style)[^/]*$|(^|/)(\.editorconfig|\.pre-commit-config\.ya?ml|\.flake8|\.pylintrc|\.style\.yapf|\.isort\.cfg|\.clang-format)$|(^|/)\.(vscode|idea)/"),
    ("metadata", r"(^|/)(codeowners|authors|maintainers|version|_?version\.py|__version__\.py|__about__\.py|citation\.cff|emissions\.csv)[^/]*$|(^|/)\.github/"),
    ("dependency", r"(^|/)(requirements[^/]*|constraints[^/]*\.txt|setup\.(py|cfg)|pyproject\.toml|environment[^/]*\.ya?ml|pipfile(\.lock)?|poetry\.lock|uv\.lock|\.gitmodules|package(-lock)?\.json|yarn\.lock|conda[^/]*\.ya?ml|cargo\.(toml|lock)|go\.(mod|sum))$|(^|/)requirements/"),
    ("packaging", r"(^|/)(dockerfile[^/]*|docker-compose[^/]*|\.dockerignore|manifest\.in|makefile|cog\.ya?ml)$|(^|/)docker/"),
    ("card", r"(^|/)(readme|model_?card)[^/]*$"),
    ("export", r"\.(onnx|onnx_data|mlmodel|mlpackage|tflite|xml|ort)$|\.index\.json$|(^|/)(onnx|openvino|coreml)/"),
    ("tokenizer", r"(^|/)[^/]*(tokenizer|tokenization_|vocab|merges|special_tokens|added_tokens|chat_template|spiece|sentencepiece|bpe|preprocessor_config|processor_config|feature_extractor)[^/]*$|\.(spm|model)$"),
    ("training", r"(^|/)(training_args|optimizer|scheduler|trainer_state|rng_state|train_results|all_results)[^/]*$|(^|/)(checkpoint-\d+|runs)/|tfevents|(^|/)[^/]*(train|finetun|fine_tun|pretrain|deepspeed|accelerate)[^/]*\.(py|sh|ya?ml|json|slurm)$|(^|/)train(ing|er)?/"),
    ("test", r"(^|/)(unit)?tests?(ing)?/|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$|(^|/)[^/]*(eval|benchmark|metric|leaderboard)[^/]*$|(^|/)(eval|evaluation|benchmarks?|metrics?)/"),
    ("weights", r"\.(bin|safetensors|pt|pth|h5|hdf5|msgpack|ckpt|gguf|ggml|npz|npy|params|ot|pdparams|joblib|pkl|pickle|nemo|tar|caffemodel|pb|zip|keras)$|(^|/)pytorch_model|\.(data-\d+-of-\d+|meta|ckpt-\d+)"),
    ("docs", r"\.(md|rst|ipynb|html)$|(^|/)(docs?|documentation|examples?|demos?|tutorials?|notebooks?|assets|images?|figures?|blog)/"),
    ("preprocess", r"(^|/)[^/]*(preprocess|pre_process|tokeniz|clean|normali[sz])[^/]*\.(py|sh|pl|cpp|rs)$|(^|/)(preprocess(ing)?|tokeni[sz]ers?)/"),
    ("data", r"\.(csv|tsv|jsonl|parquet|arrow|conll|conllu|txt|xlsx)$|(^|/)(data|datasets?|corpora|corpus)/|(^|/)[^/]*(data_?load|dataset|data_utils)[^/]*\.py$"),
    ("config", r"(^|/)[^/]*config[^/]*\.(json|ya?ml|py|toml)$|\.(json|ya?ml|toml|cfg|ini|gin|conf)$|(^|/)conf(igs?)?/"),
    ("model", r"(^|/)[^/]*(model|network|layer|attention|encoder|decoder|transformer|architecture|embedding|module|backbone|head)[^/]*\.(py|cc?|cpp|cu|h|rs|java)$|(^|/)(models?|modules|layers|networks?)/"),
    ("code", r"\.(py|sh|cc?|cpp|cu|h|hpp|js|ts|tsx|java|rs|go|pl|lua|r|jl|m)$"),
)  # fmt: skip
"""Kind -> pattern of the lower-case path; the first that fits counts."""

NAMED = r"(?i)(?:^|[\s`'\"(])((?:[\w.-]+/)*(?:[\w-]+(?:\.[\w-]+)*\.[a-z][a-z0-9]{0,11}|\.git(?:attributes|ignore)|licen[sc]e|readme|dockerfile))(?:$|[\s`'\")(,:;]|\.(?:\s|$))"
"""A file that a title names."""


def kind(path: pl.Expr) -> pl.Expr:
    """The kind of a file by its path; `other` if no pattern fits."""
    lowered = path.str.to_lowercase()
    return pl.coalesce(
        *(pl.when(lowered.str.contains(pattern)).then(pl.lit(name)) for name, pattern in KINDS), pl.lit("other")
    )


def kinds(files: pl.DataFrame) -> pl.DataFrame:
    """Rows (id, path, change) -> id, kinds (sorted, joined by commas), is_deletion (every file went)."""
    return (
        files.with_columns(kind=kind(pl.col("path")))
        .group_by("id")
        .agg(
            kinds=pl.col("kind").unique().sort().str.join(","),
            is_deletion=(pl.col("change") == "deleted").fill_null(value=False).all(),
        )
    )


def named(titles: pl.DataFrame) -> pl.DataFrame:
    """Rows (id, title) -> the files that titles name, as rows (id, path, change)."""
    found = titles.select(
        "id",
        path=pl.col("title").str.extract_all(NAMED),
        change=pl.when(pl.col("title").str.contains(r"^(?i)(delete|remove|rm)\b")).then(pl.lit("deleted")),
    ).explode("path", empty_as_null=False)
    return found.drop_nulls("path").with_columns(
        pl.col("path").str.strip_chars_start(" \t\n`'\"(").str.strip_chars_end(" \t\n`'\"),:;.")
    )
