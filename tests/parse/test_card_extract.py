"""Facts of cards: each with its words, its place and its normal form; and nothing that the card does not say."""

import csv
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peatmoss.parse.card import FIELDS, MAX_CARD, Value, extract
from peatmoss.parse.card import vocabulary as words

LABELS = Path(__file__).parent
TRAINER = """---
license: apache-2.0
tags:
- generated_from_trainer
datasets:
- squad
model-index:
- name: x
  results:
  - task:
      type: question-answering
    dataset:
      name: squad
      type: squad
      split: validation
    metrics:
    - name: F1
      type: f1
      value: 88.5
---
# x
This model is a fine-tuned version of [org/base](https://huggingface.co/org/base) on the squad dataset.
It achieves the following results on the evaluation set:
- Loss: 1.25
- F1: 0.885

## Intended uses & limitations

More information needed

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 2e-05
- train_batch_size: 8
- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08
- num_epochs: 3.0

### Framework versions

- Transformers 4.16.2
- Pytorch 1.10.0+cu111
"""


def values(text: str, field: str, model_id: str | None = None) -> list[Value]:
    return [value for value in extract(text, model_id).values if value.field == field]


def said(text: str, field: str, model_id: str | None = None) -> set[str]:
    return {value.value for value in values(text, field, model_id)}


def numbers(text: str, field: str, model_id: str | None = None) -> set[tuple[str | None, float | None, str | None]]:
    return {(value.name, value.number, value.unit) for value in values(text, field, model_id)}


def test_a_trainer_card_gives_all_that_it_says() -> None:
    found = extract(TRAINER, "me/x")
    assert found.status == "ok"
    assert found.cut is None
    assert said(TRAINER, "base_model") == {"org/base"}
    assert values(TRAINER, "base_model")[0].role == "finetune"
    assert said(TRAINER, "task") == {"question-answering"}
    assert said(TRAINER, "domain") == {"natural-language-processing"}
    assert said(TRAINER, "library") == {"transformers", "pytorch"}
    assert {v.name: v.value for v in values(TRAINER, "hyper_parameter")} == {
        "learning_rate": "2e-05", "train_batch_size": "8", "optimizer": "Adam", "num_epochs": "3",
    }  # fmt: skip
    assert numbers(TRAINER, "evaluation") == {("F1", 88.5, "percent"), ("F1", 0.885, "ratio"), ("Loss", 1.25, None)}
    assert not values(TRAINER, "limitation")
    assert not values(TRAINER, "intended_use")


def test_a_value_of_the_front_matter_has_its_path() -> None:
    [f1] = [v for v in values(TRAINER, "evaluation") if v.path]
    assert (f1.path, f1.raw, f1.dataset, f1.split) == (
        "model-index[0].results[0].metrics[0].value", "88.5", "squad", "validation",
    )  # fmt: skip
    assert (f1.start, f1.end, f1.confidence) == (None, None, 1.0)


def test_every_place_in_the_body_holds_exactly_the_words() -> None:
    for value in extract(TRAINER, "me/x").values:
        assert value.field in FIELDS
        if value.path is None:
            assert value.start is not None
            assert TRAINER[value.start : value.end] == value.raw


