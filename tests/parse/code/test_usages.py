"""The mapper: places in code that name models, how they were found, and what is told apart."""

import json
import textwrap

import pytest

from peatmoss.parse.code import Usage, usages


def found(**files: str) -> list[Usage]:
    """The usages in files given as keyword arguments: `a_py` is a.py, `src__b_py` is src/b.py."""
    named = {
        name.replace("__", "/").rpartition("_")[0] + "." + name.rpartition("_")[2]: text for name, text in files.items()
    }
    return usages({path: textwrap.dedent(text) for path, text in named.items()})


def short(usage: Usage) -> tuple[str, int, str | None, str]:
    return usage.path, usage.line, usage.canonical_id, usage.method


def names(text: str, path: str = "main.py") -> list[tuple[int, str | None, str]]:
    """(line, canonical id, method) of what one file uses."""
    return [(u.line, u.canonical_id, u.method) for u in usages({path: textwrap.dedent(text)}) if u.is_used]


def test_a_literal_in_a_loading_call_is_reported_with_everything_around_it() -> None:
    code = """
    from transformers import AutoModel
    model = AutoModel.from_pretrained("acme-ai/base-7b", revision="v1", trust_remote_code=True).to("cuda")
    """
    assert found(main_py=code) == [
        Usage(
            path="main.py", line=3, library="transformers", call="AutoModel.from_pretrained", role="load",
            argument="'acme-ai/base-7b'", hub="hf", model_id="acme-ai/base-7b", canonical_id="acme-ai/base-7b",
            revision="v1", method="literal", confidence=0.98, path_class="src", is_used=True,
            has_trust_remote_code=True,
        )
    ]  # fmt: skip


LOAD = "from transformers import AutoModel\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("name = 'gpt2'\nAutoModel.from_pretrained(name)", [(2, "openai-community/gpt2", "variable")]),
        ("NAME = 'o/m-1'\ndef f():\n    AutoModel.from_pretrained(NAME)", [(2, "o/m-1", "constant")]),
        ("def f(name='o/m-1'):\n    AutoModel.from_pretrained(name)", [(2, "o/m-1", "default")]),
        ("def f(name):\n    AutoModel.from_pretrained(name)\nf('o/m-1')", [(4, "o/m-1", "call_site")]),
        (
            "AutoModel.from_pretrained('o/m-1' if x else 'o/m-2')",
            [(2, "o/m-1", "conditional"), (2, "o/m-2", "conditional")],
        ),
        ("AutoModel.from_pretrained(f'o/{\"m\"}-1')", [(2, "o/m-1", "fstring")]),
        ("AutoModel.from_pretrained('o/' + 'm-1')", [(2, "o/m-1", "fstring")]),
        ("AutoModel.from_pretrained('%s/m-%d' % ('o', 1))", [(2, "o/m-1", "fstring")]),
        ("AutoModel.from_pretrained('{}/m-{}'.format('o', 1))", [(2, "o/m-1", "fstring")]),
        ("M = {'a': 'o/m-1', 'b': 'o/m-2'}\nAutoModel.from_pretrained(M['b'])", [(2, "o/m-2", "table")]),
        (
            "for m in ['o/m-1', 'o/m-2']:\n    AutoModel.from_pretrained(m)",
            [(2, "o/m-1", "table"), (2, "o/m-2", "table")],
        ),
        ("[AutoModel.from_pretrained(m) for m in ('o/m-1',)]", [(2, "o/m-1", "table")]),
        ("for k, (m, n) in {'a': ('o/m-1', 3)}.items():\n    AutoModel.from_pretrained(m)", [(2, "o/m-1", "table")]),
        ("import os\nAutoModel.from_pretrained(os.environ.get('M', 'o/m-1'))", [(3, "o/m-1", "env")]),
        ("import os\nAutoModel.from_pretrained(os.getenv('M') or 'o/m-1')", [(3, "o/m-1", "conditional")]),
        (
            "class A:\n    name = 'o/m-1'\n    def f(self):\n        AutoModel.from_pretrained(self.name)",
            [(3, "o/m-1", "field")],
        ),
        (
            "class A:\n    def __init__(self, n):\n        self.n = n\n"
            "    def f(self):\n        AutoModel.from_pretrained(self.n)\nA('o/m-1')",
            [(7, "o/m-1", "call_site")],
        ),
        ("def name():\n    return 'o/m-1'\nAutoModel.from_pretrained(name())", [(3, "o/m-1", "return")]),
        (
            "def env(key, default):\n    return default\n"
            "X = env('A', 'o/other-1')\nAutoModel.from_pretrained(env('B', 'o/m-1'))",
            [(5, "o/m-1", "return")],
        ),
        ("x = 'o/m-1'\nx = 'o/m-2'\nAutoModel.from_pretrained(x)", [(3, "o/m-2", "variable")]),
        (
            "def f(m):\n    if m == 'gpt2':\n        AutoModel.from_pretrained(m)",
            [(3, "openai-community/gpt2", "guard")],
        ),
        ("c = AutoModel\nc.from_pretrained('o/m-1')", [(3, "o/m-1", "literal")]),
    ],
)
def test_a_name_is_followed_from_the_call_to_where_it_is_written(
    code: str, expected: list[tuple[int, str, str]]
) -> None:
    assert names(LOAD + code) == expected


