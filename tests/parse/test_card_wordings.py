"""Ways of saying a fact that cards use beside the usual forms, and what looks like one and is none."""

from typing import Any

import pytest

from peatmoss.parse.card import Value, extract


def found(field: str, text: str, model_id: str | None = "me/my-model") -> list[Value]:
    return [value for value in extract(text, model_id).values if value.field == field]


def said(field: str, text: str) -> set[Any]:
    return {(value.name, value.value) if value.name else value.value for value in found(field, text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '# Training\n```\npython run.py \\\\\n--num_train_epochs="20" \\\\\n--learning_rate="1e-4" \\\\\n```\n',
            {("num_epochs", "20"), ("learning_rate", "0.0001")},
        ),
        (
            "## Hyperparameters\n```yaml\nlearning rate: 1e-4\nper device batch size: 8\nweight decay: 0.1\n```\n",
            {("learning_rate", "0.0001"), ("train_batch_size", "8"), ("weight_decay", "0.1")},
        ),
        (
            "It has 6 layers, 768 dimensions and 12 heads.",
            {("num_hidden_layers", "6"), ("hidden_size", "768"), ("num_attention_heads", "12")},
        ),
        (
            "```\npython run.py --learning_rate 3e-5 --batch_size 32 --epochs_num 3 --seq_length 512\n```",
            {("learning_rate", "3e-05"), ("train_batch_size", "32"), ("num_epochs", "3"), ("max_seq_length", "512")},
        ),
        (
            "It was fine-tuned for 50 epochs with 32 batch size, 5e-5 learning rate and a 128 sequence length.",
            {("num_epochs", "50"), ("train_batch_size", "32"), ("learning_rate", "5e-05"), ("max_seq_length", "128")},
        ),
        ("It took lr=2e-5 and weight_decay=0.01.", {("learning_rate", "2e-05"), ("weight_decay", "0.01")}),
        (
            "We used LoRA with R set to 8, Alpha to 16, and Dropout to 0.1.",
            {("lora_r", "8"), ("lora_alpha", "16"), ("lora_dropout", "0.1")},
        ),
        (
            "```\nargs = TrainingArguments(learning_rate=2e-5, num_train_epochs=3, output_dir='x')\n```",
            {("learning_rate", "2e-05"), ("num_epochs", "3")},
        ),
        (
            "## Hyperparameters\n```\nmax_source_length = 512\nfoo_gain = 2\n```\n",
            {("max_source_length", "512"), ("foo_gain", "2")},
        ),
        ("- 12 repeating layers\n- vocab_size: 52.000\n", {("num_hidden_layers", "12")}),
        ("## Hyperparameters\n- vocab_size: 52.000\n", {("vocab_size", "52000")}),
        ("It fits into 8 GB of memory with a batch size of 1.", set()),
        ("```\nbatch_size = 32\nout = model.generate(x, max_length=512)\n```", set()),
        ("33/36 layers were frozen and 48 heads were removed.", set()),
        ("The total number of steps was 2178.", {("training_steps", "2178")}),
    ],
)
def test_settings_are_read_in_code_and_in_prose(text: str, expected: set[tuple[str, str]]) -> None:
    assert said("hyper_parameter", text) == expected


def test_lines_of_a_form_that_is_indented_for_the_look_of_it_are_no_code() -> None:
    text = "# Model information\n\n    Base model: gpt-2 large\n    License: Apache-2.0\n    Epoch: 50\n"
    assert said("base_model", text) == {"gpt-2-large"}
    assert said("license", text) == {"apache-2.0"}
    assert said("hyper_parameter", text) == {("num_epochs", "50")}
    assert said("license", "# A\n\n    x = f(License: 1)\n") == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trained on `8xA100`.", {("NVIDIA A100", 8.0)}),
        ("| Key | Value |\n|---|---|\n| GPU Device | 8 X NVIDIA V100 |\n", {("NVIDIA V100", 8.0)}),
        ("| Key | Value |\n|---|---|\n| Average GPU usage | 40 of 80 on a V100 |\n", set()),
        ("Say what you trained on, e.g. 8 V100 GPUs.", set()),
        ("We had TPUs to run the project: 7 TPUs v3-8.", {("Google TPU TPU v3-8", 7.0)}),
    ],
)
def test_devices_are_counted_and_examples_are_none(text: str, expected: set[tuple[str, float]]) -> None:
    assert {(v.value, v.number) for v in found("hardware", f"# Hardware\n{text}") if v.number} == expected


