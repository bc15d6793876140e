"""peatmoss link: literal model names -> models, models -> the repositories they come from."""

from __future__ import annotations

from peatmoss.cli.common import Db, Json, Quiet, bar, emit, ready, say


def link(db: Db = "", quiet: Quiet = False, json: Json = False) -> None:
    """Look up the names that cards and code use for models, and map repositories to models, models to repositories.

    Rules, in their order: *exact* (a model has that name), *rename* (the hub redirects the name to a model),
    *namespace* (torchvision's resnet50 is pytorch/vision/resnet50; a timm name without its tag is the only model of
    that name), *case* (the name of exactly one model differs in case only: check it). What is not found keeps its name
    and is counted.
    The repository that a model was released from is the best-scored of those that its card links and of those whose
    code names it; every candidate is kept with its evidence (`upstream_link`). Models of one repository are a family.
    Doing it again writes only what has changed.

    **Example**

    `peatmoss link --db sqlite:////data/work.sqlite`
    """
    from peatmoss import link as stage

    url = ready(db)
    with bar(quiet, "steps") as progress:
        summary = stage.run(url, progress)
    if json:
        for names in summary.names:
            emit(names._asdict())
        for table, rows, changed in summary.derived:
            emit({"table": table, "rows": rows, "changed": changed})
    elif not quiet:
        for n in summary.names:
            found = f"{n.exact:,} exact, {n.rename:,} rename, {n.namespace:,} namespace, {n.case:,} case"
            unnamed = f", {n.unnamed:,} without a name" if n.unnamed else ""
            say(f"{n.table}: {n.rows:,} rows: {found}, {n.unresolved:,} unresolved{unnamed}; {n.changed:,} changed")
        for table, rows, changed in summary.derived:
            say(f"{table}: {rows:,} rows; {changed:,} changed")
