"""Datasets that sentences list, link or name; results in the forms that tools print."""

import pytest

from peatmoss.parse.card import extract
from peatmoss.parse.card import vocabulary as words
from peatmoss.parse.card.known import known


def datasets(text: str) -> set[str]:
    """The datasets of a card."""
    return {value.value for value in extract(text, "a/my-model").values if value.field == "dataset"}


def results(text: str) -> set[tuple[str, str]]:
    """(metric, value) of a card's results."""
    return {
        (value.name or "", value.value) for value in extract(text, "a/my-model").values if value.field == "evaluation"
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was fine-tuned on the [Foo](https://x.org), [BarQA](https://y.org) and [Baz](https://z.org) datasets.",
         {"Foo", "BarQA", "Baz"}),
        ("The training corpus is the union of the [Foo](https://x.org) and [Bar](https://y.org) corpora.",
         {"Foo", "Bar"}),
        ("We evaluated it on the [Foo](https://x.org) and [BarQA](https://y.org) tasks.", {"Foo", "BarQA"}),
        ("This is a version of [b](https://huggingface.co/b/c) tuned on an Foo-dialogue dataset.", {"Foo-dialogue"}),
        ("It was trained on the Book of Foos dataset.", {"Book of Foos"}),
        ("It was trained with 3 datasets including Foo2014, BarImages, and BAZ100K.",
         {"Foo2014", "BarImages", "BAZ100K"}),
        ("The data set used for training is [here](https://www.kaggle.com/someone/foo-lines).",
         {"someone/foo-lines"}),
        ("Fine-tuned on the German Common Voice dataset.", {"common_voice"}),
        ("# ALBERT fine-tuned on SQuAD2.0", {"squad_v2"}),
        ("It was trained on FEVER and OSCAR-Japanese.", {"fever", "oscar"}),
        ('It was tested on the dataset "Foobar".', {"Foobar"}),
        ("FooBar2015的训练集", {"FooBar2015"}),
    ],
)  # fmt: skip
def test_datasets_in_lists_and_before_the_word_are_found(text: str, expected: set[str]) -> None:
    assert datasets(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It was trained by the [Foo Institute](https://x.org) on papers of a corpus.",
        "It was trained with [Guided Attention](https://x.org) on our data.",
        "It was fine-tuned on an unknown dataset.",
        "It was trained on 400 GB, compared to 825 GB for The Pile.",
        "It was fine-tuned on the None dataset.",
        "Start from [b](https://huggingface.co/b/c) and train it on our dataset.",
        "The code for the training data is in [this kernel](https://www.kaggle.com/someone/foo-lines).",
    ],
)
def test_institutes_methods_models_and_what_could_be_done_are_no_datasets(text: str) -> None:
    assert datasets(text) == set()


def test_a_spelling_with_capitals_counts_only_as_written() -> None:
    assert [name.dataset for name in known("trained on CoLA and RTE")] == ["cola", "rte"]
    assert not list(known("a cola to race the spider, copa and all"))


def test_the_longest_name_is_taken_and_no_part_of_a_word() -> None:
    assert [name.dataset for name in known("MultiNLI, not xMultiNLI; imagenet-21k")] == ["multi_nli", "imagenet-21k"]


def test_every_spelling_of_a_dataset_is_of_one_dataset() -> None:
    rows = list(words.table("card_datasets"))
    assert len({row["dataset"] for row in rows}) == len(rows)
    assert all(row["source"] for row in rows)
    spelled = [words.fold(name) for row in rows for name in row["name"].split("|") if name]
    assert sorted(name for name in set(spelled) if spelled.count(name) > 1) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Test Result**: 29.31 %", {("Test Result", "29.31")}),
        ("It achieves 71.5 % exact-set match accuracy on the dev set.", {("accuracy", "71.5")}),
        ("The accuracy on the test set is equal to 82%.", {("accuracy", "82")}),
        ("Accuracy on foo test set: 0.87132", {("Accuracy", "0.87132")}),
        ("It achieves a score of **F1 79.5** on it.", {("F1", "79.5")}),
        ("Best Result of `Macro F1` - 49.30%", {("Macro F1", "49.3")}),
        ("The model yields an F1 score of **.82**.", {("F1 score", "0.82")}),
        ("test f1 score = %94", {("test f1 score", "94")}),
        ("BLEU|#:1|bs:1000|c:mixed|tok:13a|v:2.0.0 = 47.8 (47.8 +- 0.9)", {("BLEU", "47.8")}),
        ("```\nCosine-Similarity :\tPearson: 0.7662\tSpearman: 0.7583\n```",
         {("Cosine-Similarity Pearson", "0.7662"), ("Cosine-Similarity Spearman", "0.7583")}),
        ("```\n9/9 - loss: 0.5 - val_loss: 0.4 - val_acc: 0.8\n9/9 - loss: 0.2 - val_loss: 0.1 - val_acc: 0.9\n```",
         {("loss", "0.2"), ("val_loss", "0.1"), ("val_acc", "0.9")}),
        ("```\n  eval_runtime = 0:01:59\n  perplexity = 1.3477\n```", {("perplexity", "1.3477")}),
        ("It comes with **less than 5% accuracy loss**.", set()),
    ],
)  # fmt: skip
def test_results_in_sentences_and_logs_are_found(text: str, expected: set[tuple[str, str]]) -> None:
    assert results(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| Accuracy |\n|---|\n| 95% |", {("Accuracy", "95")}),
        ("|precision|recall|\n|---|---|\n|0.94|0.98|", {("precision", "0.94"), ("recall", "0.98")}),
        ("|Model|F1|\n|---|---|\n|your-net|1|\n|my-net|2|", {("F1", "2")}),
        ("# Results\n||foo|bar|\n|---|---|---|\n|without LM|15.7|25.1|", {("foo", "15.7"), ("bar", "25.1")}),
        ("# Results\n|Dataset|Scale|Plain|my-model|\n|-|-|-|-|\n|Foo|2x|33.6/0.92|37.8/0.96|",
         {("Foo 2x", "37.8"), ("Foo 2x", "0.96")}),
        ("|Name|F1|\n|---|---|\n|Train set|0.9|\n|Test set|0.8|", {("F1", "0.9"), ("F1", "0.8")}),
        ("|Model|P|R|F1|\n|---|---|---|---|\n|other|.1|.2|.3|\n|my-model|.4|.5|.6|",
         {("precision", "0.4"), ("recall", "0.5"), ("F1", "0.6")}),
        ("|Dataset|Metric Name|Metric Result|\n|---|---|---|\n|Foo|acc|0.597|\n|Bar|acc|0.878|",
         {("acc", "0.597"), ("acc", "0.878")}),
        ("|Model|EM|\n|---|---|\n|[x](https://huggingface.co/b/c)|1|\n|[y](https://huggingface.co/a/my-model) set|2.5|",
         {("EM", "2.5")}),
        ("### WER\n\n|dataset|Snt|Wrd|Corr|Err|\n|---|---|---|---|---|\n|a/test|130|773|4.0|96.1|", {("WER", "96.1")}),
    ],
)  # fmt: skip
def test_results_in_tables_of_more_forms_are_found(text: str, expected: set[tuple[str, str]]) -> None:
    assert results(text) == expected
