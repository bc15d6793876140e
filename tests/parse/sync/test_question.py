"""What a language model is asked about a commit: its words and files, cleaned and bounded; an answer has one shape."""

import pytest

from peatmoss.parse.sync import question
from peatmoss.parse.sync.change import change_types
from peatmoss.parse.sync.question import Label, cleaned, read

NAME = question.subject("github", "acme/rocket", "0a1b2c3")


def test_a_question_names_the_commit_its_words_and_its_files() -> None:
    assert question.question(NAME, "faster", "by\n\na cache", [("a.py", "modified"), ("b.py", None)]) == (
        "commit: github acme/rocket@0a1b2c3\ntitle: faster\nmessage: by a cache\n"
        "files (2):\nmodified a.py\nchanged b.py"
    )


def test_files_that_are_not_known_are_not_said_to_be_none() -> None:
    assert "files" not in question.question(NAME, "faster", None, None)
    assert question.question(NAME, None, None, []).endswith("title: \nfiles (0):")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fix\n```\ncode\n```\nit", "fix it"),
        ("fix ```never closed", "fix"),
        ("see <img src='x'> and <b>bold</b>, 1 < 2", "see and bold , 1 < 2"),
        ('Traceback (most recent call last):\n  File "a.py", line 1\n    x()\nValueError: no\nso mended', "so mended"),
        ("a\t b\n\nc", "a b c"),
    ],
)
def test_tracebacks_fenced_code_and_tags_go_as_in_the_study(text: str, expected: str) -> None:
    assert cleaned(text) == expected


def test_a_commit_of_any_size_gives_a_bounded_question() -> None:
    huge = question.question(NAME, "x" * 10**6, "<" * 10**6, [("y" * 10**4, "added")] * 10_000)
    assert len(huge) < 3 * question.MAX_TEXT + question.MAX_FILES * 320
    assert "files (10000):" in huge


def test_a_path_with_a_line_break_stays_one_line() -> None:
    assert question.question(NAME, "x", None, [("a\nb.py", "added")]).endswith("\nadded a b.py")


def test_an_answer_is_a_label_with_its_reason_or_an_error() -> None:
    answer = {"change_type": "sharing", "confidence": "high", "reason": "a\nbulk  upload"}
    assert read(answer) == Label("sharing", 0.9, "a bulk upload")
    for wrong in (answer | {"change_type": "bug"}, answer | {"confidence": 0.9}, {"change_type": "sharing"}, []):
        with pytest.raises(ValueError, match="answer"):
            read(wrong)


def test_the_instruction_defines_every_type() -> None:
    for one in change_types():
        assert f"- {one.name}: {one.definition}" in question.SYSTEM