def test_emissions_are_grams_unless_the_card_says_kilograms() -> None:
    assert said("carbon_emitted", "---\nco2_eq_emissions: 0.1 Kg\n---\n") == {"0.1"}
    assert said("carbon_emitted", "---\nco2_eq_emissions: 0.1\n---\n") == {"0.0001"}
    codecarbon = "| key | value |\n|---|---|\n| emissions | 0.04 |\n| energy_consumed | 0.14 |\n"
    assert said("carbon_emitted", codecarbon) == {"0.04"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A distilled version of the [RoBERTa-base model](https://huggingface.co/roberta-base).", {"roberta-base"}),
        ("It was fine-tuned on a corpus from the `t5-large` checkpoint.", {"t5-large"}),
        ("A fine-tuned version of [an electra](https://huggingface.co/a/-l-ctra).", {"a/-l-ctra"}),
        ("---\nbase_model: a/Llama-2-7b-hf\n---\nA fine-tuned version of the LLaMA-2-7b model.", {"a/Llama-2-7b-hf"}),
    ],
)  # fmt: skip
def test_base_models_are_named_once_and_whole(text: str, expected: set[str]) -> None:
    assert said("base_model", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Training data\n| Dataset | Size |\n|---|---|\n| [PAQ](http://x.y) (pairs) | 3 |\n| Total | 3 |\n",
         {"PAQ"}),
        ("| identifier | epochs | datasets |\n|---|---|---|\n| me/my-model | 3 | ontonotes5 and fin |\n",
         {"ontonotes5", "fin"}),
        ("It was trained using the [fastMRI dataset](https://a.b).", {"fastMRI"}),
        ("It was trained on diverse datasets.", set()),
        ("## Training data\n| Data | somebody |\n|---|---|\n| Tweets kept | 3 |\n", set()),
        ("Results are [here](https://huggingface.co/datasets/open-llm-leaderboard/details_x).", set()),
    ],
)  # fmt: skip
def test_datasets_are_found_in_tables_and_links(text: str, expected: set[str]) -> None:
    assert said("dataset", text) == expected


def test_a_demo_shows_the_model_and_a_tool_does_not() -> None:
    spaces = "[demo](https://hf.co/spaces/a/b) and [export](https://huggingface.co/spaces/a/openvino-export)"
    assert said("demo", spaces) == {"https://hf.co/spaces/a/b"}
    assert said("demo", "Demo page: [here](https://a.example.com/x)") == {"https://a.example.com/x"}


def test_names_of_classes_tell_the_library() -> None:
    assert said("library", "```\nm = TFAutoModel.from_pretrained('x')\n```") == {"tensorflow"}
    assert said("library", "```\nt = BertTokenizer.from_pretrained('x')\n```") == {"transformers"}
    assert said("library", "Trained on the Tensorflow Research Cloud.") == set()


def test_sizes_of_other_models_are_not_the_models() -> None:
    assert said("parameter_count", "It has 82M parameters, compared to 125M parameters for RoBERTa.") == {"82000000"}
    assert said("parameter_count", "The total parameters are about 441B.") == {"441000000000"}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("| Task | MNLI | QQP |\n|---|---|---|\n| | 84.0 | 89.4 |\n", {("MNLI", "84"), ("QQP", "89.4")}),
        ("| Metric | Value |\n|---|---|\n| Avg. | 61.6 |\n| eval_runtime | 3.5 |\n", {("Avg.", "61.6")}),
        ("| ROUGE | Score |\n|---|---|\n| eval_rouge1 | 53.1 |\n", {("eval_rouge1", "53.1")}),
    ],
)
def test_tables_of_this_model_alone_are_its_results(table: str, expected: set[tuple[str, str]]) -> None:
    assert said("evaluation", f"## Results\n{table}") == expected


def test_sections_whose_title_is_a_plain_line_count() -> None:
    text = "Limitations\nThe answers may be wrong, and it is no doctor.\n\nPlease cite as: A model, 2020.\n"
    assert said("limitation", text) == {("Limitations", "present")}
    assert said("citation", text) == {"present"}
    assert said("limitation", "Limitations\nMore information needed\n") == set()


def test_support_input_and_output_are_found_in_sentences() -> None:
    assert len(found("grant", "Tuned thanks to the GPU credits generously given by a company.")) == 1
    text = "The model takes keywords as inputs and generates sentences."
    assert (said("input_format", text), said("output_format", text)) == ({"keywords"}, {"sentences"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It achieves an F1 of 0.91 on the SST-2 test set.", ("sst2", "test")),
        ("This model reaches 91.2% accuracy on the test set of SQuAD.", ("squad", "test")),
        ("It achieves an F1 of 0.91 on Monday.", (None, None)),
        ("It achieves an F1 of 0.91. We train on SQuAD.", (None, None)),
    ],
)
def test_a_sentence_names_the_data_right_after_its_result(text: str, expected: tuple[str | None, str | None]) -> None:
    assert {(value.dataset, value.split) for value in found("evaluation", text)} == {expected}
