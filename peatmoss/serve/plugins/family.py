"""The page of a model family: /-/sync/<family or model>, its timeline drawn here, its numbers and its reasons.

A family in a column of that name links to its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from datasette import hookimpl  # type: ignore[import-untyped]
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from markupsafe import Markup

from peatmoss import explain
from peatmoss.errors import PeatmossError

DATABASE = "peatmoss"


async def page(request: Request, datasette: Datasette) -> Response:
    """The page, or an answer 404 that says what is known."""
    profile = request.args.get("profile") or "paper"
    name = unquote(request.url_vars["name"])
    database = datasette.get_database(DATABASE)

    def read(connection: Any) -> explain.Family:
        def ask(sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
            cursor = connection.execute(sql, dict(values))
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

        return explain.family(ask, name, profile)

    try:
        found = await database.execute_fn(read)
    except PeatmossError as error:
        told = {"ok": False, "error": str(error), "status": 404, "title": "No such family"}
        return Response.html(await datasette.render_template("error.html", told, request=request), status=404)
    context = {
        "found": found,
        "headline": explain.headline(found),
        "reasons": explain.reasons(found),
        "facts": explain.facts(found),
        "members": [explain.member_line(row) for row in found.members],
        "picture": Markup(explain.picture(found, is_bare=True)) if found.timeline else None,  # noqa: S704 - every text in it is escaped
        "profiles": explain.profiles(),
    }
    if request.args.get("_format") == "svg" and found.timeline:
        return Response(explain.picture(found), content_type="image/svg+xml")
    return Response.html(await datasette.render_template("family.html", context, request=request))


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """The address of the page; names have slashes."""
    return [(r"^/-/sync/(?P<name>.+)$", page)]


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: Any, column: str, database: str, datasette: Datasette) -> Markup | None:
    """The name of a family, as a link to its page."""
    if column != "family" or database != DATABASE or not isinstance(value, str):
        return None
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/-/sync/{quote(value)}"), value)
