"""What is taken out of texts before the public sees them."""

import polars as pl
import pytest

from peatmoss.release.public import excerpt, prose, scrub, without_emails
from peatmoss.schema import hub


def clean(text: str) -> str:
    return str(pl.select(without_emails(pl.lit(text))).item())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to jane.doe+x@mail.example.co.uk!", "write to [e-mail]!"),
        ("<a@b.de>,(c_d@e-f.org);mailto:x@y.io?s=1", "<[e-mail]>,([e-mail]);mailto:[e-mail]?s=1"),
        ("Jürgen.Müller@exämple.de und 王@例子.中国", "[e-mail] und [e-mail]"),
        ('{"m": "a\\u0040b.com", "n": "a%40b.com"} a&#64;b.com', '{"m": "[e-mail]", "n": "[e-mail]"} [e-mail]'),
        ("jane [at] example [dot] org, jane(at)example.org", "[e-mail], [e-mail]"),
        ("12345+login@users.noreply.github.com", "[e-mail]"),
        ("a@b.com c@d.com", "[e-mail] [e-mail]"),
        ("https://user:token@host.example/x", "https://user:[e-mail]/x"),
    ],
)  # fmt: skip
def test_addresses_are_replaced(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "git@github.com:owner/name.git", "pip install git+ssh://git@github.com/o/n", "@mention and @org/team",
        "scope/pkg@1.2.3", "mAP@0.5", "P@1 = 0.3", "a @ b.c", "x@localhost", "https://medium.com/@someone/post", "",
    ],
)  # fmt: skip
def test_other_uses_of_the_sign_stay(text: str) -> None:
    assert clean(text) == text


def test_keys_stay_unique_and_paths_keep_their_signs() -> None:
    tags = pl.DataFrame({"id": [1, 2, 3], "name": ["a@b.com", "c@d.com", "x"]})
    assert scrub(hub.tag, tags)["name"].to_list() == ["[e-mail 1]", "[e-mail 2]", "x"]
    files = pl.DataFrame({"snapshot_id": [1] * 4, "path": ["a@b.com", "c@d.com", "icon@2x.png", "m@epoch.pt"]})
    assert scrub(hub.snapshot_file, files.with_columns(pl.lit(None, pl.String).alias(c.name) for c in hub.snapshot_file.c if c.name not in files.columns))["path"].to_list() == ["[e-mail]", "icon@2x.png", "m@epoch.pt"]  # noqa: E501  # fmt: skip


CARD = """<!-- hidden
comment -->
# Title
[![badge](https://x/y.svg)](https://x) ![image](a.png)
**Bold** words with a [link](https://example.org/a) and `code`.

| a | b |
|---|---|
```python
from x import y
```
<p align="center">Centred</p>
"""


def test_an_excerpt_is_prose() -> None:
    shown = pl.select(excerpt(prose(pl.lit(CARD)))).item()
    assert shown == "Bold words with a link and code. Centred"


def test_an_excerpt_ends_at_a_word_and_is_short() -> None:
    assert pl.select(excerpt(pl.lit("word " * 200))).item() == ("word " * 60)[:-1] + "…"
    assert len(pl.select(excerpt(prose(pl.lit("字" * 5000)))).item()) == 301
    assert pl.select(excerpt(prose(pl.lit("")))).item() == ""


def test_an_address_at_the_cut_does_not_survive_in_half() -> None:
    for length in range(560, 600):
        shown = pl.select(prose(pl.lit("x" * 3 + " y" * (length // 2) + " jane.doe@example.com"))).item()
        assert "jane.doe" not in shown or "jane.doe@example.com" in shown
