"""What the readers found -> usages: which hub and id, what kind of file, whether the repository's own code uses it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

from peatmoss.parse.code import names, paths
from peatmoss.parse.code.invented import is_invented
from peatmoss.parse.code.python_repo import Repo
from peatmoss.parse.code.usage import Found, Usage

_NOT_RUN = re.compile(r"\.(?:md|mdx|rst|adoc|markdown)$|(?:^|/)readme[^/.]*$", re.IGNORECASE)
_NEVER_USED = ("mention", "provenance", "scratch", "publish")
_SAME = 0.999


class Ruling:
    """The judge of one repository."""

    def __init__(self, files: Mapping[str, str], repo: Repo, extra_paths: Iterable[str] = ()):
        self.files = files
        self.repo = repo
        self.copies = paths.copies_of_libraries([*files, *extra_paths])
        self._folders: set[str] | None = None
        self._classes: dict[str, str] = {}
        self._reached: dict[str, bool] = {}

    def path_class(self, path: str) -> str:
        """The class of a file, once per file."""
        if path not in self._classes:
            self._classes[path] = paths.path_class(path, self.copies)
        return self._classes[path]

    def usages(self, found: Iterable[Found]) -> list[Usage]:
        """One usage per place, model and role: that with the best evidence. In the order of path, line, model."""
        best: dict[tuple[str, int, str | None, str], Usage] = {}
        for each in found:
            usage = self._usage(each)
            if usage is None:
                continue
            key = (usage.path, usage.line, usage.canonical_id or usage.model_id or f"\0{usage.call}", usage.role)
            known = best.get(key)
            if known is None or _rank(usage) > _rank(known):
                best[key] = usage
        kept = self._without_echoes(list(best.values()))
        return sorted(kept, key=lambda u: (u.path, u.line, u.model_id or "", u.role, u.call or ""))

    def _without_echoes(self, usages: list[Usage]) -> list[Usage]:
        """A named value or mention says nothing where the same text was seen in a call."""
        seen = {(u.path, u.line, u.model_id) for u in usages if u.call and u.role != "mention"}
        return [u for u in usages if (u.call and u.role != "mention") or (u.path, u.line, u.model_id) not in seen]

    def _usage(self, found: Found) -> Usage | None:
        kind = self.path_class(found.path)
        value = found.value
        if value is None:
            method, confidence = "unresolved", 0.0
            name = None
        else:
            if found.is_strict and not names.is_likely_id(value.text):
                return None
            if found.hub == "hf" and "/" in value.text and is_invented(value.text):
                return None
            name = names.name_of(found.hub, value.text, found.library)
            if name is None or (name.hub == "hf" and "/" in name.model_id and self._is_path(name.model_id, found.path)):
                if value.method != "literal" or found.call is None:
                    return None
                name = names.Name("local", value.text, None) if name else None
            if name is not None and name.hub == "local" and value.method == "guard":
                return None
            method, confidence = value.method, value.confidence
            if name is None:
                method, confidence = "unresolved", 0.0
        if name is not None and not name.is_sure and name.hub == "hf":
            confidence *= 0.98
        is_used = found.is_used and found.role not in _NEVER_USED and not _NOT_RUN.search(found.path)
        if kind == "vendored" and is_used:
            is_used = self._is_reached(found.path)
        return Usage(
            path=found.path,
            line=found.line,
            library=found.library,
            call=found.call,
            role=found.role,
            argument=found.argument[:300] if found.argument else None,
            hub=name.hub if name else None,
            model_id=name.model_id if name else None,
            canonical_id=name.canonical if name else None,
            revision=found.revision or (name.revision if name else None),
            method=method,
            confidence=round(confidence, 3),
            path_class=kind,
            is_used=is_used,
            has_trust_remote_code=found.has_trust_remote_code,
        )

    def _is_path(self, text: str, path: str) -> bool:
        """Whether a text of the shape owner/name is a folder or file of the repository."""
        if self._folders is None:
            self._folders = set()
            for each in self.files:
                folder = posixpath.dirname(each)
                while folder and folder not in self._folders:
                    self._folders.add(folder)
                    folder = posixpath.dirname(folder)
        here = posixpath.join(posixpath.dirname(path), text)
        return any(each in self._folders or each in self.files for each in (text, here))

    def _is_reached(self, path: str) -> bool:
        """Whether code of the repository itself imports a vendored file."""
        if path not in self._reached:
            self._reached[path] = self._imported_by_own(path)
        return self._reached[path]

    def _imported_by_own(self, path: str) -> bool:
        stem = posixpath.splitext(path)[0].removesuffix("/__init__")
        for other in self.repo.files_with(posixpath.basename(stem)):
            if other == path or self.path_class(other) == "vendored":
                continue
            facts = self.repo.facts(other)
            for dotted in (*facts.imports.values(), *facts.stars) if facts else ():
                for name in (dotted, dotted.rpartition(".")[0]):
                    if name.strip(".") and self.repo.module(name, other) == path:
                        return True
        return False


def _rank(usage: Usage) -> tuple[bool, bool, float]:
    return usage.is_used, usage.call is not None, usage.confidence
