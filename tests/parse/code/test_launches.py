"""Models that commands, settings and programs of other languages load: small repositories -> what they use."""

import textwrap

import pytest

from peatmoss.parse.code import usages

LOADER = {"zz.py": "from transformers import AutoModel\n"}


def used(files: dict[str, str]) -> set[tuple[str | None, str | None, str]]:
    """(hub, canonical id, role) of what is used."""
    return {
        (u.hub, u.canonical_id, u.role)
        for u in usages({**LOADER, **files})
        if u.is_used and u.model_id and u.hub != "local"
    }


SERVERS = {
    "items of a list": ("compose.yml", "v:\n  image: vllm/vllm-openai\n  command:\n    - --model\n    - o/m-1b\n"),
    "a list": ("compose.yml", 'services:\n  v:\n    entrypoint: ["vllm", "serve", "o/m-1b", "--port", "80"]\n'),
    "the image's own command": ("compose.yml", 'v:\n  image: vllm/vllm-openai\n  command: ["serve", "o/m-1b"]\n'),
    "words as items": ("deploy.yaml", "args:\n  - vllm\n  - serve\n  - o/m-1b\n"),
    "a Dockerfile": ("Dockerfile", 'FROM vllm/vllm-openai\nCMD ["vllm", "serve", "o/m-1b"]\n'),
    "a flag and its value on two lines": ("run.sh", "text-generation-launcher \\\n  --model-id \\\n  o/m-1b\n"),
    "a program's text": ("run.py", 'COMMAND = "vllm serve o/m-1b --port 80"\n'),
    "a program's list": ("run.py", 'start([\n    "vllm",\n    "serve",\n    "o/m-1b",\n])\n'),
}  # fmt: skip


@pytest.mark.parametrize("how", SERVERS)
def test_a_server_is_told_its_model_by_a_command_in_any_spelling(how: str) -> None:
    path, text = SERVERS[how]
    assert {(hub, name) for hub, name, _ in used({path: text})} == {("hf", "o/m-1b")}


def test_a_message_that_quotes_a_command_loads_nothing() -> None:
    code = 'import logging\nlogging.error("ollama pull llama3")\nraise RuntimeError("Missing: vllm serve o/m-1b")\n'
    assert used({"run.py": code}) == set()


def test_commands_in_texts_of_javascript_are_read_and_hints_are_not() -> None:
    text = (
        'export const LIST = [{ command: "llama-server -hf o/m-GGUF:Q8_0 --spec-draft-hf o/d-GGUF" },\n'
        '  { command: "llama serve -hf <model, i.e. o/x-GGUF>" }]\n'
    )
    assert used({"lists.ts": text}) == {("hf", "o/m-GGUF", "serve"), ("hf", "o/d-GGUF", "serve")}


def test_models_of_ollama_are_named_in_modelfiles_makefiles_and_addresses() -> None:
    files = {
        "Modelfile": "FROM llama3.1:8b\nPARAMETER temperature 1\n",
        "Makefile": "pull:\n\tollama pull qwen3\n",
        "values.yaml": 'models:\n  a:\n    url: "ollama://gemma2:2b"\n',
    }
    assert {name for hub, name, _ in used(files) if hub == "ollama"} == {"llama3.1:8b", "qwen3", "gemma2:2b"}


def test_an_inline_program_of_a_dockerfile_loads_what_its_calls_name() -> None:
    text = (
        "RUN python -c \"from sentence_transformers import *; SentenceTransformer('all-MiniLM-L6-v2')\"\n"
        "RUN python -c \"import spacy; spacy.load('en_core_web_sm')\"\n"
    )
    assert used({"Dockerfile": text}) == {
        ("hf", "sentence-transformers/all-MiniLM-L6-v2", "load"),
        ("spacy", "spacy/en_core_web_sm", "load"),
    }


OPTIONS = (
    "import argparse\np = argparse.ArgumentParser()\np.add_argument('--whisper', dest='name', default='medium.en')\n"
)
LOADS = "import faster_whisper\nfaster_whisper.WhisperModel(p.parse_args().name)\n"


def test_options_that_scripts_give_to_a_program_are_values_of_its_options() -> None:
    files = {
        "main.py": OPTIONS + LOADS,
        ".github/workflows/test.yml": "jobs:\n  t:\n    steps:\n      - run: python main.py --whisper tiny.en\n",
        "run.sh": 'for size in base small; do python main.py --whisper "$size"; done\n',
        "other.sh": "python elsewhere.py --whisper large-v3\n",
        "elsewhere.py": OPTIONS,
    }
    sizes = ("medium.en", "tiny.en", "base", "small")
    assert {name for _, name, _ in used(files)} == {f"Systran/faster-whisper-{size}" for size in sizes}


def test_options_that_a_program_takes_from_another_module_are_its_options() -> None:
    files = {"settings.py": OPTIONS, "main.py": "from settings import p\n" + LOADS}
    files["run.sh"] = "SIZE=large-v2\npython main.py --whisper $SIZE\n"
    assert {name for _, name, _ in used(files)} == {
        "Systran/faster-whisper-medium.en",
        "Systran/faster-whisper-large-v2",
    }


