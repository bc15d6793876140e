"""Expressions as text, for people."""

from __future__ import annotations

from peatmoss.parse.code.python_scopes import Expr


def shown_call(dotted: str) -> str:
    """transformers.models.auto.AutoModel.from_pretrained -> AutoModel.from_pretrained."""
    parts = dotted.split(".")
    return (
        ".".join(parts[-2:])
        if len(parts) > 1 and (parts[-2][:1].isupper() or parts[-1] in ("load", "pipeline", "create_model"))
        else parts[-1]
    )


def show(expr: Expr, depth: int = 0) -> str:
    """An expression as text, shortened; line numbers play no part."""
    kind = expr[0]
    if depth > 6:
        return "…"
    if kind == "s":
        return repr(expr[2])
    if kind == "n":
        return str(expr[2])
    if kind == "v":
        return repr(expr[2])
    if kind == "a":
        return f"{show(expr[2], depth + 1)}.{expr[3]}"
    if kind == "i":
        return f"{show(expr[2], depth + 1)}[{show(expr[3], depth + 1)}]"
    if kind == "c":
        inner = [show(each, depth + 2) for each in expr[3][:4]] + [
            f"{key}={show(value, depth + 2)}" for key, value in expr[4][:4]
        ]
        return f"{show(expr[2], depth + 1)}({', '.join(inner)})"[:200]
    if kind == "f":
        return (
            "f'"
            + "".join(each[2] if each[0] == "s" else "{" + show(each, depth + 1) + "}" for each in expr[2][:8])
            + "'"
        )
    if kind in "+/":
        return f"{show(expr[2], depth + 1)} {kind} {show(expr[3], depth + 1)}"
    if kind == "|":
        return " or ".join(show(each, depth + 1) for each in expr[2][:4])
    if kind == "l":
        return "[" + ", ".join(show(each, depth + 2) for each in expr[2][:4]) + ("…]" if len(expr[2]) > 4 else "]")
    return "…"
