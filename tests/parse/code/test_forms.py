"""Every library and every form of resolution that the mapper knows: a small program -> what it loads."""

import pytest

from peatmoss.parse.code import examine, usages

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


VISION = "import argparse\nfrom torchvision import models\np = argparse.ArgumentParser()\np.add_argument('--arch', default='resnet18')\na = p.parse_args()\n"
CHOSEN = {
    "by dictionary": VISION + "m = models.__dict__[a.arch](pretrained=True)\n",
    "by attribute": VISION + "m = getattr(models, a.arch)(weights='DEFAULT')\n",
    "by a variable": VISION + "build = getattr(models, a.arch)\nm = build(pretrained=True)\n",
    "by a parameter of a test": (
        "import pytest, torchvision\n@pytest.mark.parametrize('build,layer', [(torchvision.models.resnet18, 'x')])\n"
        "def test_it(build, layer):\n    build(weights='DEFAULT')\n"
    ),
}


@pytest.mark.parametrize("how", CHOSEN)
def test_a_builder_of_torchvision_is_found_however_it_is_chosen(how: str) -> None:
    assert used({"main.py": CHOSEN[how]}) == {("torchvision", "resnet18", "load")}


def test_a_chosen_builder_without_weights_is_no_load_and_bundles_of_torchaudio_are_chosen_by_name() -> None:
    assert used({"main.py": VISION + "models.__dict__[a.arch](weights=None)\n"}) == set()
    code = "import torchaudio\nNAME = 'WAV2VEC2_BASE'\nbundle = getattr(torchaudio.pipelines, NAME)\n"
    assert used({"main.py": code}) == {("torchaudio", "WAV2VEC2_BASE", "load")}


def test_requests_to_an_ollama_server_name_the_model_in_their_body() -> None:
    files = {
        "ask.py": "import requests\nMODEL = 'llama3'\nrequests.post('http://localhost:11434/api/generate', json={'model': MODEL})\n",
        "other.py": "import requests\nrequests.post('https://api.example.com/chat', json={'model': 'small'})\n",
        "app.ts": "const url = `${OLLAMA_HOST}/api/chat`;\nfetch(url, {body: JSON.stringify({model: 'phi3'})});\n",
        "types.ts": "// Ollama\nenum ModelID { DEFAULT_MODEL = 'mistral:latest' }\nconst image = 'ollama/ollama:latest';\n",
        "Dockerfile": 'ENV CHAT_MODEL="qwen2.5:7b"\n',
    }
    names = {"llama3", "phi3", "mistral:latest", "qwen2.5:7b"}
    config = {
        "compose.yml": "services:\n  x:\n    environment:\n      - LLM_MODEL=gemma2:2b\n    image: web-model:latest\n"
    }
    assert used(files) == {("ollama", name, "serve") for name in names}
    assert used(config | {"run.sh": "ollama pull llama3.1:8b\n"}) == {
        ("ollama", "gemma2:2b", "serve"), ("ollama", "llama3.1:8b", "serve"),
    }  # fmt: skip


def test_files_of_the_hub_are_fetched_from_settings_and_from_lists_that_a_script_reads() -> None:
    hub = "https://huggingface.co"
    files = {
        "models/a.yaml": f"models:\n  - name: a\n    source: {hub}/o/m-1/resolve/main/a.gguf\n    logo: {hub}/o/m-9/resolve/main/a.png\n",
        "b.yaml": "source: huggingface://o/m-2/b.gguf\ndata: huggingface://datasets/o/d-1/x.bin\n",
        "links.txt": f"{hub}/o/m-3/resolve/main/c.ckpt\n  out=c.ckpt\nhttps://example.com/d.ckpt\n",
        "unread.txt": f"{hub}/o/m-4/resolve/main/c.ckpt\n",
        "get.sh": "aria2c --input-file links.txt\n",
    }
    assert used(files) == {("hf", f"o/m-{n}", "load") for n in (1, 2, 3)}


def test_scripts_that_fetch_files_of_the_hub_use_them_and_comments_do_not() -> None:
    code = (
        "// const old = 'https://huggingface.co/o/m-9/resolve/main/a.bin'\n"
        "url = 'https://huggingface.co/o/m-1/resolve/main/a.bin'\nawait down(url)\n"
        "const logo = 'https://huggingface.co/o/m-8/resolve/main/a.png'\n"
    )
    assert used({"get.js": code}) == {("hf", "o/m-1", "load")}


def test_the_repository_of_a_library_calls_its_own_functions() -> None:
    files = {
        "ollama/__init__.py": "def chat(model, messages):\n    return model\n",
        "examples/chat.py": "from ollama import chat\nchat('gemma3', [])\n",
    }
    assert used(files) == {("ollama", "gemma3", "serve")}
    own = {
        "util.py": "def pipeline(task, name):\n    return 1\n",
        "main.py": "from util import pipeline\npipeline('x', 'o/m-1')\n",
    }
    assert used(own) == set()


def test_command_lines_that_a_program_puts_together_name_models() -> None:
    code = (
        "import os, subprocess\nfrom pydantic import BaseModel\n"
        "class Valves(BaseModel):\n    A_MODEL: str\n    B_MODEL: str = 'o/m-2'\n"
        "class Server:\n    def __init__(self):\n"
        "        self.valves = Valves(**{'A_MODEL': os.getenv('A_MODEL', 'o/m-1')})\n"
        "    def start(self):\n"
        "        subprocess.Popen(f'mlx_lm.server --model {self.valves.A_MODEL} --port 1', shell=True)\n"
        "        command = ['vllm', '--model', self.valves.B_MODEL]\n"
        "        subprocess.run(command)\n"
    )
    assert used({"main.py": code}) == {("hf", "o/m-1", "serve"), ("hf", "o/m-2", "serve")}


def test_a_value_that_an_earlier_branch_has_taken_is_not_there_in_a_later_one() -> None:
    code = (
        "def load(name):\n    if name == 'o/m-1':\n        return AutoModel.from_pretrained(name)\n"
        "    elif name == 'o/m-2':\n        return None\n    else:\n        return other.from_pretrained(name)\n"
    )
    assert used({"main.py": HF + code}) == {("hf", "o/m-1", "load")}


def test_only_a_search_for_a_model_that_was_cut_counts_as_cut() -> None:
    code = HF + "".join(f"def f{n}(text):\n    text.replace('a', 'b')\n    return f{n + 1}(text)\n" for n in range(300))
    assert examine({"main.py": code}).cut is None
