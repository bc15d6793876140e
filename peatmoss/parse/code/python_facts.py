"""One Python file -> its facts, in one walk over its tree."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from peatmoss.parse.code.python_scopes import MODEL_WORD, Assign, Call, Expr, Facts, Guard, Scope

MAX_DEPTH = 80
MAX_ITEMS = 3000
MAX_TEXT = 400
_PACKAGED = re.compile(r"[a-z]{2}_[a-z_]+_(?:sm|md|lg|trf)")


def facts(text: str) -> Facts | None:
    """The facts of a file; None if it is not Python that this version can parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        reader = _Reader()
        reader.body(tree.body, 0, ())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return reader.found


class _Reader:
    """Walks a tree once; every expression is converted once."""

    def __init__(self) -> None:
        self.found = Facts([Scope("", "module", -1, 0, 1 << 30)])
        self.scope = 0
        self.block: tuple[int, ...] = ()
        self.blocks = 0
        self.depth = 0
        self.kinds: dict[type[ast.AST], Callable[[Any], Expr]] = {
            ast.Constant: self.constant, ast.Name: self.name, ast.Attribute: self.attribute, ast.Call: self.call,
            ast.Subscript: self.subscript, ast.JoinedStr: self.joined, ast.BinOp: self.operation,
            ast.IfExp: self.either, ast.BoolOp: self.any_of, ast.List: self.items, ast.Tuple: self.items,
            ast.Set: self.items, ast.Dict: self.mapping, ast.Await: self.inner, ast.Starred: self.inner,
            ast.NamedExpr: self.named, ast.ListComp: self.comprehension, ast.SetComp: self.comprehension,
            ast.GeneratorExp: self.comprehension, ast.DictComp: self.other, ast.Yield: self.yielded,
        }  # fmt: skip

    # --- statements ------------------------------------------------------------------------------------------------

    def body(self, statements: Iterable[ast.stmt], scope: int, block: tuple[int, ...]) -> None:
        before = self.scope, self.block
        self.scope, self.block = scope, block
        self.depth += 1
        if self.depth < MAX_DEPTH:
            for statement in statements:
                self.statement(statement)
        self.depth -= 1
        self.scope, self.block = before

    def suite(self, statements: list[ast.stmt]) -> None:
        if statements:
            self.blocks += 1
            self.body(statements, self.scope, (*self.block, self.blocks))

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Expr):
            if not isinstance(node.value, ast.Constant):
                self.expr(node.value)
        elif isinstance(node, ast.Assign):
            value = self.expr(node.value)
            for target in node.targets:
                self.bind(target, value)
        elif isinstance(node, ast.AnnAssign):
            self.expr(node.annotation)
            if node.value is not None:
                self.bind(node.target, self.expr(node.value))
        elif isinstance(node, ast.AugAssign):
            self.bind(node.target, self.expr(node.value), is_partial=True)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.function(node)
        elif isinstance(node, ast.ClassDef):
            self.classes(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.imported(node)
        elif isinstance(node, ast.If):
            self.condition(node)
        elif isinstance(node, ast.Return):
            if node.value is not None:
                self.found.scopes[self.scope].returns.append(self.expr(node.value))
        elif isinstance(node, ast.For | ast.AsyncFor):
            self.bind(node.target, ("e", node.lineno, self.expr(node.iter)))
            self.suite(node.body)
            self.suite(node.orelse)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                value = self.expr(item.context_expr)
                if item.optional_vars is not None:
                    self.bind(item.optional_vars, value)
            self.body(node.body, self.scope, self.block)
        elif isinstance(node, ast.Try):
            self.suite(node.body)
            for handler in node.handlers:
                self.suite(handler.body)
            self.suite(node.orelse)
            self.body(node.finalbody, self.scope, self.block)
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.expr(child)
            if isinstance(node, ast.While):
                self.suite(node.body)
            elif isinstance(node, ast.Match):
                for case in node.cases:
                    self.suite(case.body)

    def condition(self, node: ast.If) -> None:
        """if, elif, elif, ... in a loop: chains of thousands exist."""
        current: ast.If = node
        while True:
            last = current.body[-1].end_lineno or current.lineno
            self.guard(current.test, current.body[0].lineno, last, node.end_lineno or last)
            self.suite(current.body)
            rest = current.orelse
            if len(rest) == 1 and isinstance(rest[0], ast.If):
                current = rest[0]
                continue
            self.suite(rest)
            return

    def guard(self, test: ast.expr, first: int, last: int, beyond: int) -> None:
        if isinstance(test, ast.BoolOp):
            for part in test.values:
                self.guard(part, first, last, beyond if isinstance(test.op, ast.Or) else last)
            return
        if not isinstance(test, ast.Compare) or len(test.ops) != 1:
            self.expr(test)
            return
        left, right = self.expr(test.left), self.expr(test.comparators[0])
        if isinstance(test.ops[0], ast.Eq | ast.In):
            if left[0] == "s" and isinstance(test.ops[0], ast.Eq):
                left, right = right, left
            items = right[2] if right[0] == "l" else (right,)
            texts = tuple((item[2], item[1]) for item in items if item[0] == "s")
            if left[0] in "nai":
                is_equality = isinstance(test.ops[0], ast.Eq)
                if texts and (is_equality or right[0] == "l"):
                    self.found.guards.append(Guard(self.scope, left, texts, is_equality, first, last, beyond))
                elif not is_equality and right[0] in "na":
                    self.found.guards.append(Guard(self.scope, left, (), False, first, last, beyond, right))

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        decorators = [self.expr(each) for each in node.decorator_list]
        arguments = node.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        defaults: list[Expr | None] = [None] * (len(names) - len(arguments.defaults))
        defaults += [self.expr(each) for each in arguments.defaults]
        params = list(zip(names, defaults, strict=True))
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            params.append((argument.arg, None if default is None else self.expr(default)))
        scope = Scope(node.name, "function", self.scope, node.lineno, node.end_lineno or node.lineno, params)
        scope.decorators = decorators
        self.found.scopes.append(scope)
        self.body(node.body, len(self.found.scopes) - 1, ())

    def classes(self, node: ast.ClassDef) -> None:
        bases = [self.expr(each) for each in node.bases]
        for each in node.keywords:
            self.expr(each.value)
        scope = Scope(node.name, "class", self.scope, node.lineno, node.end_lineno or node.lineno, bases=bases)
        scope.decorators = [self.expr(each) for each in node.decorator_list]
        self.found.scopes.append(scope)
        self.body(node.body, len(self.found.scopes) - 1, ())

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        imports = self.found.imports
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    imports[alias.asname] = alias.name
                else:
                    top = alias.name.split(".")[0]
                    imports[top] = top
                if _PACKAGED.fullmatch(alias.name):
                    self.found.packages.append((node.lineno, alias.name))
            return
        module = "." * node.level + (node.module or "")
        if _PACKAGED.fullmatch(module):
            self.found.packages.append((node.lineno, module))
        for alias in node.names:
            if alias.name == "*":
                self.found.stars.append(module)
            else:
                separator = "" if module.endswith(".") else "."
                imports[alias.asname or alias.name] = f"{module}{separator}{alias.name}"

    def bind(self, target: ast.expr, value: Expr, is_partial: bool = False) -> None:
        assign = Assign(target.lineno, self.block, value, is_partial)
        scope = self.found.scopes[self.scope]
        if isinstance(target, ast.Name):
            scope.names.setdefault(target.id, []).append(assign)
        elif isinstance(target, ast.Attribute):
            owner = (
                self.method_of() if isinstance(target.value, ast.Name) and target.value.id in ("self", "cls") else None
            )
            where = self.found.settings if owner is None else owner.attributes
            where.setdefault(target.attr, []).append((self.scope, assign))
        elif isinstance(target, ast.Subscript):
            key = self.expr(target.slice)
            if key[0] == "s" and isinstance(target.value, ast.Attribute) and MODEL_WORD.search(key[2]):
                self.found.entries.append((self.scope, self.block, key[2], value))
            if isinstance(target.value, ast.Name):
                entry = ("d", target.lineno, ((key, value),))
                scope.names.setdefault(target.value.id, []).append(Assign(target.lineno, self.block, entry, True))
        elif isinstance(target, ast.Tuple | ast.List):
            for index, each in enumerate(target.elts[:MAX_ITEMS]):
                self.bind(each, ("u", target.lineno, index, value))

    def method_of(self) -> Scope | None:
        """The class whose method this is."""
        index = self.scope
        while index >= 0:
            scope = self.found.scopes[index]
            if scope.kind == "class":
                return scope
            index = scope.parent
        return None

    # --- expressions -----------------------------------------------------------------------------------------------

    def expr(self, node: ast.expr) -> Expr:
        self.depth += 1
        try:
            if self.depth > MAX_DEPTH:
                return ("?", node.lineno)
            return self.kinds.get(type(node), self.other)(node)
        finally:
            self.depth -= 1

    def constant(self, node: ast.Constant) -> Expr:
        value = node.value
        if type(value) is str:
            return ("s", node.lineno, value) if len(value) <= MAX_TEXT else ("?", node.lineno)
        if value is None or value is True or value is False or type(value) is int:
            return ("v", node.lineno, value)
        return ("?", node.lineno)

    def name(self, node: ast.Name) -> Expr:
        return ("n", node.lineno, node.id)

    def attribute(self, node: ast.Attribute) -> Expr:
        found = ("a", node.lineno, self.expr(node.value), node.attr)
        if len(node.attr) > 4 and node.attr.isupper():
            self.found.constants.append(Call(self.scope, self.block, found))
        return found

    def subscript(self, node: ast.Subscript) -> Expr:
        return ("i", node.lineno, self.expr(node.value), self.expr(node.slice))

    def call(self, node: ast.Call) -> Expr:
        function = self.expr(node.func)
        args = tuple([self.expr(each) for each in node.args])
        keywords = tuple([(each.arg, self.expr(each.value)) for each in node.keywords])
        found = ("c", node.lineno, function, args, keywords)
        self.found.calls.append(Call(self.scope, self.block, found))
        return found

    def joined(self, node: ast.JoinedStr) -> Expr:
        parts = [self.expr(each.value if isinstance(each, ast.FormattedValue) else each) for each in node.values]
        return ("f", node.lineno, tuple(parts))

    def operation(self, node: ast.BinOp) -> Expr:
        left, right = self.expr(node.left), self.expr(node.right)
        if isinstance(node.op, ast.Add):
            return ("+", node.lineno, left, right)
        if isinstance(node.op, ast.Div):
            return ("/", node.lineno, left, right)
        if isinstance(node.op, ast.Mod) and left[0] == "s":
            return ("c", node.lineno, ("a", node.lineno, left, "%"), right[2] if right[0] == "l" else (right,), ())
        if isinstance(node.op, ast.BitOr):
            return ("|", node.lineno, (left, right))
        return ("?", node.lineno)

    def either(self, node: ast.IfExp) -> Expr:
        self.guard(node.test, node.lineno, node.end_lineno or node.lineno, node.lineno)
        return ("|", node.lineno, (self.expr(node.body), self.expr(node.orelse)))

    def any_of(self, node: ast.BoolOp) -> Expr:
        return ("|", node.lineno, tuple([self.expr(each) for each in node.values]))

    def items(self, node: ast.List | ast.Tuple | ast.Set) -> Expr:
        return ("l", node.lineno, tuple([self.expr(each) for each in node.elts[:MAX_ITEMS]]))

    def mapping(self, node: ast.Dict) -> Expr:
        nodes = zip(node.keys[:MAX_ITEMS], node.values, strict=False)
        pairs = tuple([(None if k is None else self.expr(k), self.expr(v)) for k, v in nodes])
        for key, value in pairs:
            if key is not None and key[0] == "s" and MODEL_WORD.search(key[2]):
                self.found.entries.append((self.scope, self.block, key[2], value))
        return ("d", node.lineno, pairs)

    def inner(self, node: ast.Await | ast.Starred) -> Expr:
        return self.expr(node.value)

    def named(self, node: ast.NamedExpr) -> Expr:
        value = self.expr(node.value)
        self.bind(node.target, value)
        return value

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Expr:
        for each in node.generators:
            self.bind(each.target, ("e", node.lineno, self.expr(each.iter)), is_partial=True)
            for test in each.ifs:
                self.expr(test)
        return ("l", node.lineno, (self.expr(node.elt),))

    def yielded(self, node: ast.Yield) -> Expr:
        if node.value is not None:
            self.found.scopes[self.scope].returns.append(self.expr(node.value))
        return ("?", node.lineno)

    def other(self, node: ast.expr) -> Expr:
        """Nothing that has a value of interest, but there may be calls inside."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.expr(child)
            elif isinstance(child, ast.comprehension):
                self.bind(child.target, ("e", node.lineno, self.expr(child.iter)), is_partial=True)
        return ("?", node.lineno)