def test_command_line_options_and_settings_are_followed() -> None:
    code = """
    import argparse
    from dataclasses import dataclass, field
    from transformers import AutoModel, AutoTokenizer
    import click

    @dataclass
    class Settings:
        encoder: str = field(default="o/enc-1")

    @click.command()
    @click.option("--lm", default="o/lm-1")
    def main(lm):
        AutoModel.from_pretrained(lm)

    def run(args, settings: Settings):
        AutoModel.from_pretrained(args.base)
        AutoTokenizer.from_pretrained(settings.encoder)

    parser = argparse.ArgumentParser()
    parser.add_argument("--base", default="o/base-1", choices=["o/base-1", "o/base-2"])
    run(parser.parse_args(), Settings())
    """
    assert names(code) == [
        (9, "o/enc-1", "field"),
        (12, "o/lm-1", "option"),
        (21, "o/base-1", "option"),
        (21, "o/base-2", "choice"),
    ]


def test_names_cross_modules_and_configuration_files() -> None:
    result = found(
        app__settings_py="MODEL = 'o/from-module-1'\n",
        app__main_py="""
        import yaml
        from transformers import AutoModel
        from .settings import MODEL
        AutoModel.from_pretrained(MODEL)
        cfg = yaml.safe_load(open("conf.yaml"))
        AutoModel.from_pretrained(cfg["speech"]["name"])
        """,
        conf_yaml="speech:\n  name: o/from-config-1  # default\nother:\n  name: x\n",
    )
    assert [short(u) for u in result] == [
        ("app/settings.py", 1, "o/from-module-1", "constant"),
        ("conf.yaml", 2, "o/from-config-1", "config"),
    ]


def test_an_argument_without_a_static_value_stays_a_usage_without_a_model() -> None:
    (usage,) = found(main_py=LOAD + "AutoModel.from_pretrained(input())\n")
    assert (usage.line, usage.model_id, usage.canonical_id, usage.method, usage.confidence) == (
        2,
        None,
        None,
        "unresolved",
        0.0,
    )
    assert usage.argument == "input()"


def test_a_local_path_is_no_id() -> None:
    code = LOAD + "".join(
        f"AutoModel.from_pretrained('{path}')\n" for path in ("./out/model", "checkpoints/best", "assets/m")
    )
    result = usages({"main.py": code, "assets/m/readme.md": "x"})
    assert [(u.line, u.hub, u.canonical_id) for u in result] == [
        (2, "local", None),
        (3, "local", None),
        (4, "local", None),
    ]


def test_an_object_that_was_loaded_before_is_not_loaded_again() -> None:
    code = """
    from transformers import AutoModel, pipeline
    model = AutoModel.from_pretrained("o/m-1")
    pipe = pipeline("text-generation", model=model)
    """
    assert names(code) == [(3, "o/m-1", "literal")]


def test_weights_that_are_not_wanted_are_no_load() -> None:
    code = """
    import timm, torchvision
    timm.create_model("resnet50", pretrained=True)
    timm.create_model("resnet18")
    torchvision.models.vgg16(pretrained=True)
    torchvision.models.vgg19(weights=None)
    """
    assert [(u.line, u.hub, u.canonical_id, u.role, u.is_used) for u in found(main_py=code)] == [
        (3, "timm", "timm/resnet50", "load", True),
        (4, "timm", "timm/resnet18", "scratch", False),
        (5, "torchvision", "vgg16", "load", True),
        (6, "torchvision", "vgg19", "scratch", False),
    ]


