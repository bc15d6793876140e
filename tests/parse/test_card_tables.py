"""Results and sizes in tables: which numbers are this model's, and what they measure."""

import pytest

from peatmoss.parse.card import extract
from peatmoss.parse.card.document import document
from peatmoss.parse.card.own import names, ours

ID = "me/polbert-base-cased-v1"


def results(text: str, model_id: str = ID) -> set[tuple[str | None, float | None, str | None]]:
    return {(v.name, v.number, v.dataset) for v in extract(text, model_id).values if v.field == "evaluation"}


def numbers(field: str, text: str, model_id: str = ID) -> set[float | None]:
    return {value.number for value in extract(text, model_id).values if value.field == field}


def test_a_card_calls_its_model_by_title_and_first_subject() -> None:
    assert names(document("# Polbert - Polish BERT\n\nFoBERT features a custom vocabulary.\n")) == ("Polbert", "FoBERT")
    assert names(document("# Model description\n\nThis model is a test.\n")) == ()


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["polbert-base-cased-v1", "BERT"], [0]),
        (["BERT", "this model"], [1]),
        (["Polbert cased", "Polbert uncased", "BERT"], [0]),
        (["**Another**", "BERT", "XLM"], [0]),
        (["Another", "BERT-x", "XLM"], []),
    ],
)
def test_the_row_of_the_model_is_found_by_id_name_words_or_bold_type(labels: list[str], expected: list[int]) -> None:
    assert ours(labels, ID, ("Polbert",)) == expected


def test_the_columns_of_a_second_header_are_metrics_and_the_first_names_datasets() -> None:
    table = "|Data|LAMBADA|WikiText|\n|-|-|-|\n|(metric)|(ACC)|(PPL)|\n||45.99|29.41|\n"
    assert results(f"## Results\n{table}") == {("ACC", 45.99, "LAMBADA"), ("PPL", 29.41, "WikiText")}


def test_paired_metrics_are_taken_apart() -> None:
    table = "|Model|XQuAD (F1/EM)|\n|-|-|\n|polbert-base-cased-v1|**86.9/73.2**|\n|BERT|70.1/60.2|\n"
    assert results(f"## Results\n{table}") == {("F1", 86.9, "XQuAD"), ("EM", 73.2, "XQuAD")}


def test_benchmarks_whose_header_names_the_metric_count_with_those_that_do_not() -> None:
    table = (
        "|Model|# Params|Avg.|NSMC (acc)|\n|-|-|-|-|\n|***polbert-base-cased-v1***|110M|85.3|90.5|\n|BERT|1M|1.5|2.5|\n"
    )
    assert {name for name, _, _ in results(f"## Results\n{table}")} == {"Avg.", "NSMC (acc)"}


def test_one_result_a_line_keeps_the_task_of_the_line_above_and_the_average() -> None:
    table = (
        "|Task|Version|Metric|Value|   |Stderr|\n|-|-|-|-|-|-|\n|arc|0|acc|48.12|±|1.46|\n"
        "|||acc\\_norm|51.27|±|1.46|\nAverage: 22.29\n"
    )
    assert results(f"## Results\n{table}") == {
        ("acc", 48.12, "arc"),
        ("acc_norm", 51.27, "arc"),
        ("Average", 22.29, None),
    }


def test_rows_below_a_group_belong_to_it() -> None:
    table = "|  |Average|MNLI|\n|-|-|-|\n|V2|\n|ALBERT-base|82.3|84.6|\n|V1|\n|ALBERT-base|80.1|81.6|\n"
    assert results(f"## Results\n{table}", "me/albert-base-v2") == {
        ("Average", 82.3, "Average"),
        ("MNLI", 84.6, "MNLI"),
    }


def test_the_name_of_a_benchmark_stands_in_the_last_column_of_words() -> None:
    table = (
        "|Kind|Benchmark|Other|Polbert|\n|-|-|-|-|\n|Math|AIME|16.0|79.8|\n||MATH-500|78.3|97.3|\n||# Params|1B|2B|\n"
    )
    text = f"# Polbert\n## Evaluation\n{table}"
    assert {(name, number) for name, number, _ in results(text)} == {("AIME", 79.8), ("MATH-500", 97.3)}


def test_parts_of_the_data_are_columns_and_rival_models_are_not() -> None:
    parts = "||Sentence-level|Note-level|\n|-|-|-|\n|MAE|0.69|0.61|\n"
    assert results(f"## Results\n{parts}") == {("MAE", 0.69, "Sentence-level"), ("MAE", 0.61, "Note-level")}
    rivals = "||BERT|XLM-R|\n|-|-|-|\n|MAE|0.69|0.61|\n"
    assert results(f"## Results\n{rivals}") == {("MAE", 0.69, "BERT")}