@pytest.mark.parametrize(
    ("front", "field", "expected"),
    [
        ("language: no", "language", {"no"}),
        ("language: en-de", "language", {"en", "de"}),
        ("language: pt-br", "language", {"pt"}),
        ("language: sv-SE", "language", {"sv"}),
        ("language: [English, multilingual]", "language", {"en", "multilingual"}),
        ("license: other\nlicense_name: my-license", "license", {"my-license"}),
        ("license: MIT", "license", {"mit"}),
        ("licence: [mit, apache-2.0]", "license", {"mit", "apache-2.0"}),
        ("base_model: [a/b, c/d]", "base_model", {"a/b", "c/d"}),
        ("tags: [object detection, timm, 'arxiv:2001.00001']", "task", {"object-detection"}),
        ("tags: [object detection, timm, 'arxiv:2001.00001']", "library", {"timm"}),
        ("tags: [object detection, timm, 'arxiv:2001.00001']", "paper", {"arxiv:2001.00001"}),
        ("datasets: {name: x}", "dataset", {"x"}),
        ("co2_eq_emissions: 5500", "carbon_emitted", {"5.5"}),
        ("co2_eq_emissions: {emissions: 250, geographical_location: Quebec}", "carbon_emitted", {"0.25"}),
        ("co2_eq_emissions: {emissions: 250, geographical_location: Quebec}", "hardware_region", {"Quebec"}),
        ("model-index: [{results: [{metrics: [{type: wer, value: [12.5]}]}]}]", "evaluation", {"12.5"}),
        ("model-index: {results: 1}", "evaluation", set()),
        ("model-index: [[1], {results: [2, {metrics: 3}, {metrics: [4, {value: x, name: y}]}]}]", "evaluation", set()),
        ("base_model: {x: y}\ntags: 3\nlanguage: {a: b}", "base_model", set()),
    ],
)  # fmt: skip
def test_front_matter_in_every_shape_it_comes_in(front: str, field: str, expected: set[str]) -> None:
    assert said(f"---\n{front}\n---\n", field) == expected


@pytest.mark.parametrize(
    ("body", "field", "expected"),
    [
        ("- **License:** Apache 2.0", "license", {"apache-2.0"}),
        ("**License:** [CC BY-NC 4.0](https://creativecommons.org/licenses/by-nc/4.0/)", "license", {"cc-by-nc-4.0"}),
        ("- **License:** [More Information Needed]", "license", set()),
        ("- **Language(s) (NLP):** English, German", "language", {"en", "de"}),
        ("- **Finetuned from model [optional]:** meta-llama/Llama-2-7b-hf", "base_model", {"meta-llama/Llama-2-7b-hf"}),
        ("static quants of https://huggingface.co/org/Big-70B", "base_model", {"org/Big-70B"}),
        ("This `xlnet-base-cased` model was fine-tuned for sentences.", "base_model", {"xlnet-base-cased"}),
        ("It is based on a simple idea.", "base_model", set()),
        ("It was fine-tuned from scratch.", "base_model", set()),
        ("It was trained on the [SQuAD v2](https://x.org) dataset.", "dataset", {"squad_v2"}),
        ("fine-tuned on the None dataset", "dataset", set()),
        ("See https://huggingface.co/datasets/org/data", "dataset", {"org/data"}),
        ("```python\nload_dataset('org/data')\n```", "dataset", {"org/data"}),
        ("A model with 1.3 billion parameters.", "parameter_count", {"1300000000"}),
        ("It has 162,454,608 trainable parameters.", "parameter_count", {"162454608"}),
        ("- **Parameters:** 7B", "parameter_count", {"7000000000"}),
        ("**Model size**: `379MB`", "parameter_count", set()),
        ("We tune 3 parameters.", "parameter_count", set()),
        ("Trained on 8 V100 GPUs.", "hardware", {"NVIDIA V100"}),
        ("**Infrastructure**: 4x Tesla v100", "hardware", {"NVIDIA V100"}),
        ("Trained on a single TPU v3-8.", "hardware", {"Google TPU TPU v3-8"}),
        ("Inference runs on a T4 GPU.", "hardware", set()),
        ("Fine-tuning took 2 days on one A100.", "hardware_hours", {"48"}),
        ("- **Hours used:** 10", "hardware_hours", {"10"}),
        ("## Environmental Impact\n- **Cloud Provider:** AWS", "hardware_provider", {"AWS"}),
        ("- **Carbon Emitted:** 0.5 kg CO2eq", "carbon_emitted", {"0.5"}),
        ("- CO2 Emissions (in grams): 250", "carbon_emitted", {"0.25"}),
        ("context length of 8k tokens", "context_length", {"8192"}),
        ("- **Context length:** 2K tokens", "context_length", {"2048"}),
        ("```\nTransformer({'max_seq_length': 256})\n```", "context_length", {"256"}),
        ("Try the [demo](https://huggingface.co/spaces/org/demo)!", "demo", {"https://huggingface.co/spaces/org/demo"}),
        ("This work was funded by the Foundation.", "grant", {"This work was funded by the Foundation"}),
        ("Two languages are supported by the model.", "grant", set()),
        ("## Input\n- **Input Type(s):** Text", "input_format", {"Text"}),
        ("The inputs are then of the form:\n```\n[CLS] A [SEP]\n```", "input_format", {"[CLS] A [SEP]"}),
        ("## Limitations\n\nIt fails on long texts, often.", "limitation", {"present"}),
        ("## Limitations\n\nMore information needed", "limitation", set()),
        ("## Limitations\n\n[More Information Needed]\n\n### Recommendations\n\nUsers (both direct and downstream) "
         "should be made aware of the risks, biases and limitations of the model. More information needed for further "
         "recommendations.", "limitation", set()),
        ("## Intended uses & limitations\n\nYou can use it to extract features.", "intended_use", {"present"}),
        ("## Intended uses & limitations\n\nYou can use it to extract features.", "limitation", set()),
        ("```bibtex\n@misc{a, title={A paper}, year={2020}}\n```", "citation", {"present"}),
        ("pipe = pipeline('fill-mask')", "task", set()),
        ("```python\npipe = pipeline('fill-mask')\n```", "task", {"fill-mask"}),
        ("# Sentiment analysis of English tweets", "task", {"text-classification"}),
        ("# Sentiment analysis of English tweets", "language", {"en"}),
        ("```python\nfrom sentence_transformers import SentenceTransformer\n```", "library", {"sentence-transformers"}),
    ],
)  # fmt: skip
def test_what_a_body_says(body: str, field: str, expected: set[str]) -> None:
    assert said(body + "\n", field) == expected