def test_roles_follow_the_class_and_the_library() -> None:
    code = """
    from transformers import AutoTokenizer, AutoConfig, CLIPProcessor
    from peft import PeftModel
    from vllm import LLM
    from huggingface_hub import InferenceClient, hf_hub_download
    AutoTokenizer.from_pretrained("o/m-1")
    AutoConfig.from_pretrained("o/m-1")
    CLIPProcessor.from_pretrained("o/m-1")
    PeftModel.from_pretrained(base, "o/lora-1")
    LLM(model="o/m-2")
    InferenceClient("o/m-3")
    hf_hub_download("o/data-1", "x.csv", repo_type="dataset")
    """
    assert [(u.line, u.role, u.canonical_id) for u in found(main_py=code)] == [
        (6, "tokenizer", "o/m-1"), (7, "config", "o/m-1"), (8, "processor", "o/m-1"), (9, "adapter", "o/lora-1"),
        (10, "serve", "o/m-2"), (11, "remote", "o/m-3"),
    ]  # fmt: skip


def test_hubs_have_names_of_their_own() -> None:
    code = """
    import spacy, stanza, torch, en_core_web_sm, open_clip, whisper
    from sentence_transformers import SentenceTransformer
    from flair.models import SequenceTagger
    spacy.load("de_core_news_md")
    stanza.Pipeline("en")
    torch.hub.load("pytorch/vision:v0.10.0", "resnet18", pretrained=True)
    SentenceTransformer("all-MiniLM-L6-v2")
    SequenceTagger.load("ner")
    open_clip.create_model_and_transforms("ViT-H-14", pretrained="laion2b_s32b_b79k")
    whisper.load_model("base")
    """
    assert [(u.line, u.hub, u.model_id, u.canonical_id, u.revision) for u in found(main_py=code)] == [
        (2, "spacy", "en_core_web_sm", "spacy/en_core_web_sm", None),
        (5, "spacy", "de_core_news_md", "spacy/de_core_news_md", None),
        (6, "stanza", "en", "stanza:en", None),
        (7, "torch.hub", "pytorch/vision/resnet18", "pytorch/vision/resnet18", "v0.10.0"),
        (8, "hf", "all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2", None),
        (9, "hf", "ner", "flair/ner-english", None),
        (10, "open_clip", "ViT-H-14/laion2b_s32b_b79k", "laion/CLIP-ViT-H-14-laion2B-s32B-b79K", None),
        (11, "hf", "base", "openai/whisper-base", None),
    ]


def test_a_notebook_gives_lines_of_its_raw_file() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["AutoModel.from_pretrained('o/text-1')"]},
        {
            "cell_type": "code",
            "source": ["%matplotlib inline\n", "!pip install x\n", "name = 'o/m-1'\n"],
            "outputs": ["o/out-1"],
        },
        {
            "cell_type": "code",
            "source": ["print 'old'\n", "from transformers import AutoModel\n", "AutoModel.from_pretrained(name)"],
        },
        {"cell_type": "code", "source": ["!python -m spacy download en_core_web_sm"]},
    ]
    text = json.dumps({"cells": cells}, indent=1)
    lines = text.split("\n")
    result = usages({"n.ipynb": text})
    assert [(lines[u.line - 1].strip(), u.canonical_id, u.path_class) for u in result] == [
        ("\"name = 'o/m-1'\\n\"", "o/m-1", "notebook"),
        ('"!python -m spacy download en_core_web_sm"', "spacy/en_core_web_sm", "notebook"),
    ]


def test_a_file_of_python_2_or_with_a_broken_part_is_read_as_far_as_possible() -> None:
    older = LOAD + "print 'x'\ntry:\n    pass\nexcept E, e:\n    pass\nAutoModel.from_pretrained('o/m-1')\n"
    broken = LOAD + "AutoModel.from_pretrained('o/m-2')\ndef f(:\n    pass\n\nAutoModel.from_pretrained('o/m-3')\n"
    assert names(older) == [(7, "o/m-1", "literal")]
    assert names(broken) == [(2, "o/m-2", "literal"), (6, "o/m-3", "literal")]


