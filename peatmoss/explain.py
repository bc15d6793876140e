"""One family in words, numbers and a picture: why it has its pattern. For the command line and for the pages.

run(url, name)      by a database URL
family(ask, name)   by any way to ask a database: ask(sql, parameters) -> rows as dicts
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import text

from peatmoss.db import connect, connection_errors, parse_url
from peatmoss.errors import PeatmossError
from peatmoss.parse.sync.chart import Timeline, lines, svg
from peatmoss.parse.sync.profile import INTENSITY_WORDS, LAG_WORDS, PROFILES, TYPE_WORDS

Ask = Callable[[str, Mapping[str, Any]], list[dict[str, Any]]]

_FAMILY = """SELECT f.id, f.name, f.repository_name FROM sync_family f WHERE f.name = :name
    OR (lower(f.name) = lower(:name) AND NOT EXISTS (SELECT 1 FROM sync_family g WHERE g.name = :name))
    ORDER BY f.name LIMIT 1"""
_MODEL = """SELECT m.id, m.context_id FROM model m WHERE m.context_id = :name
    UNION SELECT m.id, m.context_id FROM model_rename r JOIN model m ON m.context_id = r.new_name
    AND m.model_hub_id = r.model_hub_id WHERE r.old_name = :name ORDER BY 1 LIMIT 1"""
_OF_MODEL = """SELECT f.id, f.name, f.repository_name, x.is_excluded, x.exclusion_reason FROM sync_family_member x
    JOIN sync_family f ON f.id = x.sync_family_id WHERE x.model_id = :model ORDER BY f.name LIMIT 1"""
_LINKS = """SELECT m.context_id AS model, l.repository_name, l.score, l.rank, l.is_primary, l.evidence, l.source
    FROM upstream_link l JOIN model m ON m.id = l.model_id WHERE l.model_id = :model ORDER BY l.rank LIMIT 20"""
_RESULT = """SELECT r.*, m.context_id AS longest_run_model FROM sync_result r
    JOIN sync_profile p ON p.id = r.sync_profile_id LEFT JOIN model m ON m.id = r.longest_run_model_id
    WHERE r.sync_family_id = :family AND p.name = :profile ORDER BY r.id"""
_BUCKETS = """SELECT b.bucket, b.github_commits, b.hub_commits FROM sync_bucket b
    JOIN sync_profile p ON p.id = b.sync_profile_id WHERE b.sync_family_id = :family AND p.name = :profile
    ORDER BY b.bucket"""
_VARIANTS = """SELECT m.context_id AS model, b.bucket FROM sync_bucket_member b JOIN sync_profile p
    ON p.id = b.sync_profile_id JOIN model m ON m.id = b.model_id
    WHERE b.sync_family_id = :family AND p.name = :profile ORDER BY m.context_id, b.bucket"""
_GAPS = """SELECT t.to_platform, COUNT(*) AS gap_count, AVG(t.gap_days) AS mean_days, MAX(t.gap_days) AS max_days
    FROM sync_transition t JOIN sync_profile p ON p.id = t.sync_profile_id
    WHERE t.sync_family_id = :family AND p.name = :profile GROUP BY t.to_platform ORDER BY t.to_platform DESC"""
_MEMBERS = """SELECT m.context_id AS model, x.is_excluded, x.exclusion_reason, l.evidence, r.commit_count,
    r.bucket_count, r.overlap_buckets, r.last_at, r.github_commits_since, r.name_version FROM sync_family_member x
    JOIN model m ON m.id = x.model_id LEFT JOIN upstream_link l ON l.id = x.upstream_link_id
    LEFT JOIN sync_profile p ON p.name = :profile
    LEFT JOIN sync_result_member r ON r.model_id = x.model_id AND r.sync_family_id = x.sync_family_id
    AND r.sync_profile_id = p.id WHERE x.sync_family_id = :family ORDER BY m.context_id LIMIT 200"""
_CHANGES = """SELECT c.platform, t.name, c.commit_count, c.denominator FROM sync_change_profile c
    JOIN change_type t ON t.id = c.change_type_id WHERE c.sync_family_id = :family
    ORDER BY c.platform, c.commit_count DESC, t.name"""
_REFERENCES = """SELECT COUNT(*) AS reference_count FROM sync_commit_reference r
    JOIN sync_commit c ON c.id = r.sync_commit_id
    JOIN sync_family_member x ON x.model_id = c.model_id WHERE x.sync_family_id = :family AND NOT x.is_excluded"""
_VERSIONS = """SELECT 'GitHub ' || r.kind AS place, r.name AS version, r.created_at AS at FROM repository_ref r
    JOIN sync_family f ON f.reuse_repository_id = r.reuse_repository_id WHERE f.id = :family AND r.kind <> 'branch'
    UNION ALL SELECT 'Hub ' || h.kind, h.name, NULL FROM hf_git_ref h
    JOIN sync_family_member x ON x.model_id = h.model_id
    WHERE x.sync_family_id = :family AND NOT x.is_excluded AND h.kind = 'tag'
    ORDER BY 1, 3 DESC, 2 DESC LIMIT 40"""


class Family(NamedTuple):
    """What is known of a family in one profile. Rows are those of the tables of the same subject."""

    name: str
    repository: str
    profile: str
    whole: dict[str, Any]
    halves: dict[str, dict[str, Any]]
    timeline: Timeline | None
    gaps: list[dict[str, Any]]
    members: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    versions: list[dict[str, Any]]
    reference_count: int
    asked_model: dict[str, Any] | None


def run(url: str, name: str, profile: str) -> Family:
    """Look a family up by its name or by that of a model. Raises PeatmossError if there is none."""
    with connection_errors(parse_url(url)):
        engine = connect(url)
        with engine.connect() as connection:
            found = family(
                lambda sql, values: [dict(row) for row in connection.execute(text(sql), dict(values)).mappings()],
                name,
                profile,
            )
        engine.dispose()
    return found


def family(ask: Ask, name: str, profile: str) -> Family:
    """Everything about one family. Raises PeatmossError if there is no such family, or nothing was analyzed."""
    if profile not in PROFILES:
        raise PeatmossError(f"no profile is called {profile!r}: there are {', '.join(PROFILES)}")
    name = name.strip()
    found = ask(_FAMILY, {"name": name})
    asked = None
    if not found:
        found = [_of_model(ask, name)]
        asked = found[0]
    known = {"family": found[0]["id"], "profile": profile}
    parts = {row["part"]: row for row in ask(_RESULT, known)}
    if not parts:
        raise PeatmossError(f"nothing is known about {found[0]['name']} yet: run `peatmoss analyze sync`")
    whole = parts.pop("all")
    active = {row["bucket"]: (row["github_commits"], row["hub_commits"]) for row in ask(_BUCKETS, known)}
    variants: dict[str, list[int]] = {}
    for row in ask(_VARIANTS, known):
        variants.setdefault(row["model"], []).append(row["bucket"])
    origin = moment(whole["origin_at"])
    return Family(
        found[0]["name"],
        found[0]["repository_name"],
        profile,
        whole,
        parts,
        Timeline(origin, PROFILES[profile].window_days, active, variants) if origin and active else None,
        ask(_GAPS, known),
        ask(_MEMBERS, known),
        ask(_CHANGES, known),
        ask(_VERSIONS, known),
        int(ask(_REFERENCES, known)[0]["reference_count"]),
        asked,
    )


def profiles() -> list[str]:
    """The names of the profiles."""
    return list(PROFILES)


def _of_model(ask: Ask, name: str) -> dict[str, Any]:
    """The family of a model, with why it is (not) counted; an error that says what is known if there is none."""
    model = ask(_MODEL, {"name": name})
    if not model:
        raise PeatmossError(f"no family and no model is called {name!r} in this database")
    found = ask(_OF_MODEL, {"model": model[0]["id"]})
    if found:
        return {**found[0], "model": model[0]["context_id"]}
    links = ask(_LINKS, {"model": model[0]["id"]})
    seen = "; ".join(f"{row['repository_name']} (score {row['score']}: {row['evidence']})" for row in links)
    why = f"none of its candidates has enough evidence: {seen}" if seen else "neither its card nor any code names one"
    raise PeatmossError(f"no upstream repository of {model[0]['context_id']} is known: {why}")


def moment(value: Any) -> datetime | None:
    """A time as either database gives it."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.astimezone(UTC) if isinstance(value, datetime) else None


