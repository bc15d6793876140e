"""What the mapper says of one place in code, and how sure it is."""

from __future__ import annotations

from typing import NamedTuple

CONFIDENCE = {
    "literal": 0.98,  # the name stands in the call
    "import": 0.97,  # a package that is the model
    "variable": 0.95,  # assigned before, in the same scope
    "constant": 0.95,  # a constant of a module, this one or an imported one
    "attribute": 0.9,  # an attribute of the class
    "conditional": 0.9,  # one branch of an expression
    "command": 0.9,  # a command line
    "url": 0.9,  # an address of the hub
    "default": 0.9,  # default of a parameter
    "fstring": 0.85,  # put together from known parts
    "field": 0.85,  # default of a dataclass or settings field
    "option": 0.85,  # default of a command line option
    "choice": 0.8,  # one of the choices that a user is offered
    "env": 0.85,  # default for an environment variable, or the variable's value in a file of the repository
    "return": 0.85,  # returned by a function of the repository
    "table": 0.85,  # an entry of a list or of a dictionary
    "call_site": 0.85,  # passed by a caller of the enclosing function
    "config": 0.8,  # a value in a configuration file
    "list_file": 0.6,  # a line of a list that the code reads
    "guard": 0.75,  # compared with the value that is loaded
    "namespace": 0.7,  # an attribute of this name, of an object that is not known
    "named_value": 0.6,  # a value whose own name says model; no call was seen that takes it
    "implicit": 0.5,  # the library's default, because nothing is given
    "unresolved": 0.0,
}
"""How a name was found -> how often that is right. The weakest link of a chain names the method."""


class Usage(NamedTuple):
    """One place that names a model, or a call that would load one that could not be named (`model_id` is None)."""

    path: str
    line: int
    library: str | None
    call: str | None
    role: str
    argument: str | None
    hub: str | None
    model_id: str | None
    canonical_id: str | None
    revision: str | None
    method: str
    confidence: float
    path_class: str
    is_used: bool
    has_trust_remote_code: bool


class Value(NamedTuple):
    """A text that an expression can have, where it is written, and how it got from there to the call."""

    text: str
    path: str
    line: int
    method: str = "literal"
    confidence: float = 1.0

    def via(self, method: str) -> Value:
        """The same text one step further; the weakest step gives the method its name."""
        step = CONFIDENCE[method]
        weakest = method if step <= CONFIDENCE[self.method] else self.method
        return self._replace(method=weakest, confidence=self.confidence * step)


class Found(NamedTuple):
    """What a reader of one language found: a call and one text it may load. `value` is None if there is none."""

    path: str
    line: int
    library: str | None
    call: str | None
    role: str
    hub: str
    argument: str | None
    value: Value | None
    revision: str | None = None
    has_trust_remote_code: bool = False
    is_used: bool = True
    is_strict: bool = False
    """Take the text only if it has the shape of owner/name."""
