"""Where a model comes from and on what it was trained: the ways of saying it, and what looks like one and is none."""

import pytest

from peatmoss.parse.card import Value, extract


def found(field: str, text: str, model_id: str | None = "me/my-model-7b") -> list[Value]:
    return [value for value in extract(text, model_id).values if value.field == field]


def said(field: str, text: str) -> set[str]:
    return {value.value for value in found(field, text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We share smaller versions of [bb](https://huggingface.co/org/b).", {"org/b"}),
        ("It was fine tuned upon on [bb](https://huggingface.co/org/b).", {"org/b"}),
        ("We use the pretrained [org/b-base](https://huggingface.co/org/b-base).", {"org/b-base"}),
        ("Trained on the basis of the pre-trained model [bb](https://huggingface.co/org/b).", {"org/b"}),
        ("This model is [B base](https://huggingface.co/org/b) trained on SQuAD.", {"org/b"}),
        ("This model is a *xlm-roberta-large* model that was fine-tuned on news.", {"xlm-roberta-large"}),
        ("[Bb](https://huggingface.co/org/b) trained by [us](https://us.org/x) and fine-tuned on QA.", {"org/b"}),
        ("XLM base (`xlm-base`) finetuned on SQuAD.", {"xlm-base"}),
        ("This model is a copy of [this one](https://huggingface.co/org/b).", {"org/b"}),
        ("The base model is [B from C](https://huggingface.co/org/b).", {"org/b"}),
        ("A LoRA adapter for [org/b](https://huggingface.co/org/b).", {"org/b"}),
        ("```\npython run.py --model_name_or_path org/b-base --do_train\n```", {"org/b-base"}),
        ("```\nEncoderDecoderModel.from_encoder_decoder_pretrained('a-base', 'b-base')\n```", {"a-base", "b-base"}),
        ("- **Finetuned from model:** [org/b-7b](https://huggingface.co/org/ )", {"org/b-7b"}),
    ],
)
def test_bases_are_found_in_the_usual_wordings(text: str, expected: set[str]) -> None:
    assert said("base_model", text) == expected


def test_merged_models_are_bases_with_their_relation() -> None:
    text = (
        "The following models were included in the merge:\n\n* [org/a-7b](https://huggingface.co/org/a-7b)\n\n"
        "```yaml\nmodels:\n  - model: org/b-7b\nmerge_method: slerp\n```\n"
    )
    assert {(v.value, v.role) for v in found("base_model", text)} == {("org/a-7b", "merge"), ("org/b-7b", "merge")}


@pytest.mark.parametrize(
    "text",
    [
        "- Other-Model-8B is derived from Llama-3-8B-Base.",
        "It is close to [x](https://huggingface.co/org/x-1) based on [y](https://huggingface.co/org/y-1).",
        "By contrast, others were fine-tuned from b-base.",
        "My-Other-Net is a fine-tuned version of nothing.",
        "Our vocabulary is based on [Mecab-Ko](https://example.org/mecab).",
        "A fine-tuned version of [./checkpoint-1000](https://huggingface.co/./checkpoint-1000).",
        "```\nmodel = AutoModel.from_pretrained(model_name_or_path='org/b-base')\n```",
        "```\npython run.py --model_name_or_path ./output/checkpoint --do_train\n```",
    ],
)
def test_origins_of_other_models_and_paths_are_none(text: str) -> None:
    assert said("base_model", text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was fine-tuned on the FOO 3.0 dataset.", {"FOO 3.0"}),
        ("```yaml\ndatasets:\n  - path: org/data\n    type: alpaca\n```", {"org/data"}),
        ("```\npython run.py --dataset_name squad --do_train\n```", {"squad"}),
        ("## Datasets\n### bookcovers\n- Repeats: 0\n### sports\n- Repeats: 1\n### Preprocessing\n- None of it\n",
         {"bookcovers", "sports"}),
        ("## Training data\nThe set includes:\n- barQA dataset\n- Foobar instruction finetuning dataset\n",
         {"barQA", "Foobar"}),
        ("# Training data\n\nLanguage|Dataset\n-|-\nArabic|[FOOcorp](https://x.org)\nFrench|[Europeana](https://y.org)\n",
         {"FOOcorp", "Europeana"}),
        ("## Pre-training corpora\n\n|Tables|Lines|Words|\n|-|-|-|\n|Foo Subtitles|2|3|\n|Total|2|3|\n",
         {"Foo Subtitles"}),
        ("## Data\n\n|Dataset|# QA|\n|-|-|\n|Foo2.0 Train|130k|\n|Foo2.0 Dev|12k|\n", {"Foo2.0"}),
        ("The resulting dataset (called FooText) is large.", {"FooText"}),
        ("## Training data\nA, while the BRATECA dataset gave notes.", {"BRATECA"}),
        ("It was trained on the Foobar Dependency Treebank.", {"Foobar Dependency Treebank"}),
    ],
)  # fmt: skip
def test_datasets_are_found_by_the_place_and_the_word_beside_them(text: str, expected: set[str]) -> None:
    assert said("dataset", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It was not trained on any part of Wikipedia.",
        "By contrast, Other BERT was trained on Wikipedia texts.",
        "We use models that were trained on MNLI labelling standards and dev datasets.",
        "## Training data\nThe corpus contains the following information:\n- Category: Fake\n- Topic: Sport\n",
        "It achieves the following results on the evaluation set (train and dev datasets):\n- Loss: 0.3\n",
        "Fine-tuning each model on the NER dataset took a day.",
        "```\nds = load_dataset('csv', data_files='x.csv')\n```",
        "## Training data\nWe took the Slovak corpus.",
    ],
)
def test_what_only_looks_like_a_dataset_is_none(text: str) -> None:
    assert said("dataset", text) == set()


