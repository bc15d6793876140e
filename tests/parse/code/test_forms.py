"""Every library and every form of resolution that the mapper knows: a small program -> what it loads."""

import pytest

from peatmoss.parse.code import usages

HF = "from transformers import AutoModel\n"
LIBRARIES = {
    "transformers pipeline": (
        "from transformers import pipeline\npipeline('ner', 'o/m-1')\npipeline('ner', model='o/m-2', tokenizer='o/t-1')",
        {("hf", "o/m-1", "load"), ("hf", "o/m-2", "load"), ("hf", "o/t-1", "tokenizer")},
    ),
    "diffusers": (
        "from diffusers import FluxPipeline as P\nP.from_pretrained('o/m-1').to('cuda')",
        {("hf", "o/m-1", "load")},
    ),
    "diffusers LoRA": ("p.load_lora_weights('o/lora-1')", {("hf", "o/lora-1", "adapter")}),
    "peft": ("from peft import PeftModel\nPeftModel.from_pretrained(b, 'o/m-1')", {("hf", "o/m-1", "adapter")}),
    "trl": ("from trl import SFTTrainer\nSFTTrainer('o/m-1', train_dataset=d)", {("hf", "o/m-1", "finetune")}),
    "sentence-transformers, owner left out": (
        "from sentence_transformers import SentenceTransformer\nSentenceTransformer('LaBSE')\nSentenceTransformer('x-y-1')",
        {("hf", "sentence-transformers/LaBSE", "load"), ("hf", "sentence-transformers/x-y-1", "load")},
    ),
    "timm": (
        "import timm\ntimm.create_model('resnet50', pretrained=True)\ntimm.create_model('vit_small', pretrained=False)",
        {("timm", "timm/resnet50", "load")},
    ),
    "torch.hub": (
        "import torch\ntorch.hub.load('pytorch/vision:v0.10.0', 'resnet18', pretrained=True)",
        {("torch.hub", "pytorch/vision/resnet18", "load")},
    ),
    "torchvision with and without weights": (
        "from torchvision import models\nmodels.resnet50(weights='DEFAULT')\nmodels.vgg16(weights=None)\n"
        "models.vgg.make_layers(c)",
        {("torchvision", "resnet50", "load")},
    ),
    "torchaudio": (
        "import torchaudio\ntorchaudio.pipelines.HUBERT_BASE.get_model()",
        {("torchaudio", "HUBERT_BASE", "load")},
    ),
    "open_clip": (
        "import open_clip\nopen_clip.create_model_and_transforms('ViT-B-32', pretrained='laion2b_s34b_b79k')",
        {("open_clip", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K", "load")},
    ),
    "spaCy": (
        "import spacy\nimport de_core_news_sm\nspacy.load('en_core_web_sm')\nde_core_news_sm.load()",
        {("spacy", "spacy/en_core_web_sm", "load"), ("spacy", "spacy/de_core_news_sm", "load")},
    ),
    "flair": (
        "from flair.models import SequenceTagger\nSequenceTagger.load('ner')\nSequenceTagger.load('My Service')",
        {("hf", "flair/ner-english", "load")},
    ),
    "stanza": (
        "import stanza\nstanza.Pipeline('en')\nstanza.download('en_core_web_sm')",
        {("stanza", "stanza:en", "load")},
    ),
    "huggingface_hub": (
        "from huggingface_hub import snapshot_download\nsnapshot_download('o/m-1')\n"
        "snapshot_download('o/d-1', repo_type='dataset')",
        {("hf", "o/m-1", "load")},
    ),
    "inference client": (
        "from huggingface_hub import InferenceClient\nc = InferenceClient('o/m-1')\nc.text_generation('x', model='o/m-2')",
        {("hf", "o/m-1", "remote"), ("hf", "o/m-2", "remote")},
    ),
    "inference address": (
        "import requests\nrequests.post('https://api-inference.huggingface.co/models/o/m-1')",
        {("hf", "o/m-1", "remote")},
    ),
    "keras_hub": (
        "import keras_hub\nkeras_hub.models.M.from_preset('gemma_2b_en')\nkeras_hub.models.M.from_preset('hf://o/m-1')",
        {("keras_hub", "gemma_2b_en", "load"), ("hf", "o/m-1", "load")},
    ),
    "paddlenlp": (
        "from paddlenlp.transformers import AutoModel\nAutoModel.from_pretrained('ernie-3.0-base-zh')",
        {("paddlenlp", "ernie-3.0-base-zh", "load")},
    ),
    "speechbrain": (
        "from speechbrain.pretrained import EncoderClassifier\nEncoderClassifier.from_hparams(source='speechbrain/x-1')",
        {("hf", "speechbrain/x-1", "load")},
    ),
    "nemo": (
        "import nemo.collections.asr as a\na.models.ASRModel.from_pretrained(model_name='nvidia/p-1')",
        {("nemo", "nvidia/p-1", "load")},
    ),
    "vllm": ("from vllm import LLM\nLLM(model='o/m-1')", {("hf", "o/m-1", "serve")}),
    "llama.cpp": ("from llama_cpp import Llama\nLlama.from_pretrained('o/m-1', 'a.gguf')", {("hf", "o/m-1", "load")}),
    "mlx": ("from mlx_lm import load\nload('mlx-community/x-4bit')", {("hf", "mlx-community/x-4bit", "load")}),
    "langchain, given and implicit": (
        "from langchain_huggingface import HuggingFaceEmbeddings\nHuggingFaceEmbeddings(model_name='all-MiniLM-L6-v2')\n"
        "HuggingFaceEmbeddings()",
        {
            ("hf", "sentence-transformers/all-MiniLM-L6-v2", "load"),
            ("hf", "sentence-transformers/all-mpnet-base-v2", "load"),
        },
    ),
    "llama-index": (
        "from llama_index.core import Settings\nSettings.embed_model = 'local:BAAI/bge-small-en'",
        {("hf", "BAAI/bge-small-en", "load")},
    ),
    "haystack interface": (
        "from haystack.components.generators import HuggingFaceAPIGenerator\n"
        "HuggingFaceAPIGenerator(api_type='x', api_params={'model': 'o/m-1'})",
        {("hf", "o/m-1", "remote")},
    ),
    "fastembed": (
        "from fastembed import TextEmbedding\nTextEmbedding('o/m-1')\nTextEmbedding()",
        {("hf", "o/m-1", "load"), ("hf", "BAAI/bge-small-en-v1.5", "load")},
    ),
    "txtai": ("from txtai import Embeddings\nEmbeddings({'path': 'o/m-1'})", {("hf", "o/m-1", "load")}),
    "faster-whisper, by a class of its own": (
        "import faster_whisper\nclass W(faster_whisper.WhisperModel):\n    pass\nW('small')",
        {("hf", "Systran/faster-whisper-small", "load")},
    ),
    "tensorflow hub": (
        "import tensorflow_hub as hub\nhub.load('https://tfhub.dev/google/x/1')",
        {("url", "https://tfhub.dev/google/x/1", "load")},
    ),
}
FORMS = {
    "click": (
        "import click\n@click.command()\n@click.option('--model', default='o/m-1')\ndef f(model):\n"
        "    AutoModel.from_pretrained(model)",
        [("o/m-1", "option")],
    ),
    "typer": (
        "import typer\ndef f(model: str = typer.Option('o/m-1')):\n    AutoModel.from_pretrained(model)",
        [("o/m-1", "field")],
    ),
    "absl flags": (
        "from absl import flags\nflags.DEFINE_string('name', 'o/m-1', 'h')\nF = flags.FLAGS\n"
        "AutoModel.from_pretrained(F.name)",
        [("o/m-1", "option")],
    ),
    "settings": (
        "class S(BaseSettings):\n    model_id: str = 'o/m-1'\ns = S()\nAutoModel.from_pretrained(s.model_id)",
        [("o/m-1", "field")],
    ),
    "environment": ("import os\nAutoModel.from_pretrained(os.environ.get('M', 'o/m-1'))", [("o/m-1", "env")]),
    "enumeration": (
        "class E(Enum):\n    A = 'o/m-1'\nAutoModel.from_pretrained(E.A.value)",
        [("o/m-1", "field")],
    ),
    "partial": ("from functools import partial\npartial(AutoModel.from_pretrained, 'o/m-1')", [("o/m-1", "literal")]),
    "spread keywords": (
        "kw = {'pretrained_model_name_or_path': 'o/m-1'}\nAutoModel.from_pretrained(**kw)",
        [("o/m-1", "literal")],
    ),
    "one of several values": (
        "def f(n):\n    if n in ['a-1', 'b-1']:\n        n = 'o/' + n\n        AutoModel.from_pretrained(n)",
        [("o/a-1", "guard"), ("o/b-1", "guard")],
    ),
    "under a comparison with other values elsewhere": (
        "def f(n='o/m-1'):\n    if n == 'o/m-1':\n        AutoModel.from_pretrained(n)\n    elif n == 'o/m-2':\n        pass",
        [("o/m-1", "default"), ("o/m-1", "guard")],
    ),
    "the names of an API are not put behind an owner": (
        "for n in ['glm-4', 'gpt-4o', 'o1-mini']:\n    AutoModel.from_pretrained('THUDM/' + n)",
        [("THUDM/glm-4", "fstring")],
    ),
}
NOT_NAMES = {
    "the key of a setting": "FILE_LLM_MODEL = 'file/llm-model'",
    "an invented name": "MODEL = 'test-org/dummy-model'",
    "letters and digits in a row": "MODEL_DATA = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/gwAyAAA'",
    "a folder of the training": "MODEL = 'training/model-best'",
    "a model of an interface": "MODEL = 'deepseek/deepseek-v3.2'",
}


def used(files: dict[str, str]) -> set[tuple[str | None, str | None, str]]:
    return {(u.hub, u.canonical_id, u.role) for u in usages(files) if u.is_used and u.model_id}


@pytest.mark.parametrize("name", LIBRARIES)
def test_each_library_has_its_calls_hubs_and_roles(name: str) -> None:
    code, expected = LIBRARIES[name]
    assert used({"main.py": code}) == expected


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_followed_to_the_text(name: str) -> None:
    code, expected = FORMS[name]
    found = usages({"main.py": HF + code})
    assert [(u.canonical_id, u.method) for u in found if u.is_used] == expected


@pytest.mark.parametrize("name", NOT_NAMES)
def test_a_text_of_the_shape_of_a_name_is_not_always_one(name: str) -> None:
    code = HF + f"AutoModel.from_pretrained('o/m-1')\n{NOT_NAMES[name]}\n"
    assert used({"main.py": code}) == {("hf", "o/m-1", "load")}


def test_configuration_with_json_inside_and_names_of_old_models_is_read() -> None:
    files = {
        "conf/a.cfg": '[components.transformer.model]\nname = "roberta-base"\n',
        "env/dev.yaml": 'env:\n  MODELS: >\n    [\n      { "id": "o/model-1", "multimodal": true },\n    ]\n  X: "1"\nmodel_id: o/m-2\n',
        "models/openrouter.yaml": "models:\n  - id: o/m-3\n",
        "openapi.json": '{"model": {"default": "o/m-4"}, "huggingface": 1}',
    }
    assert used(files) == {
        ("hf", "FacebookAI/roberta-base", "load"),
        ("hf", "o/model-1", "load"),
        ("hf", "o/m-2", "load"),
    }


def test_a_list_of_names_counts_only_where_a_program_reads_it() -> None:
    names = "['runwayml/stable-diffusion-v1-5', 'o/model-2']"
    code = HF + "open('names.txt')\nAutoModel.from_pretrained('o/m-1')\n"
    assert used({"main.py": code, "names.txt": names, "other.txt": "o/model-9\no/model-8\n"}) == {
        ("hf", "o/m-1", "load"), ("hf", "o/model-2", "load"), ("hf", "runwayml/stable-diffusion-v1-5", "load"),
    }  # fmt: skip


def test_the_name_a_server_shows_and_pictures_of_a_hub_are_no_models() -> None:
    files = {
        "serve.sh": "vllm serve o/m-1 --served-model-name o/shown-2\n",
        "app.py": HF + "PICTURE = 'https://huggingface.co/o/m-9/resolve/main/a.png'\n",
    }
    assert used(files) == {("hf", "o/m-1", "serve")}
