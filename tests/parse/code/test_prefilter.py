"""Which files can name a model at all: a word that means something else elsewhere is no reason to read one."""

from peatmoss.parse.code import examine, is_candidate


def test_words_of_a_language_and_of_large_packages_are_no_reason_to_read_a_file() -> None:
    for text in ("import diagnostics  # agnostic", "from google.protobuf import message", "the optimum value"):
        assert not is_candidate({"a.py": text}), text
    for text in ("from agno.models.ollama import Ollama", "from google.adk.models.lite_llm import LiteLlm",
                 "from optimum.onnxruntime import ORTModel"):  # fmt: skip
        assert is_candidate({"a.py": text}), text


def test_files_that_name_no_loader_make_no_candidate() -> None:
    assert examine({"a.py": "print('hello')\n", "b.json": '{"a": "b/c"}'}).is_candidate is False
