"""Values that are followed through Python, or kept from being followed: small programs -> what they load."""

import pytest

from peatmoss.parse.code import usages

HF = "from transformers import AutoModel\n"


def used(files: dict[str, str]) -> set[tuple[str | None, str | None]]:
    """(hub, canonical id) of what is used."""
    return {(u.hub, u.canonical_id) for u in usages(files) if u.is_used and u.model_id and u.hub != "local"}


def test_a_test_gets_what_its_fixture_returns_or_yields_here_or_above() -> None:
    load = "def test_it({0}):\n    AutoModel.from_pretrained({0})\n"
    here = "import pytest\n@pytest.fixture(scope='module')\ndef name():\n    return 'o/m-1'\n"
    above = "import pytest\n@pytest.fixture\ndef other():\n    yield 'o/m-2'\n"
    listed = (
        "import pytest\n@pytest.fixture(params=['o/m-3', 'o/m-4'])\ndef third(request):\n    return request.param\n"
    )
    files = {
        "tests/a/test_a.py": HF + here + load.format("name"),
        "tests/conftest.py": above,
        "tests/a/test_b.py": HF + load.format("other"),
        "tests/test_c.py": HF + listed + load.format("third"),
        "elsewhere/conftest.py": above.replace("m-2", "m-9"),
    }
    assert used(files) == {("hf", f"o/m-{number}") for number in (1, 2, 3, 4)}


def test_what_an_earlier_branch_has_by_a_list_with_a_name_is_not_in_a_later_one() -> None:
    code = (
        "from sentence_transformers import SentenceTransformer\n"
        "A = ['universal-sentence-encoder', 'other-encoder']\nB = ['all-MiniLM-L6-v2']\n"
        "class M:\n    def __init__(self, name):\n        self.name = name\n"
        "    def load(self):\n        if self.name in A:\n            return None\n"
        "        elif self.name in B:\n            module = self.name\n            SentenceTransformer(module)\n"
        "M('universal-sentence-encoder')\nM('all-MiniLM-L6-v2')\nM('LaBSE')\n"
    )
    assert used({"main.py": code}) == {("hf", "sentence-transformers/all-MiniLM-L6-v2")}


def test_a_value_that_a_branch_gives_is_not_held_against_its_comparison() -> None:
    code = "def f(name):\n    if name == 'a':\n        name = 'o/m-1'\n    AutoModel.from_pretrained(name)\nf('a')\n"
    assert ("hf", "o/m-1") in used({"main.py": HF + code})


def test_two_parts_that_callers_give_are_not_put_together_at_will() -> None:
    code = (
        "def f(a, b=''):\n    AutoModel.from_pretrained('o/m-{}-{}'.format(a, b))\n"
        "f('en', 'de')\nf('fr', 'nl')\n"
        "def g(a):\n    AutoModel.from_pretrained(f'o/n-{a}')\ng('1b')\ng('7b')\n"
        "for size in ['s', 'l']:\n    for kind in ['x', 'y']:\n"
        "        AutoModel.from_pretrained(f'o/p-{size}-{kind}')\n"
    )
    expected = {"o/n-1b", "o/n-7b", "o/p-s-x", "o/p-s-y", "o/p-l-x", "o/p-l-y"}
    assert {name for _, name in used({"main.py": HF + code})} == expected


def test_a_part_that_is_empty_makes_no_name() -> None:
    code = "def f(a=''):\n    AutoModel.from_pretrained('o/m-' + a)\nf('1b')\n"
    assert used({"main.py": HF + code}) == {("hf", "o/m-1b")}


CLIENTS = {
    "a client": "from ollama import Client\nc = Client(host='x')\nc.chat(model='mistral', messages=[])",
    "a client at once": "import ollama\nollama.Client().generate('mistral')",
    "a client that is kept": "from ollama import AsyncClient\nclass A:\n"
    "    def __init__(self):\n        self.c = AsyncClient()\n"
    "    async def ask(self):\n        await self.c.embeddings(model='mistral', prompt='')",
    "the interface of OpenAI": "from openai import OpenAI\nc = OpenAI(base_url='http://localhost:11434/v1')\n"
    "c.chat.completions.create(model='mistral', messages=[])",
    "a prefix": "import litellm\nlitellm.completion(model='ollama/mistral', messages=[])",
    "a provider": "from langchain.chat_models import init_chat_model\n"
    "init_chat_model('mistral', model_provider='ollama')",
    "a generator of haystack": "from haystack_integrations.components.generators.ollama import OllamaGenerator\n"
    "OllamaGenerator(model='mistral')",
}  # fmt: skip