def headline(found: Family) -> str:
    """The family, its pattern and its profile in one line."""
    whole = found.whole
    if whole["status"] != "ok":
        return f"{found.name}: no pattern ({whole['status'].replace('_', ' ')}), profile {found.profile}"
    return f"{found.name}: {whole['pattern']} ({whole['code']}), profile {found.profile}"


def reasons(found: Family) -> list[str]:
    """Why it has its pattern: the three dimensions in words, each with its numbers, and what to mind."""
    whole, profile = found.whole, PROFILES[found.profile]
    counts = (
        f"{whole['github_commits']:,} commits on GitHub, {whole['hub_commits']:,} on the Hub"
        f" in {whole['variant_count']:,} variant" + "s" * (whole["variant_count"] != 1)
    )
    if whole["status"] != "ok":
        return [f"Without commits on both sides there is nothing to compare: {counts}."]
    run = whole["longest_run"]
    said = [
        f"Lag: {LAG_WORDS[whole['lag']]} (first commit on the Hub minus first on GitHub:"
        f" {whole['first_lag_days']:+,.1f} days).",
        f"Type {whole['type']}, {TYPE_WORDS[whole['type']]}. {whole['overlap_buckets']:,} of {whole['hub_buckets']:,}"
        f" active periods of the Hub are shared; GitHub has {whole['github_buckets']:,} in a span of"
        f" {whole['span_buckets']:,}.",
        f"Intensity {whole['intensity']}, {INTENSITY_WORDS[whole['intensity']].format(**profile._asdict())}."
        f" Longest run beside GitHub: {run:,}" + (f" ({whole['longest_run_model']})." if run else "."),
        f"From {counts}, by periods of {profile.window_days} days.",
    ]
    for part, half in found.halves.items():
        pattern = f"{half['pattern']} ({half['code']})" if half["code"] else "one side has no commits"
        said.append(f"The {part} half: {pattern}.")
    if whole["overlap_buckets"] and whole["is_overlap_above_chance"] in (0, False):
        share = f"{whole['overlap_chance']:.0%}"
        said.append(f"Mind: {share} of shifted histories overlap as much, so the overlap may be chance.")
    if whole["phase_agreement"] is not None and whole["phase_agreement"] < 1:
        share = f"{whole['phase_agreement']:.0%}"
        said.append(f"Mind: {share} of the possible origins of the periods give this pattern.")
    if whole["is_short_window"]:
        said.append("Mind: the history is too short for anything but a rare pattern.")
    return said


