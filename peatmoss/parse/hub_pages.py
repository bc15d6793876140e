"""What the Hub's API says of one model beside its details: refs and discussions -> plain values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from peatmoss.errors import RecordError
from peatmoss.parse.fields import Problem
from peatmoss.parse.hub import check_name
from peatmoss.parse.text import clean, prose

REF_KINDS = {"branches": "branch", "tags": "tag", "converts": "convert", "pullRequests": "pull_request"}
MAX_EVENTS = 5000
MAX_TEXT = 200_000
MAX_WORD = 512
_SHA = re.compile(r"[0-9a-f]{7,64}")


class Found(NamedTuple):
    """The rows of one model, and the entries that could not be used."""

    name: str
    rows: list[dict[str, Any]]
    problems: list[Problem]


def present(record: Any) -> Mapping[str, Any]:
    """The data of an archive record; RecordError if the hub had none."""
    if record.gone is not None:
        raise RecordError(f"nothing there: the answer was {record.gone.get('status', 'none')}", record.key)
    if not isinstance(record.data, dict):
        raise RecordError("data is not an object", record.key)
    return record.data


def refs(data: Mapping[str, Any]) -> Found:
    """``{"modelId", "branches": [{name, ref, targetCommit}], "tags", "converts", "pullRequests"}``."""

    def one(kind: str, entry: Mapping[str, Any]) -> dict[str, Any]:
        ref, target = _word(entry.get("ref")), entry.get("targetCommit")
        if not ref:
            raise ValueError("no ref")
        if target is not None and not (isinstance(target, str) and _SHA.fullmatch(target)):
            raise ValueError("no commit hash")
        return {"kind": kind, "name": _word(entry.get("name")) or ref, "ref": ref, "target_commit": target}

    name = check_name(data.get("modelId"))
    if not data.keys() & REF_KINDS.keys():
        raise RecordError("no list of refs", name)
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for field, kind in REF_KINDS.items():
        rows += _each(data.get(field) or [], field, lambda entry, kind=kind: one(kind, entry), problems)  # type: ignore[misc]
    return Found(name, rows, problems)


def discussions(data: Mapping[str, Any]) -> Found:
    """``{"modelId", "discussions": [...]}`` with the details that the Hub gives of each."""
    name = check_name(data.get("modelId"))
    if not isinstance(data.get("discussions"), list):
        raise RecordError("discussions is not a list", name)
    problems: list[Problem] = []
    rows = _each(data["discussions"], "discussions", lambda entry: _discussion(entry, problems), problems)
    return Found(name, rows, problems)


def _each(
    entries: Any, field: str, parse: Callable[[Mapping[str, Any]], dict[str, Any]], problems: list[Problem]
) -> list[dict[str, Any]]:
    """The entries of a list that can be used; the others are noted."""
    rows = []
    for number, entry in enumerate(entries if isinstance(entries, list) else [entries]):
        try:
            if not isinstance(entry, dict):
                raise TypeError(f"{type(entry).__name__} instead of an object")
            rows.append(parse(entry))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            problems.append((f"{field}[{number}]", f"not understood: {error}"[:200]))
    return rows


def _discussion(entry: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    number = entry["num"]
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 2**31:
        raise ValueError("no number")
    events = entry.get("events") or []
    if not isinstance(events, list):
        raise TypeError("events is not a list")
    changes = entry.get("changes")
    changes = changes if isinstance(changes, dict) else {}
    is_pull_request = entry.get("isPullRequest")
    return {
        "num": number,
        "title": _text(entry.get("title")),
        "status": _word(entry.get("status")),
        "is_pull_request": is_pull_request if isinstance(is_pull_request, bool) else None,
        "created_at": _moment(entry.get("createdAt")),
        "target_branch": _word(changes.get("base")),
        "merge_commit_oid": _word(changes.get("mergeCommitId")),
        "diff": _text(entry.get("diff")),
        "author": _author(entry.get("author")),
        "events": _each(events[:MAX_EVENTS], f"discussions.{number}.events", _event, problems),
    }


def _event(entry: Mapping[str, Any]) -> dict[str, Any]:
    event_id, kind = _word(entry.get("id")), _word(entry.get("type"))
    if not event_id or not kind:
        raise ValueError("no id or type")
    data = entry.get("data")
    data = data if isinstance(data, dict) else {}
    latest = data.get("latest")
    row: dict[str, Any] = {
        "event_id": event_id,
        "type": kind,
        "created_at": _moment(entry.get("createdAt")),
        "author": _author(entry.get("author")),
    }
    if kind == "comment":
        row["content"] = _text(latest.get("raw")) if isinstance(latest, dict) else None
        row |= {name: data[name] for name in ("edited", "hidden") if isinstance(data.get(name), bool)}
    elif kind == "status-change":
        row["new_status"] = _word(data.get("status"))
    elif kind == "commit":
        row |= {"summary": _text(data.get("subject")), "oid": _word(data.get("oid"))}
    elif kind == "title-change":
        row |= {"old_title": _text(data.get("from")), "new_title": _text(data.get("to"))}
    return row


def _author(value: Any) -> str | None:
    """The account; NULL if it was deleted."""
    return _word(value.get("name")) if isinstance(value, dict) else None


def _word(value: Any) -> str | None:
    return (clean(value[:MAX_WORD]).strip() or None) if isinstance(value, str) else None


def _text(value: Any) -> str | None:
    return prose(value[:MAX_TEXT]) if isinstance(value, str) else None


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    parsed = datetime.fromisoformat(value)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
