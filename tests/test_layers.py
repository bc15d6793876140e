"""The table "Who may import whom" of the design, checked against the imports."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "peatmoss"

ANY = {"typing_extensions"}
"""Other people's packages that every part may import (besides the standard library)."""

_ADBC = {"adbc_driver_manager", "adbc_driver_sqlite", "adbc_driver_postgresql"}

LAYERS: dict[str, tuple[set[str], set[str]]] = {
    # part: (ours, others)
    "__init__": ({"db", "errors", "schema"}, {"polars", "sqlalchemy"}),
    "errors": (set(), set()),
    "files": ({"errors"}, {"zstandard"}),
    "schema": (set(), {"sqlalchemy"}),
    "parse": (
        {"errors"},
        {"polars", "yaml", "orjson", "re2", "license_expression", "licenseclassifier", "markdown_it"},
    ),
    "archive": ({"errors", "files"}, {"orjson", "zstandard", "polars"}),
    "fetch": (
        {"archive", "parse", "errors", "files"},
        {"huggingface_hub", "github", "openai", "requests", "polars", "orjson", "zstandard"},
    ),
    "db": ({"schema", "errors"}, {"sqlalchemy", "polars"} | _ADBC),
    "load": (
        {"archive", "parse", "schema", "db", "errors", "files"},
        {"polars", "distributed", "sqlalchemy", "orjson"},
    ),
    "migrate": ({"schema", "db", "errors"}, {"alembic", "sqlalchemy"}),
    "status": ({"schema", "db", "archive", "errors"}, {"sqlalchemy"}),
    "worklist": ({"schema", "db", "errors"}, {"sqlalchemy", "polars"}),
    "link": ({"schema", "parse", "db", "errors"}, {"sqlalchemy", "polars"}),
    "analyze": ({"schema", "parse", "errors"}, {"polars", "sqlalchemy", "orjson"} | _ADBC),
    "audit": ({"parse", "schema", "db", "errors", "files"}, {"polars", "sqlalchemy"}),
    "explain": ({"parse", "db", "errors"}, {"sqlalchemy", "resvg_py"}),
    "release": ({"schema", "db", "errors", "migrate"}, {"sqlalchemy", "sqlite_utils", "polars"} | _ADBC),
    "serve": ({"schema", "db", "errors", "release", "explain"}, {"datasette", "sqlite_utils", "markupsafe", "uvicorn"}),
    "publish": ({"errors"}, {"huggingface_hub"}),
    "cli": (
        {
            "archive",
            "audit",
            "fetch",
            "load",
            "migrate",
            "link",
            "analyze",
            "release",
            "serve",
            "status",
            "worklist",
            "publish",
            "explain",
        }
        | {"db", "errors"},
        {"typer", "rich", "orjson"},
    ),
}

EXTRA = {
    "audit/run.py": {"__init__"},
    "analyze/__init__.py": {"db"},
    "cli/__init__.py": {"__init__"},
    "db.py": {"__init__"},
    "fetch/hub_http.py": {"__init__"},
    "release/manifest.py": {"__init__"},
}
"""What single files may import of ours in addition."""

NETWORK = {"http", "socket", "ssl", "urllib", "ftplib", "smtplib", "socketserver", "httpx", "requests", "aiohttp"}
IMPURE = {"time", "logging", "random", "subprocess", "sqlite3", "tempfile", "shutil"} | NETWORK


def _part(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """Dotted names of everything a file imports, wherever in it the import stands; for type checkers only, too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


FILES = sorted(path for path in ROOT.rglob("*.py") if "plugins" not in path.parts)


def _ours(name: str) -> str:
    """The part of our package that a dotted name belongs to."""
    parts = name.split(".")
    is_part = len(parts) > 1 and any((ROOT / f"{parts[1]}{ending}").exists() for ending in (".py", ""))
    return parts[1] if is_part else "__init__"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_imports_only_what_its_layer_may(path: Path) -> None:
    part = _part(path)
    assert part in LAYERS, f"{part} is in no layer: add it to the design and to LAYERS"
    ours, others = LAYERS[part]
    extra = EXTRA.get(str(path.relative_to(ROOT)), set())
    names = _imports(path)
    mine = {_ours(name) for name in names if name.split(".")[0] == "peatmoss"} - {part}
    assert mine - {"reference"} <= ours | extra
    foreign = {name.split(".")[0] for name in names} - {"peatmoss"} - set(sys.stdlib_module_names)
    assert foreign <= others | ANY


def test_no_layer_is_only_on_paper() -> None:
    planned = {"publish"}
    assert {_part(path) for path in FILES} >= set(LAYERS) - planned


@pytest.mark.parametrize("path", [p for p in FILES if _part(p) == "parse"], ids=lambda p: p.name)
def test_parsers_touch_neither_network_nor_clock_nor_log(path: Path) -> None:
    assert not {name.split(".")[0] for name in _imports(path)} & IMPURE
    assert not [
        node.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
    ]


@pytest.mark.parametrize("part", ["load", "db", "link", "analyze", "release", "status", "migrate", "schema", "archive"])
def test_only_fetch_and_publish_reach_a_network(part: str) -> None:
    for path in (p for p in FILES if _part(p) == part):
        assert not {name.split(".")[0] for name in _imports(path)} & NETWORK, path


@pytest.mark.parametrize("path", [p for p in FILES if _part(p) == "analyze"], ids=lambda p: p.name)
def test_analyses_do_not_import_one_another(path: Path) -> None:
    if path != ROOT / "analyze" / "__init__.py":
        mine = ".".join(("peatmoss", *path.relative_to(ROOT).with_suffix("").parts[:2]))
        others = [name for name in _imports(path) if name.startswith("peatmoss.analyze")]
        assert not [name for name in others if not name.startswith(mine)]


@pytest.mark.parametrize("path", [p for p in FILES if _part(p) == "cli"], ids=lambda p: p.name)
def test_commands_hold_no_sql(path: Path) -> None:
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    sql = re.compile(r"\s*(SELECT\b.*\bFROM|INSERT INTO|UPDATE\b.*\bSET|DELETE FROM)\b", re.DOTALL)
    assert not [t for t in texts if sql.match(t)]


@pytest.mark.parametrize("path", [p for p in FILES if _part(p) != "cli"], ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_below_the_command_line_prints(path: Path) -> None:
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    assert not [c for c in calls if isinstance(c, ast.Name) and c.id == "print"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_passes_400_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400