def test_a_known_name_inside_a_longer_one_is_not_a_second_dataset() -> None:
    assert said("dataset", "It was trained on the Foobar Gigaword Corpus.") == {"Foobar Gigaword Corpus"}


def test_datasets_of_other_models_in_a_table_are_not_this_ones() -> None:
    link = "https://huggingface.co/datasets/org"
    text = f"|Model|Data|\n|-|-|\n|my-model-7b|[a]({link}/a)|\n|my-model-2b|[b]({link}/b)|\n"
    assert said("dataset", text) == {"org/a"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This model is licensed under the [Apache License, Version 2.0](https://x.org).", {"apache-2.0"}),
        ("The weights are released under the MIT license.", {"mit"}),
        ("The dataset is distributed under the MIT license.", set()),
        ("Its parents are originally licensed under the MIT license.", set()),
    ],
)
def test_licenses_in_sentences_are_those_of_the_model(text: str, expected: set[str]) -> None:
    assert said("license", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Use the huggingface/transformers library.", {"transformers"}),
        ("Tuned with the [Simple Transformers](https://x.org) library.", {"simpletransformers"}),
        ("### Software\n* [DeepSpeed](https://x.org)\n", {"deepspeed"}),
        ("```\npip install tensorflow-gpu==2.3.0 accelerate\n```", {"tensorflow"}),
        ("https://github.com/me/Foonet\n```\npip install -e Foonet/.\n```\n```\nfrom foonet import x\n```", {"foonet"}),
        ("https://github.com/me/foonet\n```\nfrom foonet import x\n```", set()),
        ("## Acknowledgements\nThanks to those from [fastai](https://x.org).", set()),
        ("---\nlibrary_name: transformers, pe\n---\n", {"transformers"}),
    ],
)
def test_libraries_are_those_that_run_the_model(text: str, expected: set[str]) -> None:
    assert said("library", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nlanguage: pcm\n---\n", {"pcm"}),
        ("- **Language(s) (NLP):** [Fine-tuned on English language]", {"en"}),
        ("#### Contents\n# Embeddings with Vietnamese\n", {"vi"}),
        ("Our models are based on corpora of Korean and English.", {"ko", "en"}),
    ],
)
def test_languages_are_codes_and_names(text: str, expected: set[str]) -> None:
    assert said("language", text) == expected


def test_a_task_that_others_may_do_is_not_the_models() -> None:
    assert said("task", "The model can be fine-tuned on a downstream task such as question answering.") == set()
    assert said("task", "# x\nA poetry text generation model.") == {"text-generation"}


def test_papers_may_stand_in_the_front_matter() -> None:
    assert said("paper", "---\narxiv: 2307.09288\n---\n") == {"arxiv:2307.09288"}
    assert said("paper", "---\narxiv: 2403.11330\n---\n") == {"arxiv:2403.11330"}