def test_devices_are_counted() -> None:
    [device] = values("It was trained on two NVIDIA A100 GPUs.", "hardware")
    assert (device.value, device.number, device.unit, device.raw) == ("NVIDIA A100", 2, "device", "two NVIDIA A100")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://arxiv.org/pdf/1910.10683.pdf", {"arxiv:1910.10683"}),
        ("arXiv:2001.00001v3", {"arxiv:2001.00001"}),
        ("https://www.aclweb.org/anthology/N19-1423.pdf", {"acl:N19-1423"}),
        ("https://aclanthology.org/2021.acl-long.68 or doi.org/10.18653/v1/2021.acl-long.68", {"acl:2021.acl-long.68"}),
        ("https://doi.org/10.1101/2020.07.12.199554", {"doi:10.1101/2020.07.12.199554"}),
        ("https://doi.org/10.48550/arXiv.2001.00001", {"arxiv:2001.00001"}),
        ("```\n@misc{a,\n title={Some Long Title},\n eprint={2001.00001},\n}\n```", {"arxiv:2001.00001"}),
        ("```\n@article{a,\n title={{S}ome Long Title},\n year={2020}\n}\n```", {"title:some long title"}),
        ("[Some Long Title](https://arxiv.org/abs/2001.00001)\n```\n@article{a,\n title={Some Long Title}\n}\n```",
         {"arxiv:2001.00001"}),
        ("```\n@misc{a,\n title={A Model},\n howpublished={\\url{https://huggingface.co/a/b}}\n}\n```", set()),
        ("Estimated as in [Lacoste et al. (2019)](https://arxiv.org/abs/1910.09700).", set()),
    ],
)  # fmt: skip
def test_papers_have_one_name_each(text: str, expected: set[str]) -> None:
    assert said(text, "paper") == expected


def test_repositories_are_upstream_or_mere_mention() -> None:
    text = (
        "Code: https://github.com/org/tool and <https://github.com/other/thing/issues/3>.\n\n"
        "![picture](https://raw.githubusercontent.com/org/pictures/main/a.png)\n\n"
        "[template](https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/templates/modelcard_template.md)\n"
    )
    assert {v.value: v.role for v in values(text, "github_repository")} == {
        "org/tool": "upstream",
        "other/thing": "mention",
    }
    assert values("see github.com/lab/my-bert.git", "github_repository", "someone/my-bert-base")[0].role == "upstream"