def test_one_line_of_numbers_is_the_models() -> None:
    assert results("### Eval results\n\nmnli-m | anli-r3\n-|-\n0.903 | 0.495\n") == {
        ("mnli-m", 0.903, "mnli-m"), ("anli-r3", 0.495, "anli-r3"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "table",
    [
        "||ARG|NON|\n|-|-|-|\n|ARG|2213|558|\n|NON|325|1790|\n",
        "|Model|F1|\n|-|-|\n|BERT|80.6|\n|XLM|82.4|\n",
        "|Models|P|R|F1|\n|-|-|-|-|\n|German BERT|86.0|75.8|80.6|\n|Other 256|87.4|77.9|82.4|\n",
    ],
)
def test_confusion_matrices_and_other_models_are_no_results(table: str) -> None:
    assert results(f"## Results\n{table}") == set()


def test_spanning_cells_of_html_tables_keep_the_columns_in_place() -> None:
    text = (
        "## Results\n<table><tr><th rowspan='2'>Model</th><th colspan='2'>XNLI</th></tr>"
        "<tr><th>Accuracy</th><th>F1</th></tr>"
        "<tr><td>ours</td><td> 81.2</td><td>80.1</td></tr><tr><td>BERT</td><td>71.2</td><td>70.1</td></tr></table>\n"
    )
    assert results(text) == {("Accuracy", 81.2, "XNLI"), ("F1", 80.1, "XNLI")}
    assert {v.raw for v in extract(text, ID).values if v.field == "evaluation"} == {"81.2", "80.1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Results**:\n\n{'exact': 67.38, 'f1': 71.36, 'total': 9669}\n", {"exact": 67.38, "f1": 71.36}),
        ("```\n  eval_exact_match = 80.7\n  eval_f1 = 87.9\n  eval_samples = 10784\n```",
         {"eval_exact_match": 80.7, "eval_f1": 87.9}),
        ("# Evaluation\n- Euclidean Pearson: 82.19\n- Dot Spearman: 78.78\n",
         {"Euclidean Pearson": 82.19, "Dot Spearman": 78.78}),
        ("Output:\n```\n[{'word': 'Idag', 'score': 0.99, 'entity': 'TME'}]\n```", {}),
        ("It has an accuracy of 80.3, comparable to X, which achieves an accuracy of 82.6.", {"accuracy": 80.3}),
    ],
)  # fmt: skip
def test_printed_results_count_and_the_output_of_a_pipeline_does_not(text: str, expected: dict[str, float]) -> None:
    assert {name: number for name, number, _ in results(text)} == expected


def test_the_older_form_of_a_model_index_has_one_metric() -> None:
    text = "---\nmodel_index:\n- name: x\n  results:\n  - metric: {name: Accuracy, type: accuracy, value: 0.91}\n---\n"
    assert results(text) == {("Accuracy", 0.91, None)}


FAMILY = (
    "A family ranging in scale from 7 billion to 70 billion parameters.\n\n"
    "||Params|Content Length|\n|-|-|-|\n|Foo 2|7B|4k|\n|Foo 2|13B|4k|\n\n"
    "||Time (GPU hours)|Carbon Emitted(tCO2eq)|\n|-|-|-|\n|Foo 2 7B|184320|31.22|\n|Foo 2 13B|368640|62.44|\n"
)


def test_of_a_family_only_the_size_in_the_id_is_the_models() -> None:
    assert numbers("parameter_count", FAMILY, "me/foo-2-7b-hf") == {7e9}
    assert numbers("context_length", FAMILY, "me/foo-2-7b-hf") == {4096}
    assert numbers("carbon_emitted", FAMILY, "me/foo-2-7b-hf") == {31220}
    assert numbers("hardware_hours", FAMILY, "me/foo-2-7b-hf") == {184320}
    assert numbers("parameter_count", FAMILY, "me/foo-2") == set()


def test_emissions_and_hours_are_read_in_sentences() -> None:
    text = (
        "Training took 200,000 A100 80GB hours, an emission of ~19000kg CO2 eq.\n\n"
        "- Carbon Emitted: 1.4 kWh x 0.57 = 0.8 kg CO2\n"
    )
    assert numbers("hardware_hours", text) == {200_000}
    assert numbers("carbon_emitted", text) == {19_000, 0.8}


def test_the_provider_is_who_runs_the_machines() -> None:
    text = "It was fine-tuned on [Tencent Cloud](https://x.org), and trained on a Google Cloud TPU v3-8."
    assert {v.value for v in extract(text, ID).values if v.field == "hardware_provider"} == {"Tencent Cloud"}


def test_a_table_of_notebooks_shows_other_models() -> None:
    rows = "".join(
        f"|m{n}|[nb](https://colab.research.google.com/github/a/b/blob/main/M_({n}B)-x.ipynb)|\n" for n in range(4)
    )
    demos = {v.value for v in extract(f"|Model|Notebook|\n|-|-|\n{rows}", ID).values if v.field == "demo"}
    assert demos == set()
    text = "Open the notebook: https://colab.research.google.com/github/a/b/blob/main/M_(8B)-x.ipynb"
    assert {v.value for v in extract(text, ID).values if v.field == "demo"} == {text.partition(": ")[2]}