def test_javascript_calls_constants_fields_and_lists() -> None:
    worker = """
    import { pipeline, AutoModel } from "@huggingface/transformers";
    import x from "some/package-1";
    const note = `loading ${x} ...`;
    class P { static model = "Xenova/model-1"; }
    const vocoder = "Xenova/modnet";
    const p = await pipeline(
      "text-generation",
      "Xenova/model-2", // or "Xenova/model-9"
    );
    await AutoModel.from_pretrained(vocoder, { device: "webgpu" });
    await AutoModel.from_pretrained(someone.elses);
    """
    app = """
    const MODELS = ["Xenova/model-3", /* "Xenova/model-8", */ "Xenova/model-4"];
    const OPTIONS = { models: [{ id: "Xenova/model-5", type: "image/png" }] };
    """
    result = found(src__worker_js=worker, src__app_jsx=app)
    assert [(u.path, u.line, u.canonical_id) for u in result] == [
        ("src/app.jsx", 2, "Xenova/model-3"), ("src/app.jsx", 2, "Xenova/model-4"),
        ("src/app.jsx", 3, "Xenova/model-5"),
        ("src/worker.js", 5, "Xenova/model-1"), ("src/worker.js", 6, "Xenova/modnet"),
        ("src/worker.js", 9, "Xenova/model-2"),
        ("src/worker.js", 12, None),
    ]  # fmt: skip


def test_configuration_files_name_models_under_keys_that_say_so() -> None:
    result = found(
        a_yaml="""
        model:
          pretrained_model_name_or_path: o/model-1
          tokenizer: "${TOKENIZER:o/t-1}"
          output_dir: o/not-1
        image: o/image-1
        models:
          - o/model-2
        ollama:
          llm_model: mistral
        openai:
          model: gpt-4
        """,
        b_toml='[llm]\nbase_model = "o/model-3"\n',
        c_json='{"embedding_model": "o/model-4", "dataset": "o/d-1", "list": [1, 2]}',
        d_env="HF_MODEL_ID=o/model-5\n",
        ckpt__config_json='{"_name_or_path": "bert-base-uncased", "model_id": null}',
    )
    assert [(u.path, u.line, u.hub, u.canonical_id, u.role, u.is_used) for u in result] == [
        ("a.yaml", 3, "hf", "o/model-1", "load", True),
        ("a.yaml", 4, "hf", "o/t-1", "tokenizer", True),
        ("a.yaml", 8, "hf", "o/model-2", "load", True),
        ("a.yaml", 10, "ollama", "mistral", "serve", True),
        ("b.toml", 2, "hf", "o/model-3", "load", True),
        ("c.json", 1, "hf", "o/model-4", "load", True),
        ("ckpt/config.json", 1, "hf", "google-bert/bert-base-uncased", "provenance", False),
        ("d.env", 1, "hf", "o/model-5", "load", True),
    ]


def test_documents_only_mention() -> None:
    text = "See [it](https://huggingface.co/o/m-1).\n\n"
    text += "    AutoModel.from_pretrained('o/m-2')\n\n`vllm serve o/m-3 --port 1`\n"
    assert [(u.line, u.canonical_id, u.role, u.is_used, u.path_class) for u in found(README_md=text)] == [
        (1, "o/m-1", "mention", False, "docs"),
        (3, "o/m-2", "mention", False, "docs"),
        (5, "o/m-3", "mention", False, "docs"),
    ]


def test_copies_of_libraries_are_vendored_and_used_only_if_own_code_imports_them() -> None:
    copy = {
        "libs/tf_local/modeling_utils.py": "", "libs/tf_local/configuration_utils.py": "",
        "libs/tf_local/tokenization_utils_base.py": "",
        "libs/tf_local/used.py": LOAD + "AutoModel.from_pretrained('o/m-1')\n",
        "libs/tf_local/unused.py": LOAD + "AutoModel.from_pretrained('o/m-2')\n",
        "third_party/x.py": LOAD + "AutoModel.from_pretrained('o/m-3')\n",
        "main.py": "from libs.tf_local import used\n",
    }  # fmt: skip
    assert [(u.path, u.path_class, u.is_used) for u in usages(copy)] == [
        ("libs/tf_local/unused.py", "vendored", False),
        ("libs/tf_local/used.py", "vendored", True),
        ("third_party/x.py", "vendored", False),
    ]


def test_comments_docstrings_and_plain_strings_are_no_usages() -> None:
    code = '''
    from transformers import AutoModel
    # AutoModel.from_pretrained("o/m-1")
    def f():
        """AutoModel.from_pretrained("o/m-2")"""
        print("o/m-3 and/or client/server")
    '''
    assert found(main_py=code) == []


def test_names_of_data_sets_are_not_taken_for_models() -> None:
    code = """
    from datasets import load_dataset
    from transformers import AutoModel
    REPO_ID = "o/data-1"
    load_dataset(REPO_ID)
    AutoModel.from_pretrained("o/m-1")
    """
    assert names(code) == [(6, "o/m-1", "literal")]