SETTINGS = """The model was trained on 32 TPU v3 cores for 200,000 steps with maximum sequence length 512 and batch size
of 128. The optimizer used is Adam with a learning rate of 1.25e-5, a weight decay of 0.01 and a warmup ratio of 0.2.
"""


def test_settings_are_read_from_sentences() -> None:
    assert {v.name: v.value for v in values(SETTINGS, "hyper_parameter")} == {
        "training_steps": "200000", "max_seq_length": "512", "train_batch_size": "128", "optimizer": "Adam",
        "learning_rate": "1.25e-05", "weight_decay": "0.01", "warmup_ratio": "0.2",
    }  # fmt: skip


@pytest.mark.parametrize(
    "block",
    [
        "```\nbatch_size = 96\nn_epochs = 2\nlearning_rate = 3e-5\n```",
        "```python\nArguments(\n  num_train_epochs=2,  # epochs\n  learning_rate=3e-5,\n"
        "  per_device_train_batch_size=96,\n)\n```",
        "```sh\npython run.py \\\n  --per_gpu_train_batch_size 96 \\\n  --learning_rate 3e-5 \\\n"
        "  --num_train_epochs 2 \\\n```",
        "| Hyperparameter | Value |\n|---|---|\n| lr | 3e-5 |\n| batch size | 96 |\n| epochs | 2 |",
        "- **Batch size:** 96\n- **Epochs:** 2\n- **Learning rate:** 3e-5",
        '```\n{\n "epochs": 2,\n "lr": 3e-05,\n "batch_size": 96\n}\n```',
    ],
)
def test_settings_are_read_from_code_lists_and_tables(block: str) -> None:
    found = {v.name: v.number for v in values(f"## Training hyperparameters\n\n{block}\n", "hyper_parameter")}
    assert found == {"train_batch_size": 96, "num_epochs": 2, "learning_rate": 3e-5}


def test_settings_of_an_inference_are_none_of_the_training() -> None:
    text = "## Usage\n\n```python\nmodel.generate(max_length=200, num_beams=4)\ntokenizer(x, max_length=512)\n```\n"
    assert not values(text, "hyper_parameter")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("| Metric | Value |\n|---|---|\n| **EM** | **77.64** |\n| F1 | 81.32 |", {("EM", 77.64), ("F1", 81.32)}),
        ("| testset | BLEU | chr-F |\n|---|---|---|\n| news | 32.3 | 0.492 |", {("BLEU", 32.3), ("chr-F", 0.492)}),
        ("| Model | F1 | Speed |\n|---|---|---|\n| other | 70.1 | 3 |\n| mine (ours) | 81.0 | 5 |", {("F1", 81.0)}),
        ("| Model | F1 |\n|---|---|\n| other | 70.1 |\n| another | 81.0 |", set()),
        ("| Benchmark | org/my-model | org/other |\n|---|---|---|\n| MMLU | 54.2 | 60.0 |", {("MMLU", 54.2)}),
        ("| Epoch | Step | Training Loss | Validation Loss | F1 |\n|---|---|---|---|---|\n| 1 | 10 | 2 | 1.5 | 0 |\n"
         "| 2 | 20 | 1.0 | 1.1 | 0.7 |",
         {("Validation Loss", 1.1), ("F1", 0.7)}),
        ("| Dataset | Rows |\n|---|---|\n| train | 130319 |", set()),
        ("<table><tr><th>Metric</th><th>Value</th></tr><tr><td>F1</td><td>81.3</td></tr></table>", {("F1", 81.3)}),
    ],
)  # fmt: skip
def test_results_of_this_model_are_read_from_tables(table: str, expected: set[tuple[str, float]]) -> None:
    found = values(f"## Evaluation results\n\n{table}\n", "evaluation", "org/my-model")
    assert {(v.name, v.number) for v in found} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This model reaches a F1 score of 86.9 on the dev set.", {("F1 score", 86.9, "percent")}),
        ("We got a **BLEU score of 20.61**.", {("BLEU score", 20.61, "points")}),
        ("It has a top1-accuracy of 82.6% and a top-5 accuracy of 96.5%.",
         {("top1-accuracy", 82.6, "percent"), ("top-5 accuracy", 96.5, "percent")}),
        ("Its **F1 is 88.72**, compared with F1 of 88.5 for the dense version.", {("F1", 88.72, "percent")}),
        ("The accuracy is good.", set()),
    ],
)  # fmt: skip
def test_results_are_read_from_sentences(text: str, expected: set[Any]) -> None:
    assert numbers(text, "evaluation") == expected


