"""peatmoss names: the interfaces to the letter, and wrong use in one line."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path

from peatmoss.parse.registry import registry


def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("peatmoss")
    return subprocess.run(
        [program, "names", *words], capture_output=True, text=True, check=False, input=more.get("input")
    )


def test_parse_gives_name_spans_and_convention() -> None:
    done = run("parse", "bert-base-ner", "--json")
    assert json.loads(done.stdout) == {
        "name": "bert-base-ner",
        "spans": [
            {"start": 0, "end": 4, "text": "bert", "code": "A", "element": "architecture"},
            {"start": 5, "end": 9, "text": "base", "code": "S", "element": "size"},
            {"start": 10, "end": 13, "text": "ner", "code": "T", "element": "task"},
        ],
        "convention": "IAT",
    }


def test_parse_reads_a_file_or_stdin_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_bytes(b"bert\nx\xff-7b\n\ngpt2\r\n")
    by_file = run("parse", "--file", str(tmp_path / "names.txt"), "--json")
    assert [json.loads(line)["name"] for line in by_file.stdout.splitlines()] == ["bert", "x\ufffd-7b", "gpt2"]
    by_pipe = run("parse", "--file", "-", input="bert\n")
    assert by_pipe.stdout.startswith("bert  [I]\n  A bert  architecture")


def test_verify_gives_one_object_a_row(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "id,architectures,model_type,task,parameters\nme/roberta-x,,bert,,\nme/fine,,,,\n"
        "me/gpt2,GPT2LMHeadModel TFGPT2Model,gpt2,text-generation,124e6\n"
    )
    found = [json.loads(line) for line in run("verify", "--table", str(table), "--json").stdout.splitlines()]
    assert [row["id"] for row in found] == ["me/roberta-x", "me/fine", "me/gpt2"]
    assert found[0]["findings"] == [
        {
            "kind": "I1",
            "severity": "hard",
            "claim": "roberta",
            "evidence": "model_type bert",
            "reason": "the name claims roberta; the configuration says bert",
        }
    ]
    assert found[1]["findings"] == found[2]["findings"] == []
    assert run("verify", "--table", str(table)).stdout.endswith("1 of 3 models with a hard or soft finding\n")


def test_wrong_use_is_one_line(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("id,parameters\nx,many\n")
    other = tmp_path / "other.csv"
    other.write_text("name\nx\n")
    for words, said in (
        (("parse",), "no name given"),
        (("parse", "--file", "/nowhere"), "cannot read /nowhere"),
        (("verify", "--table", "/nowhere"), "cannot read /nowhere"),
        (("verify", "--table", str(table)), "line 2: parameters is no number: 'many'"),
        (("verify", "--table", str(other)), "has no column id"),
        (("check", "/nowhere"), "no folder /nowhere"),
        (("suggest", "me"), "no database given"),
    ):
        done = run(*words)
        assert done.returncode == 2, words
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_explain_needs_no_database_and_hides_control_codes() -> None:
    done = run("explain", "evil\x1b[31m-roberta-base")
    assert "\x1b" not in done.stdout
    assert "A roberta  architecture" in done.stdout
    assert "judged by its name alone" in done.stdout


def model_folder(folder: Path, of: str) -> Path:
    """A folder whose configuration declares RoBERTa, and a header of that class; there are no weights behind it."""
    known = next(each for each in registry().known if each.name == of)
    entries = {}
    at = 0
    for pattern, shape in sorted(known.shapes.items()):
        size = 4
        for each in shape:
            size *= each
        entries[pattern.replace("*", "0")] = {"dtype": "F32", "shape": list(shape), "data_offsets": [at, at + size]}
        at += size
    raw = json.dumps(entries).encode()
    folder.mkdir()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(raw)) + raw)
        file.truncate(8 + len(raw) + at)  # the weights are a hole in the file
    (folder / "config.json").write_text('{"model_type": "roberta", "architectures": ["RobertaForMaskedLM"]}')
    return folder


def test_check_compares_a_folder_with_its_name_and_its_configuration(tmp_path: Path) -> None:
    right = model_folder(tmp_path / "my-roberta-base", "RobertaForMaskedLM")
    done = run("check", str(right), "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["verdict"], found["findings"]) == (0, "same", [])
    assert found["predicted"] == "RobertaForMaskedLM"
    assert run("check", str(right), "--name", "me/gpt2-small").returncode == 1
    wrong = model_folder(tmp_path / "other-roberta-base", "GPT2LMHeadModel")
    done = run("check", str(wrong))
    assert done.returncode == 1
    assert "verdict: contradicted" in done.stdout


def test_check_tells_what_it_could_not_read(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"\xff" * 100)
    (tmp_path / "config.json").write_text("[[[[")
    done = run("check", str(tmp_path), "--name", "x")
    assert done.returncode == 0
    assert "not read: model.safetensors" in done.stdout
