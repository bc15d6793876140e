"""What texts can an expression have? Demand-driven: from a call backwards, through one repository.

An expression is followed to its ends. An end is an expression that goes no further: a text, a list, a dictionary, a
constant, or one of

    ("m", line, dotted)     something imported from outside          ("M", line, path)    a module of the repository
    ("F", line, path, n)    a function                               ("K", line, path, n) a class
    ("I", line, path, n, call, at)  an instance of a class           ("?", line)          not known
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from peatmoss.parse.code import python_callers, python_calls, python_texts
from peatmoss.parse.code.python_ends import Bound, End, joined, reaching
from peatmoss.parse.code.python_repo import At, Repo, keyword, last_name
from peatmoss.parse.code.python_scopes import Expr, Guard
from peatmoss.parse.code.python_show import show
from peatmoss.parse.code.usage import Value

MAX_STEPS = 800
MAX_STEPS_IN_ALL = 1_500_000
MAX_ENDS = 60
MAX_KNOWN = 300_000
MAX_DEPTH = 40
MAX_BOUND = 4
UNKNOWN: Expr = ("?", 0)


class Flow:
    """Follows expressions; counts its steps."""

    def __init__(self, repo: Repo):
        self.repo = repo
        self.total = 0
        self.left = 0
        self._on_the_way: set[tuple[int, str, int, int]] = set()
        self._known: dict[tuple[int, At, int], tuple[Expr, list[End]]] = {}
        self._partly: dict[tuple[int, At, int], list[End]] = {}
        self.bound: Bound | None = None
        self._cuts = 0
        self._guards: dict[str, dict[tuple[int, str], list[Guard]]] = {}
        self.is_exhausted = False

    def values(self, expr: Expr, at: At) -> list[Value]:
        """The texts that an expression can have. An unknown part leaves them out; see `ends` for the rest."""
        found: dict[tuple[str, str, int], Value] = {}
        for end in self.ends(expr, at):
            if end.expr[0] == "s":
                value = Value(end.expr[2], end.at.path, end.expr[1], end.method, end.confidence)
                key = (value.text, value.path, value.line)
                if key not in found or found[key].confidence < value.confidence:
                    found[key] = value
        return list(found.values())

    def ends(self, expr: Expr, at: At, steps: int = MAX_STEPS) -> list[End]:
        """The ends of an expression, within a budget of steps: to look a short way only is no cut."""
        if self.total > MAX_STEPS_IN_ALL:
            self.is_exhausted = True
            return [End(UNKNOWN, at)]
        self.left = steps
        self._partly.clear()
        found = self.follow(expr, at)
        self.is_exhausted = self.is_exhausted or (self.left < 0 and steps == MAX_STEPS)
        return found

    def follow(self, expr: Expr, at: At) -> list[End]:
        """The ends of an expression."""
        kind = expr[0]
        if kind in "sv?ldmMFKI":
            return [End(expr, at)]
        bound = id(self.bound) if self.bound is not None else 0
        known = self._known.get((id(expr), at, bound))
        if known is not None and known[0] is expr:
            return known[1]
        partly = self._partly.get((id(expr), at, bound))
        if partly is not None:  # a circle was cut in it: good enough a second time for the same question
            return partly
        self.left -= 1
        self.total += 1
        cuts = self._cuts
        key = (id(expr), at.path, at.scope, bound)
        if self.left < 0 or key in self._on_the_way or len(self._on_the_way) > MAX_DEPTH:
            self._cuts += 1
            return [End(UNKNOWN, at)]
        self._on_the_way.add(key)
        try:
            found: list[End] = []
            seen: set[tuple[int, str, int]] = set()
            for end in self._step(expr, at):
                mark = (
                    (id(end.expr), end.at.path, end.expr[1])
                    if end.expr[0] != "s"
                    else (hash(end.expr[2]), end.at.path, end.expr[1])
                )
                if mark not in seen:
                    seen.add(mark)
                    found.append(end)
                if len(found) >= MAX_ENDS or self.left < 0:
                    break
            if kind in "nai":
                found = python_texts.allowed(self, expr, at, found)
            if cuts == self._cuts and not bound and len(self._known) < MAX_KNOWN:
                self._known[id(expr), at, bound] = expr, found
            else:
                self._partly[id(expr), at, bound] = found
            return found
        finally:
            self._on_the_way.discard(key)

    def guarded(self, path: str, scope: int, expr: Expr) -> list[Guard]:
        """The comparisons of an expression in a scope."""
        if path not in self._guards:
            facts = self.repo.facts(path)
            index: dict[tuple[int, str], list[Guard]] = {}
            for guard in facts.guards if facts else ():
                index.setdefault((guard.scope, show(guard.subject)), []).append(guard)
            self._guards[path] = index
        return self._guards[path].get((scope, show(expr)), []) if self._guards[path] else []

    def inside(self, path: str, scope: int, call: Expr, at: At, expr: Expr, place: At) -> list[End]:
        """The ends of an expression in a function that was entered through this call."""
        before = self.bound
        depth = before.depth + 1 if before is not None else 1
        if depth > MAX_BOUND:
            return self.follow(expr, place)
        self.bound = Bound(path, scope, call, at, before, depth)
        try:
            return self.follow(expr, place)
        finally:
            self.bound = before

    def _step(self, expr: Expr, at: At) -> Iterable[End]:
        kind = expr[0]
        if kind == "n":
            return self.name(expr, at)
        if kind == "a":
            return self.attribute(expr, at)
        if kind == "i":
            return self.item(expr, at)
        if kind == "c":
            return python_calls.call(self, expr, at)
        if kind == "|":
            return (end.via("conditional") for each in expr[2] for end in self.follow(each, at))
        if kind == "f":
            return python_texts.text(self, expr[2], at)
        if kind == "+":
            return python_texts.text(self, (expr[2], expr[3]), at)
        if kind == "/":
            return [End(("s", expr[1], "./path"), at)]
        if kind == "e":
            return self.elements(expr[2], at)
        if kind == "u":
            return self.unpacked(expr, at)
        return [End(UNKNOWN, at)]

    # --- names -----------------------------------------------------------------------------------------------------

    def name(self, expr: Expr, at: At) -> Iterator[End]:
        """A variable, parameter, function, class or import."""
        repo, name = self.repo, expr[2]
        facts = repo.facts(at.path)
        if facts is None:
            return
        number = at.scope
        while number >= 0:
            scope = facts.scopes[number]
            if scope.kind != "class" or number == at.scope:
                is_here = number == at.scope
                assigns = scope.names.get(name)
                is_param = scope.kind == "function" and any(param == name for param, _ in scope.params)
                if assigns or is_param:
                    chosen, is_certain = reaching(assigns or [], at if is_here else None)
                    is_constant = scope.kind == "module" and (not is_here or at.line == 1 << 30)
                    method = "constant" if is_constant else "variable"
                    for assign in chosen:
                        place = At(at.path, number, assign.block, assign.line)
                        yield from (end.via(method) for end in self.follow(assign.value, place))
                    if is_param and not is_certain:
                        yield from python_callers.parameter(self, at.path, number, name)
                    return
                found = repo.child(at.path, number, name)
                if found:
                    for each in found:
                        child = facts.scopes[each]
                        yield End(("K" if child.kind == "class" else "F", child.line, at.path, each), at)
                    return
            number = scope.parent
        yield from self.imported(name, at)

    def imported(self, name: str, at: At) -> Iterator[End]:
        """A name that an import brought in."""
        facts = self.repo.facts(at.path)
        dotted = facts.imports.get(name) if facts else None
        if dotted is not None:
            yield from self.dotted(dotted, at)
            return
        for module in facts.stars if facts else ():
            path = self.repo.module(module, at.path)
            if path and path != at.path and self._has(path, name):
                yield from (end.via("constant") for end in self.member(path, name, at))
                return
        yield End(UNKNOWN, at)

    def dotted(self, dotted: str, at: At) -> Iterator[End]:
        """a.b.NAME: a module of the repository, a member of one, or something from outside."""
        path = self.repo.module(dotted, at.path)
        if path and path != at.path:
            yield End(("M", 0, path), at)
            return
        head, _, last = dotted.rpartition(".")
        if dotted.startswith(".") and not head.strip("."):
            head = dotted[: len(dotted) - len(last)]
        path = self.repo.module(head, at.path) if head else None
        if path and path != at.path and self.repo.facts(path) is not None and self._has(path, last):
            yield from self.member(path, last, at)
        else:
            yield End(("m", at.line, dotted), at)

    def _has(self, path: str, name: str) -> bool:
        facts = self.repo.facts(path)
        return facts is not None and (
            name in facts.scopes[0].names
            or name in facts.imports
            or bool(facts.stars)
            or bool(self.repo.child(path, 0, name))
        )

    def member(self, path: str, name: str, at: At) -> list[End]:
        """A name of a module of the repository."""
        return self.follow(("n", at.line, name), At(path, 0, (), 1 << 30))

    # --- attributes, items -----------------------------------------------------------------------------------------

    def attribute(self, expr: Expr, at: At) -> Iterator[End]:
        """The attribute of a base."""
        base, attribute = expr[2], expr[3]
        if base[0] == "n" and base[2] in ("self", "cls"):
            owner = self._class_of(at)
            if owner is not None:
                found = list(self.class_attribute(at.path, owner, attribute))
                yield from found or python_callers.by_name(self, expr, at)
                return
        if attribute == "param" and base[0] == "n" and base[2] == "request":
            yield from python_callers.requested(self, at)
            return
        is_known = False
        for end in self.follow(base, at):
            kind = end.expr[0]
            if kind == "m" and "()" not in end.expr[2] and not end.expr[2].endswith(".FLAGS"):
                yield End(("m", expr[1], f"{end.expr[2]}.{attribute}"), at, end.method, end.confidence)
                is_known = True
            elif kind == "M":
                if self._has(end.expr[2], attribute):
                    yield from self.member(end.expr[2], attribute, at)
                    is_known = True
            elif kind in "KI":
                found = list(self.class_attribute(end.expr[2], end.expr[3], attribute))
                if kind == "I":
                    given = keyword(end.expr[4], attribute)
                    found += [each.via("call_site") for each in self.follow(given, end.expr[5])] if given else []
                    found += python_callers.spread(self, end.expr[4], attribute, end.expr[5]) if not given else []
                yield from found
                is_known = is_known or bool(found)
            elif kind == "d":
                for each in self._entries(end, ("s", 0, attribute)):
                    is_known = True
                    yield each
            elif kind == "s" and attribute in ("value", "name"):
                yield end
                is_known = True
        if not is_known:
            yield from python_callers.by_name(self, expr, at)

    def _class_of(self, at: At) -> int | None:
        facts = self.repo.facts(at.path)
        number = at.scope
        while facts is not None and number >= 0:
            if facts.scopes[number].kind == "class":
                return number
            number = facts.scopes[number].parent
        return None

    def class_attribute(self, path: str, number: int, name: str, depth: int = 0) -> Iterator[End]:
        """What a class, its methods or its bases give to an attribute."""
        facts = self.repo.facts(path)
        if facts is None or depth > 4:
            return
        scope = facts.scopes[number]
        is_found = False
        for assign in scope.names.get(name, ()):
            is_found = True
            place = At(path, number, assign.block, assign.line)
            yield from (end.via("field") for end in self.follow(assign.value, place))
        for inner, assign in scope.attributes.get(name, ()):
            is_found = True
            place = At(path, inner, assign.block, assign.line)
            yield from (end.via("attribute") for end in self.follow(assign.value, place))
        for each in self.repo.child(path, number, name):
            is_found = True
            child = facts.scopes[each]
            if any(last_name(d) in ("property", "cached_property") for d in child.decorators):
                for value in child.returns:
                    yield from (end.via("return") for end in self.follow(value, At(path, each, (), 1 << 30)))
            else:
                yield End(("F", child.line, path, each), At(path, number, (), child.line))
        yield from python_callers.constructed(self, path, number, name)
        if is_found:
            return
        for base in scope.bases:
            for end in self.follow(base, At(path, scope.parent, (), scope.line)):
                if end.expr[0] == "K" and (end.expr[2], end.expr[3]) != (path, number):
                    yield from self.class_attribute(end.expr[2], end.expr[3], name, depth + 1)

    def item(self, expr: Expr, at: At) -> Iterator[End]:
        """An item of a base, by its key."""
        is_known = False
        for end in self.follow(expr[2], at):
            if end.expr[0] in "ld":
                is_known = True
                yield from self._entries(end, expr[3], at)
            elif end.expr[0] == "m" and end.expr[2] == "os.environ":
                is_known = True
                for key in self.values(expr[3], at):
                    yield from python_calls.environment(self, key.text, at)
            elif end.expr[0] == "s":
                is_known = True
            elif end.expr[0] == "m" and end.expr[2].endswith(".__dict__"):
                is_known = True
                yield from self.picked(end.expr[2].removesuffix(".__dict__"), expr[3], at)
            elif end.expr[0] == "K":
                for key in self.values(expr[3], at):
                    yield from self.class_attribute(end.expr[2], end.expr[3], key.text)
        if not is_known and expr[3][0] == "s":
            yield from python_callers.by_name(self, ("a", expr[1], expr[2], expr[3][2]), at)

    def picked(self, dotted: str, key: Expr, at: At) -> Iterator[End]:
        """models.__dict__[name], getattr(models, name): members of a module from outside, by a text."""
        for name in self.follow(key, at):
            if name.expr[0] == "s" and name.expr[2].isidentifier():
                yield name._replace(expr=("m", name.expr[1], f"{dotted}.{name.expr[2]}"))

    def _entries(self, end: End, key: Expr, at: At | None = None) -> Iterator[End]:
        """The entries of a list or dictionary under a key; all of them if the key is not known."""
        container, place = end.expr, end.at
        if container[0] == "l":
            items = container[2]
            if key[0] == "v" and type(key[2]) is int and -len(items) <= key[2] < len(items):
                items = (items[key[2]],)
            for each in items[:MAX_ENDS]:
                yield from (joined(end, found).via("table") for found in self.follow(each, place))
            return
        keys = {value.text for value in self.values_within(key, at)} if at is not None else {key[2]}
        pairs = (
            [pair for pair in container[2] if pair[0] is not None and pair[0][0] == "s" and pair[0][2] in keys]
            if keys
            else []
        )
        if not pairs and (not keys or at is not None):
            pairs = list(container[2]) if not keys else []
        for _, value in pairs[:MAX_ENDS]:
            yield from (joined(end, found).via("table") for found in self.follow(value, place))

    def values_within(self, expr: Expr, at: At) -> list[Value]:
        """The texts of a part of what is followed: shares its budget."""
        return [
            Value(end.expr[2], end.at.path, end.expr[1], end.method, end.confidence)
            for end in self.follow(expr, at)
            if end.expr[0] == "s"
        ]

    def elements(self, iterable: Expr, at: At) -> Iterator[End]:
        """What a loop over an expression gives, one after the other."""
        if iterable[0] == "c":
            special = python_calls.loop(self, iterable, at)
            if special is not None:
                yield from special
                return
        for end in self.follow(iterable, at):
            if end.expr[0] == "l":
                for each in end.expr[2][:MAX_ENDS]:
                    yield from (joined(end, found).via("table") for found in self.follow(each, end.at))
            elif end.expr[0] == "d":
                yield from (
                    joined(end, End(key, end.at)).via("table") for key, _ in end.expr[2][:MAX_ENDS] if key is not None
                )
            elif end.expr[0] == "K":
                for assigns in self.repo.scope(At(end.expr[2], end.expr[3], (), 0)).names.values():
                    for assign in assigns:
                        yield End(assign.value, At(end.expr[2], end.expr[3], assign.block, assign.line)).via("table")

    def unpacked(self, expr: Expr, at: At) -> Iterator[End]:
        """One part of a tuple."""
        for end in self.follow(expr[3], at):
            if end.expr[0] == "l" and expr[2] < len(end.expr[2]):
                yield from (joined(end, found) for found in self.follow(end.expr[2][expr[2]], end.at))
