"""peatmoss cards: what a user sees, and what goes wrong in one clear line."""

import json
from pathlib import Path

import pytest

from peatmoss.cli import main
from peatmoss.parse.card import FIELDS

CARD = "---\nlicense: mit\n---\n# A\n\nIt is a fine-tuned version of [a/b](https://huggingface.co/a/b).\n"


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["peatmoss", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    said = capsys.readouterr()
    return int(stop.value.code or 0), said.out, said.err


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text(CARD, "utf-8")
    return path


def test_extract_gives_one_object_a_card(
    card: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = run(capsys, monkeypatch, "cards", "extract", str(card), str(card), "--json", "--model", "me/mine")
    first, second = (json.loads(line) for line in out.splitlines())
    assert (code, first) == (0, second)
    assert (first["file"], first["model"], first["front_matter_status"], first["cut"]) == (
        str(card),
        "me/mine",
        "ok",
        None,
    )
    values = {value["field"]: value for value in first["values"]}
    assert set(values) == {"license", "base_model"} <= set(FIELDS)
    assert CARD[values["base_model"]["start"] : values["base_model"]["end"]] == values["base_model"]["raw"]
    assert values["license"]["path"] == "license"


def test_explain_quotes_the_words_with_their_line(
    card: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = run(capsys, monkeypatch, "cards", "explain", str(card))
    assert code == 0
    assert "license: mit\n    front matter, license, front_matter 1.00: \u201cmit\u201d" in out
    assert "base_model: a/b (finetune)\n    line 6, sentence 0.95" in out
    assert "documentation: written" in out


def test_explain_of_a_model_reads_the_database(
    demo: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = run(capsys, monkeypatch, "cards", "explain", "bigcode/starcoder2-3b", "--db", demo)
    assert code == 0
    assert "license: bigcode-openrail-m" in out
    assert "software engineering: code generation" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cards", "extract", "nowhere.md"), "no file at nowhere.md"),
        (("cards", "extract"), "Missing argument"),
        (("cards", "explain", "nowhere.md"), "no file at nowhere.md"),
        (("cards", "explain", "a/b"), "no database given"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PEATMOSS_DB", raising=False)
    code, _, err = run(capsys, monkeypatch, *arguments)
    assert code == 2
    assert message in err
    assert len(err.splitlines()) == 1


def test_a_model_that_is_not_there_is_one_line(
    demo: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = run(capsys, monkeypatch, "cards", "explain", "no/body", "--db", demo)
    assert (code, len(err.splitlines())) == (2, 1)
    assert "no card of 'no/body' was analyzed" in err


def test_bytes_that_are_no_text_are_read_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "binary.md"
    path.write_bytes(bytes(range(256)) * 50)
    code, out, _ = run(capsys, monkeypatch, "cards", "extract", str(path))
    assert (code, out) == (0, "0 values; no front matter\n")


@pytest.mark.parametrize(
    ("more", "message"),
    [(("--prompt", "poem"), "there is no prompt 'poem': give card"), (("--max-cost", "1"), "needs --price-in"),
     (("--keys", "nowhere.txt"), "cannot read the worklist nowhere.txt")],
)  # fmt: skip
def test_wrong_questions_to_a_language_model_are_one_line(
    more: tuple[str, ...],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = (
        "fetch",
        "llm_answer",
        "--archive",
        str(tmp_path),
        "--base-url",
        "http://127.0.0.1:1/v1",
        "--model",
        "m",
    )
    code, _, err = run(capsys, monkeypatch, *arguments, *more)
    assert code == 2
    assert message in err