def test_averages_of_a_printed_report_are_results() -> None:
    text = (
        "## Metrics\n\n```\n           precision    recall  f1-score   support\n\n      ORG     0.81  0.80  0.80  10\n"
        "\nmicro avg       0.87      0.86      0.88    33\n```\n"
    )
    assert {(v.name, v.number) for v in values(text, "evaluation")} == {
        ("micro precision", 0.87),
        ("micro recall", 0.86),
        ("micro f1", 0.88),
    }


@pytest.mark.parametrize(
    "vocabulary", ["card_metrics", "card_hyper_parameters", "card_licenses", "card_datasets", "card_tasks"]
)
def test_no_spelling_stands_for_two_things(vocabulary: str) -> None:
    seen: dict[str, str] = {}
    for row in words.table(vocabulary):
        main, spellings = list(row.values())[:2]
        assert row["source"], main
        for spelling in spellings.split("|"):
            if spelling:
                assert seen.setdefault(words.fold(spelling), main) == main, spelling


def test_curated_names_are_those_of_the_hub() -> None:
    tasks = {row["task"] for row in words.table("tasks")}
    assert {row["task"] for row in words.table("card_tasks")} <= tasks
    assert {row["field"] for row in words.table("card_keys")} - {"train_dataset", "evaluation_dataset"} <= set(FIELDS)


def test_the_labels_are_of_the_sample_and_of_known_fields() -> None:
    with (LABELS / "card_sample.csv").open(newline="") as stream:
        sample = list(csv.DictReader(stream))
    with (LABELS / "card_labels.csv").open(newline="") as stream:
        labels = list(csv.DictReader(stream))
    halves = [row["half"] for row in sample]
    assert [halves.count(half) for half in ("open", "held", "second")] == [60, 60, 62]
    assert {row["model_id"] for row in labels} <= {row["model_id"] for row in sample}
    assert {row["field"] for row in labels} <= set(FIELDS)
    assert {row["kind"] for row in labels} == {"must", "may", "any"}


@given(st.text(max_size=400), st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_nothing_fails_and_every_place_holds_its_words(body: str, front: str) -> None:
    table = f"| Metric | Value |\n|---|---|\n| Accuracy | {body[:30]} 91% |\n"
    text = f"---\n{front}\n---\n{body}\n# Results\n- F1: 0.5\n{table}"
    for value in extract(text, "a/b").values:
        if value.start is not None:
            assert text.replace("\x00", "\ufffd")[value.start : value.end] == value.raw


def test_the_sample_reaches_the_goal_where_the_real_cards_are() -> None:
    data = Path(os.environ.get("PEATMOSS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
    if not (data / "hub" / "hub_2022-02_readmes.jsonl.gz").exists():
        pytest.skip("the real cards (PEATMOSS_REAL_DATA) are not here")
    pytest.importorskip("benchmarks.cards_quality")
    from benchmarks import cards_quality

    scores = cards_quality.measure("all", data)
    short = {name for name, score in scores.items() if score.hits + score.missed >= cards_quality.FEW
             and not ((score.precision or 0) >= 0.95 and (score.recall or 0) >= 0.85)}  # fmt: skip
    assert not short


def test_a_large_card_is_read_in_part_and_says_so() -> None:
    found = extract("# A\n" + "word " * (MAX_CARD // 4))
    assert found.cut
    assert "not read" in found.cut