@pytest.mark.parametrize("how", CLIENTS)
def test_a_model_of_ollama_is_named_to_a_client(how: str) -> None:
    assert used({"main.py": CLIENTS[how]}) == {("ollama", "mistral")}


def test_what_a_function_of_a_library_gives_back_has_no_loaders() -> None:
    code = "import ollama\nanswer = ollama.chat(model='mistral')\nanswer.generate('phi3')\n"
    assert used({"main.py": code}) == {("ollama", "mistral")}


def test_a_server_of_ones_own_is_asked_for_a_model_of_the_hub_and_another_service_is_not() -> None:
    code = (
        "from openai import OpenAI\nc = OpenAI(base_url='{}')\nc.chat.completions.create(model=NAME)\nNAME = 'o/m-1'\n"
    )
    assert used({"src/p/main.py": code.format("http://localhost:8000/v1")}) == {("hf", "o/m-1")}
    assert used({"src/p/main.py": code.format("https://api.example.com/v1")}) == set()
    assert used({"main.py": HF + "AutoModel.from_pretrained('azure/my-1')\n"}) == set()


def test_pairs_of_open_clip_are_found_in_tables_and_only_with_weights_it_has() -> None:
    code = (
        "import open_clip\nMODELS = {'a': [('ViT-B-32', 'laion2b_s34b_b79k')],\n"
        "          'b': 'ViT-L-14,openai', 'c': ('ViT-B-32', 'mine')}\n"
        "open_clip.create_model('HTSAT-tiny', pretrained='transformer')\n"
    )
    assert used({"main.py": code}) == {
        ("open_clip", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K"),
        ("open_clip", "openai/clip-vit-large-patch14"),
    }


def test_weights_of_clip_are_known_by_their_address_that_a_setting_chooses() -> None:
    files = {
        "clip/clip.py": "_MODELS = {'ViT-B/16': 'https://openaipublic.azureedge.net/clip/models/5806e77c/ViT-B-16.pt',\n"
        "           'RN50x4': 'https://openaipublic.azureedge.net/clip/models/7e526bd1/RN50x4.pt'}\n"
        "def _download(url):\n    return url\n",
        "train.py": "from clip import clip\ndef load(cfg):\n    name = cfg.MODEL.BACKBONE.NAME\n"
        "    return clip._download(clip._MODELS[name])\n",
        "configs/a.yaml": 'MODEL:\n  BACKBONE:\n    NAME: "ViT-B/16"\n',
    }
    assert used(files) == {("clip", "openai/clip-vit-base-patch16")}


def test_the_weights_that_a_builder_of_torchvision_asks_for_are_its_revision() -> None:
    code = (
        "from torchvision.models import resnet50, ResNet50_Weights\n"
        "resnet50(weights=ResNet50_Weights.IMAGENET1K_V2)\n"
        "resnet50(weights='IMAGENET1K_V1')\nresnet50(pretrained=True)\n"
    )
    assert [(u.model_id, u.revision) for u in usages({"main.py": code})] == [
        ("resnet50", "IMAGENET1K_V2"),
        ("resnet50", "IMAGENET1K_V1"),
        ("resnet50", None),
    ]


def test_a_table_of_names_counts_whatever_it_is_called_and_a_catalogue_does_not() -> None:
    table = "DEFAULTS = {'en': 'BAAI/bge-reranker-base', 'fr': 'o/m-fr-1', 'es': 'o/m-es-1', 'api': 'some-text'}\n"
    catalogue = "BERT_PRETRAINED_MODEL_ARCHIVE_LIST = ['BAAI/bge-a-1', 'BAAI/bge-b-1', 'BAAI/bge-c-1']\n"
    data = "DATASETS = ['BAAI/data-a-1', 'BAAI/data-b-1', 'BAAI/data-c-1']\n"
    files = {"src/p/main.py": HF + table + catalogue + data + "AutoModel.from_pretrained('o/m-1')\n"}
    names = {"o/m-1", "BAAI/bge-reranker-base", "o/m-fr-1", "o/m-es-1"}
    assert {name for _, name in used(files)} == names


def test_models_of_nemo_are_known_by_their_names_in_settings() -> None:
    code = "import nemo\ndef create(c):\n    c.vad.model_path = 'vad_multilingual_marblenet'\n    return c\n"
    files = {"helpers.py": code, "main.py": "from helpers import create\n", "conf.yaml": "model_path: titanet_large\n"}
    assert used(files) == {("nemo", "vad_multilingual_marblenet"), ("nemo", "titanet_large")}