def test_hydra_says_by_target_group_and_override_what_a_key_means() -> None:
    files = {
        "conf/net/vit.yaml": "_target_: timm.create_model\nmodel_name: vit_small_patch16_224\npretrained: true\n",
        "conf/model/bert.yaml": "name: bert-base-uncased\n",
        "run.sh": "python train.py model.name=o/m-1b trainer.gpus=1\n",
    }
    assert {(hub, name) for hub, name, _ in used(files)} == {
        ("timm", "timm/vit_small_patch16_224"),
        ("hf", "google-bert/bert-base-uncased"),
        ("hf", "o/m-1b"),
    }


def test_the_architecture_beside_the_path_of_a_model_is_no_model_of_its_own() -> None:
    assert used({"a.yaml": "plm:\n  model_name: gpt2\n  model_path: gpt2-medium\n"}) == {
        ("hf", "openai-community/gpt2-medium", "load")
    }


def test_pyproject_names_models_for_tools_and_dependencies_are_none() -> None:
    text = (
        '[project.optional-dependencies]\nembeddings-ollama = ["llama-index-embeddings-ollama"]\n'
        '[tool.bentoml.build.args]\nmodel_id = "o/m-1b"\n'
    )
    assert used({"pyproject.toml": text}) == {("hf", "o/m-1b", "load")}


JAVASCRIPT = {
    "a client": "import ollama from 'ollama'\nawait ollama.chat({ model: 'mistral', messages: [] })",
    "a chat model": 'import { ChatOllama } from "@langchain/ollama"\nnew ChatOllama({ model: "mistral" })',
    "a provider": "import { ollama } from 'ollama-ai-provider'\nconst m = ollama('mistral')",
    "a constant": "import ollama from 'ollama'\nconst NAME = 'mistral'\nawait ollama.pull({ model: NAME })",
    "a caller": "import ollama from 'ollama'\nasync function run(model: string) {\n"
    "  await ollama.chat({ model, messages: [] })\n}\nrun('mistral')",
    "a table": 'const C = { ollama: { url: "http://localhost:11435", model: "mistral" } }',
    "a request": 'fetch("http://localhost:11434/api/chat", { body: JSON.stringify({ model: "mistral" }) })',
}  # fmt: skip


@pytest.mark.parametrize("how", JAVASCRIPT)
def test_javascript_asks_ollama_for_a_model(how: str) -> None:
    assert used({"app.ts": JAVASCRIPT[how]}) == {("ollama", "mistral", "serve")}


def test_other_engines_of_javascript_name_models_of_the_hub() -> None:
    text = (
        'import { CreateMLCEngine } from "@mlc-ai/web-llm"\nCreateMLCEngine("Phi-3.5-mini-instruct-q4f16_1-MLC")\n'
        'import { resolveModelFile } from "node-llama-cpp"\nresolveModelFile("hf:o/m-GGUF:Q4_K_M")\n'
        'fetch("https://api-inference.huggingface.co/models/o/n-1b", { method: "POST" })\n'
    )
    assert {name for _, name, _ in used({"app.ts": text})} == {
        "mlc-ai/Phi-3.5-mini-instruct-q4f16_1-MLC",
        "o/m-GGUF",
        "o/n-1b",
    }


def test_names_in_tests_of_javascript_are_not_asked_for() -> None:
    assert used({"test/a.test.ts": JAVASCRIPT["a client"]}) == set()


def test_command_lines_name_models() -> None:
    script = """
    # vllm serve o/comment-1
    vllm serve o/model-1 --revision abc
    MODEL=o/model-2
    python train.py --model_name_or_path "$MODEL" \\
      --tokenizer_name o/t-1 --output_dir o/out-1
    huggingface-cli download o/model-3 --local-dir x
    git clone https://huggingface.co/o/model-4
    wget https://huggingface.co/o/model-5/resolve/v2/model.bin
    ollama pull hf.co/o/model-6:Q4_K_M
    hf download o/d-1 --repo-type dataset
    """
    assert [(u.line, u.canonical_id, u.role, u.revision) for u in usages({"run.sh": textwrap.dedent(script)})] == [
        (3, "o/model-1", "serve", "abc"), (4, "o/model-2", "load", None), (6, "o/t-1", "tokenizer", None),
        (7, "o/model-3", "load", None),
        (8, "o/model-4", "load", None), (9, "o/model-5", "load", "v2"), (10, "o/model-6", "serve", None),
    ]  # fmt: skip


def test_a_wheel_in_the_requirements_is_a_model_with_its_version() -> None:
    text = (
        "https://github.com/explosion/spacy-models/releases/download/en_core_web_sm-3.7.0/en_core_web_sm-3.7.0.tar.gz\n"
    )
    result = usages({"requirements.txt": "spacy==3.7\n" + text})
    assert [(u.line, u.canonical_id, u.revision, u.path_class) for u in result] == [
        (2, "spacy/en_core_web_sm", "3.7.0", "src")
    ]
