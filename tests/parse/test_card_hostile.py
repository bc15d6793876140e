"""Hostile cards: whatever they hold, reading them ends within the budget, fails never, and says what was left out."""

import time

import pytest

from peatmoss.analyze.cards import ask

N = 1_000_000
BODIES = {
    "one line of a megabyte": "a" * N,
    "words without an end": "word " * (N // 5),
    "brackets": "[" * N,
    "links that never close": "[a](" * (N // 4),
    "quotes in quotes": "> " * (N // 2),
    "lists in lists": "- " * (N // 2),
    "a list that goes deeper with each line": "".join(" " * depth + "- x\n" for depth in range(1_000)),
    "pipes": "|" * N,
    "a table without an end": "|a|b|\n|-|-|\n" + "|1|2|\n" * (N // 6),
    "a table as wide as the sea": "|a" * 20_000 + "|\n" + "|-" * 20_000 + "|\n" + ("|1" * 20_000 + "|\n") * 5,
    "open tags": "<div>" * (N // 5),
    "a script": "<script>" + "alert(1);" * (N // 9),
    "tables in HTML": "<table><tr>" + "<td>1" * (N // 5),
    "comments that never close": "<!--" * (N // 4),
    "backticks": "`" * N,
    "fences": "```\n" * (N // 4),
    "headings": "# a\n" * (N // 4),
    "digits": "1" * N,
    "digits and commas": "1," * (N // 2) + "parameters",
    "digits and dots": "1." * (N // 2),
    "pairs": "a: b\n" * (N // 5),
    "long keys": ("key " * 15 + ": v\n") * (N // 70),
    "addresses": "https://github.com/a/b " * (N // 23),
    "one address": "https://" + "a" * N,
    "entries of BibTeX": "@article{a,title={x},\n" * (N // 22),
    "braces": "@article{a,title={" + "{" * N,
    "the beginning of a sentence, again and again": "This model is a fine-tuned version of the " * (N // 42),
    "settings": "learning rate batch size of " * (N // 28),
    "settings in code": "```\n" + '"lr": 1,\n' * (N // 9) + "```",
    "words with lines between": "a_" * (N // 2),
    "names of names": "a/" * (N // 2),
    "backslashes": "\\" * N,
    "nulls": "\x00" * N,
    "old line ends": "a\r" * (N // 2),
    "names of devices": "train on 8 A100 " * (N // 16),
    "digits in many lines": ("train " + "1." * 1_900 + "\n\n") * 20,
    "capital words in many lines": ("A dataset " + "Aa " * 1_200 + "\n\n") * 20,
    "metrics over metrics": ("|" + "F1/EM " * 500 + "|b|\n|-|-|\n" + "|1/2|3|\n" * 50) * 9,
    "cells that span": "<table>" + "<tr><td rowspan=999 colspan=999>1</td></tr>" * 900 + "</table>",
    "links in a list": "It was trained on " + "[Foo](b), " * (N // 10) + "[Foo](b) datasets",
    "names in a list": "trained on datasets including " + "Foo Bar, " * (N // 9),
    "names before the word": "trained on the " + "Foo of " * (N // 7) + "dataset",
    "names that are known": "trained on " + "SQuAD wmt 2014 " * (N // 15),
    "pages of data": "data https://www.kaggle.com/a/" * (N // 30),
    "numbers before words": "achieves 1 a b " * (N // 15) + "accuracy",
    "a signature without an end": "BLEU" + "|a:b" * (N // 4),
    "a log in one line": "```\nval_a: 1.5 " + "val_loss: 0.5 " * (N // 14) + "```",
    "logs in many lines": "```\n" + "Foo : Pearson: 0.5 Spearman: 0.5\n" * (N // 33) + "```",
    "everything a byte can be": bytes(range(256)).decode("latin-1") * 4_000,
    "reversed text marks": "\u202e\u2066" * (N // 4),
}
BOMB = "\n".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
FRONT = {
    "front matter that never ends": "---\n" + "a: " * N,
    "a bomb of aliases": f"---\na: &a [x]\n{BOMB}\n---\n",
    "nesting": "---\nmodel-index: " + "[" * 5_000 + "]" * 5_000 + "\n---\n",
    "tags without number": "---\ntags: [" + "a, " * 40_000 + "]\n---\n",
    "results without number": "---\nmodel-index:\n- results:\n"
    + "  - metrics:\n    - {type: wer, value: 1}\n" * 6_000 + "---\n",
    "everything of a wrong type": "---\nmodel-index: {a: 1}\nlanguage: {a: {b: c}}\ntags: 3\nlicense: [[a]]\n"
    "base_model: {x: y}\ndatasets: [[1], {a: 2}]\nco2_eq_emissions: [1]\n---\n",
}  # fmt: skip


@pytest.mark.parametrize("text", [*BODIES.values(), *FRONT.values()], ids=[*BODIES, *FRONT])
def test_no_card_costs_more_than_a_second_of_work(text: str) -> None:
    ask("warm up", "a/b")
    start = time.process_time()
    ask(text, "a/b")
    assert time.process_time() - start < 1


@pytest.mark.parametrize("name", ["one line of a megabyte", "pairs", "everything a byte can be"])
def test_what_was_not_read_is_said(name: str) -> None:
    assert ask(BODIES[name]).extraction.cut


@pytest.mark.parametrize(
    ("name", "status"),
    [("a bomb of aliases", "too_large"), ("nesting", "too_deep"), ("front matter that never ends", "none")],
)
def test_front_matter_that_cannot_be_read_says_why(name: str, status: str) -> None:
    assert ask(FRONT[name]).extraction.status == status
