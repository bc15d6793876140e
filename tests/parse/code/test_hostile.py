"""Whatever a repository holds, the mapper answers, and soon."""

import json
import time

import pytest

from peatmoss.parse.code import usages

LOAD = "from transformers import AutoModel\nAutoModel.from_pretrained('o/m-1')\n"
HOSTILE = {
    "deep brackets": ("a.py", LOAD + "x = " + "[" * 5000 + "]" * 5000 + "\n"),
    "deep calls": ("a.py", LOAD + "x = " + "f(" * 90 + ")" * 90 + "\n"),
    "deep blocks": ("a.py", LOAD + "".join(" " * i + "if x:\n" for i in range(95)) + " " * 95 + "pass\n"),
    "long sum": ("a.py", LOAD + "x = " + " + ".join(["'a'"] * 20_000) + "\n"),
    "long chain of elif": ("a.py", LOAD + "if x == 0: pass\n" + "".join(f"elif x == {i}: pass\n" for i in range(3000))),
    "long line": ("a.py", LOAD + "x = '" + "a" * 1_900_000 + "'\n"),
    "NUL bytes": ("a.py", LOAD + "\0\0\0\n"),
    "lone surrogate": ("a.py", LOAD + "x = '\ud800'\n"),
    "recursion": (
        "a.py",
        LOAD
        + "def f(a):\n    return f(f(a) + g(a))\ndef g(a):\n    return f(g(a))\nAutoModel.from_pretrained(f(g('x')))\n",
    ),
    "names in a circle": ("a.py", LOAD + "a = b\nb = c\nc = a\nAutoModel.from_pretrained(a)\n"),
    "class of itself": ("a.py", LOAD + "class A(A):\n    pass\nAutoModel.from_pretrained(A().x.y.z)\n"),
    "f-strings that multiply": (
        "a.py",
        LOAD
        + "a = 'o/m' if x else 'o/n'\n"
        + "".join(f"a{i} = f'{{a}}{{a}}{{a}}'\na = a{i}\n" for i in range(60))
        + "AutoModel.from_pretrained(a)\n",
    ),
    "many callers": (
        "a.py",
        LOAD
        + "def f(n):\n    AutoModel.from_pretrained(n)\n"
        + "".join(f"def g{i}(n):\n    f(n)\n    g{(i * 7) % 300}(n)\n" for i in range(300)),
    ),
    "deep JSON": ("a.json", '{"model_id": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "deep notebook": ("a.ipynb", '{"cells": ' + "[" * 100_000),
    "odd notebook": (
        "a.ipynb",
        json.dumps(
            {"cells": [1, {"cell_type": "code", "source": 3}, {"cell_type": "code", "source": [1, "from_pretrained"]}]}
        ),
    ),
    "open quotes": ("a.js", "from_pretrained(" + "'" * 9999 + '"' * 9999 + "`" * 9999),
    "open comment": ("a.js", 'import "@huggingface/transformers"; pipeline("a", "o/m-2"); ' + "/*" * 50_000),
    "dashes": ("a.sh", "vllm serve " + "--a " * 3000 + "\n" + "model_name_or_path " + "-" * 20_000),
    "slashes": ("a.md", "huggingface.co/" * 3000 + "[" * 5000 + "pipeline(" * 2000),
    "one long YAML line": ("a.yaml", "model_id: " + "o/m " * 500_000),
    "a million lines of YAML": ("a.yaml", "- model_name: x\n" * 200_000),
    "continuation without end": ("a.sh", "vllm serve \\\n" * 20_000),
    "dots": ("a.py", LOAD + "x = a" + ".b" * 3000 + "\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_neither_stalls_nor_breaks_the_others(name: str) -> None:
    path, text = HOSTILE[name]
    start = time.process_time()
    result = usages({path: text, "other.py": LOAD})
    assert [(u.path, u.line, u.canonical_id) for u in result if u.path == "other.py"] == [("other.py", 2, "o/m-1")]
    assert time.process_time() - start < 8


def test_the_same_files_give_the_same_usages_in_any_order() -> None:
    files = {
        "a.py": LOAD,
        "b.py": LOAD + "def f(n):\n    AutoModel.from_pretrained(n)\n",
        "c.py": "from b import f\nf('o/m-2')\nf('o/m-3')\n",
    }
    assert usages(files) == usages(dict(reversed(files.items())))
