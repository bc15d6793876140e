"""Names that no hub has: invented ones in tests and samples, and models that only their maker serves."""

from __future__ import annotations

import re

_INVENTED = frozenset(
    """
    test tests testing tester dummy fake mock mocked mocks foo bar baz qux placeholder specified nonexistent
    invalid missing unknown bogus whatever
    """.split()  # noqa: SIM905
)
_FILLER = frozenset(
    """
    a an the not no some any my your our other another new old good bad big small tiny large base first
    second one two model models name id repo repository org organization user owner namespace llm lm
    embedding embeddings embedder reranker rerank encoder tokenizer adapter lora chat custom default example
    sample demo real valid here path to finetuned tuned fine checkpoint huggingface hf openai api key
    sentence transformers transformer alpha beta gamma b c d x y z
    """.split()  # noqa: SIM905
)
"""Words of which invented names are made: test-org/dummy-model, your-name/my-model."""
_API_MODEL = re.compile(
    r"gpt-?[345](?:[.o-][\w.-]*)?|o[134](?:-(?:mini|preview|pro)[\w.-]*)?|chatgpt[\w.-]*|claude[\w.-]*|gemini-[\w.-]*|"
    r"text-(?:davinci|embedding|ada|babbage|curie)[\w.-]*",
    re.IGNORECASE,
)


def is_invented(text: str) -> bool:
    """A name that stands for any model: all its words are fillers, in tests and samples."""
    words = [word for word in re.split(r"[^a-z]+", text.lower()) if word]
    name = [word for word in re.split(r"[^a-z]+", text.rpartition("/")[2].lower()) if word]
    if len(name) > 2 and {"model", "id", "name"} & set(name) and all(word in _FILLER for word in name):
        return True  # huggingface-model-id
    if name and all(word in _FILLER or word in _INVENTED for word in name):
        is_all = all(word in _FILLER or word in _INVENTED for word in words)
        return any(word in _INVENTED for word in words) or (is_all and not re.search(r"\d", text))
    return False


def is_api_model(text: str) -> bool:
    """A model that only its maker's own interface serves, such as gpt-4o: no hub has it."""
    return _API_MODEL.fullmatch(text.rpartition("/")[2]) is not None