def facts(found: Family) -> list[str]:
    """What lies beside the pattern: gaps, references, what changes on each side, versions."""
    said = []
    for row in found.gaps:
        to = "the Hub" if row["to_platform"] == "huggingface" else "GitHub"
        said.append(
            f"Changes of sides to {to}: {row['gap_count']:,}, after {row['mean_days']:.1f} days in the mean,"
            f" {row['max_days']:,} at most."
        )
    if found.whole["hub_delay_count"]:
        said.append(
            f"A commit on the Hub follows the last on GitHub by {found.whole['hub_delay_median_days']:.1f} days in the"
            f" median ({found.whole['hub_delay_count']:,} commits)."
        )
    if found.reference_count:
        said.append(f"Commits on the Hub name GitHub {found.reference_count:,} times.")
    for platform, label in (("github", "GitHub"), ("huggingface", "the Hub")):
        rows = [row for row in found.changes if row["platform"] == platform]
        shown = ", ".join(f"{row['name']} {row['commit_count']:,}" for row in rows[:4])
        if shown:
            said.append(f"Changes on {label} (of {rows[0]['denominator']:,} commits): {shown}.")
    shown = ", ".join(f"{row['place']} {row['version']}" for row in found.versions[:6])
    return [*said, *([f"Versions: {shown}."] if shown else [])]


def member_line(row: Mapping[str, Any]) -> str:
    """One member of the family in one line."""
    if row["is_excluded"]:
        return f"{row['model']}: excluded ({row['exclusion_reason'].replace('_', ' ')})"
    if row["commit_count"] is None:
        return f"{row['model']}: no commits here"
    version = f", version {row['name_version']}" if row["name_version"] else ""
    since = f", {row['github_commits_since']:,} commits on GitHub since its last" if row["github_commits_since"] else ""
    return (
        f"{row['model']}: {row['commit_count']:,} commits, {row['overlap_buckets']:,} of"
        f" {row['bucket_count']:,} periods shared{since}{version}"
    )


def report(found: Family, width: int = 100) -> list[str]:
    """All of it for a terminal."""
    asked = found.asked_model
    first = [headline(found), f"upstream: https://github.com/{found.repository}"]
    if asked and asked["is_excluded"]:
        first.append(f"{asked['model']} itself is not counted: {asked['exclusion_reason'].replace('_', ' ')}")
    drawn = ["", *lines(found.timeline, width)] if found.timeline else []
    return [*first, *drawn, "", *reasons(found), *facts(found), "", *map(member_line, found.members)]


def picture(found: Family, is_bare: bool = False) -> str:
    """The timeline as SVG, bare or with notes below. Raises PeatmossError if there is nothing to draw."""
    if found.timeline is None:
        raise PeatmossError(f"{found.name} has no commits to draw")
    whole = found.whole
    if is_bare or whole["status"] != "ok":
        return svg(found.timeline, headline(found))
    rows = " Rows: variants, grey where GitHub was idle." if len(found.timeline.variants) > 1 else ""
    notes = [
        f"{LAG_WORDS[whole['lag']]}; {TYPE_WORDS[whole['type']].partition(':')[0]},"
        f" {INTENSITY_WORDS[whole['intensity']].partition(':')[0]}: {whole['overlap_buckets']:,} of"
        f" {whole['hub_buckets']:,} active periods of the Hub are shared, longest run {whole['longest_run']:,}",
        f"Height: commits, logarithmic. Marked: both sides active.{rows}",
    ]
    return svg(found.timeline, headline(found), notes)


def draw(found: Family, path: Path) -> None:
    """Write the picture to a .svg or .png file."""
    if path.suffix.lower() not in (".svg", ".png"):
        raise PeatmossError(f"a picture is .svg or .png, not {path.name!r}")
    drawn = picture(found)
    if path.suffix.lower() == ".png":
        try:
            import resvg_py
        except ModuleNotFoundError as error:
            raise PeatmossError("PNG needs the extra `plot`: pip install 'peatmoss[plot]' (or draw .svg)") from error
        content = resvg_py.svg_to_bytes(svg_string=drawn, zoom=2, font_family="DejaVu Sans")
    else:
        content = drawn.encode()
    try:
        path.write_bytes(content)
    except OSError as error:
        raise PeatmossError(f"cannot write {path}: {error.strerror}") from error
