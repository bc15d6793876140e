"""What is known of one Python file: scopes, assignments, calls, imports. Plain values, so that a cache can hold them.

Expressions are tuples that start with a kind and a line:

    ("s", line, text)                   ("v", line, None | bool | number)       ("?", line)
    ("n", line, name)                   ("a", line, base, attribute)            ("i", line, base, key)
    ("c", line, function, args, ((keyword | None, value), ...))
    ("f", line, parts)                  ("+", line, left, right)                ("/", line, left, right)
    ("l", line, items)                  ("d", line, ((key | None, value), ...)) ("|", line, alternatives)
    ("e", line, iterable)  one of its elements                                  ("u", line, index, tuple)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Expr = tuple[Any, ...]
MODEL_WORD = re.compile(
    r"model|tokeni[sz]er|pretrained|checkpoint|ckpt|repo_?id|encoder|backbone|embedding|reranker|\bllm|lora|adapter|"
    r"diffusion|(?:^|_)vae|(?:^|_)lm(?:_|$)",
    re.IGNORECASE,
)
"""A name that says: what stands here may be called as a model."""


class Assign(NamedTuple):
    """A value given to a name. `block` is the path of the suite it stands in, from the outermost."""

    line: int
    block: tuple[int, ...]
    value: Expr
    is_partial: bool = False


class Call(NamedTuple):
    """A call, the scope and the suite it stands in."""

    scope: int
    block: tuple[int, ...]
    expr: Expr


class Guard(NamedTuple):
    """A comparison of something with texts, and the lines that it guards."""

    scope: int
    subject: Expr
    texts: tuple[tuple[str, int], ...]
    is_equality: bool
    first: int
    last: int
    beyond: int
    """The end of what runs only where the comparison does not hold: elif, else."""
    among: Expr | None = None
    """The list that it is compared with, where that has a name."""


@dataclass
class Scope:
    """A module, class or function."""

    name: str
    kind: str
    parent: int
    line: int
    end: int
    params: list[tuple[str, Expr | None]] = field(default_factory=list)
    names: dict[str, list[Assign]] = field(default_factory=dict)
    returns: list[Expr] = field(default_factory=list)
    bases: list[Expr] = field(default_factory=list)
    decorators: list[Expr] = field(default_factory=list)
    attributes: dict[str, list[tuple[int, Assign]]] = field(default_factory=dict)
    """Of a class: what its methods give to self."""


@dataclass
class Facts:
    """What is known of one file."""

    scopes: list[Scope]
    imports: dict[str, str] = field(default_factory=dict)
    """Local name -> dotted name; a relative import starts with its dots."""
    stars: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    settings: dict[str, list[tuple[int, Assign]]] = field(default_factory=dict)
    """attribute -> values given to it on some object that is not self."""
    constants: list[Call] = field(default_factory=list)
    """Upper-case attributes, such as torchaudio.pipelines.HUBERT_BASE."""
    entries: list[tuple[int, tuple[int, ...], str, Expr]] = field(default_factory=list)
    """(scope, block, key, value) of dictionaries, where the key speaks of a model."""
    packages: list[tuple[int, str]] = field(default_factory=list)
    """(line, top level name) of the imports that may be a packaged model."""
