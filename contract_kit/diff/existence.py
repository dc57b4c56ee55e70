"""Finds parts that a new version adds or removes: operations, responses, content types, parameters, servers.

These changes need no witness, because `rules.toml` specifies whether they break clients.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from attrs import evolve

from contract_kit.read.operations import Endpoint

from .parts import Contract, Operation, Part, PartKey
from .results import Change
from .rules import rule_of_part


def existence(old: Contract, new: Contract) -> list[Change]:
    """Return the changes for parts that only one version has, or that became required or optional.

    The same change in several places counts as one change; `uses` is the number of times that it occurs.
    """
    found: dict[tuple[str, str], Change] = {}
    for change in _changes(old.operations, new.operations):
        key = (change.rule, change.what or change.location)
        found[key] = evolve(found[key], uses=found[key].uses + 1) if key in found else change
    return list(found.values())


def _changes(old: Mapping[Endpoint, Operation], new: Mapping[Endpoint, Operation]) -> Iterator[Change]:
    paths = {path for _, path in new}
    for key, was in old.items():
        now = new.get(key)
        if now is None and (fixed := _fixed(key, new.keys() - old)):
            yield from _change("operation split", was, ", ".join(fixed))
        elif now is None:
            what = "operation" if key[1] in paths else "path"
            yield from _change(f"{what} removed{' deprecated' * was.is_deprecated}", was)
        else:
            for change, part in _of_parts(was.parts, now.parts):
                yield from _change(f"{part.kind} {change}", now, part.use.part, is_required=part.is_required)
            yield from _access(was, now)
    for key, added in new.items():
        if key not in old:
            yield from _change("operation added", added)


def _fixed(key: Endpoint, added: Collection[Endpoint]) -> list[str]:
    """Return the new paths that match a path template, and so take over some of its requests."""
    pattern = re.compile(re.escape(key[1]).replace(r"\{\}", "[^/]+"))
    return sorted(path for method, path in added if method == key[0] and pattern.fullmatch(path))


def _of_parts(was: Mapping[PartKey, Part], now: Mapping[PartKey, Part]) -> Iterator[tuple[str, Part]]:
    """Yield each changed part and what happened to it. Skip parts inside an added or removed part."""
    for key, part in was.items():
        if key in now:
            yield from ((change, part) for change in _became(part, now[key]))
        elif key[:-2] in now or key[:-2] not in was:
            yield "removed", part
    for key, part in now.items():
        if key not in was and (key[:-2] in was or key[:-2] not in now):
            yield "added", part


def _became(was: Part, now: Part) -> Iterator[str]:
    if was.is_required != now.is_required:
        yield "now required" if now.is_required else "now optional"
    if was.style != now.style:
        yield "style" if was.style[0] != now.style[0] else "explode"
    if (was.schema is None) != (now.schema is None):
        yield "schema added" if was.schema is None else "schema removed"


def _access(was: Operation, now: Operation) -> Iterator[Change]:
    """Yield a change for each way to authenticate that the new version no longer supports."""
    for name, defined in was.security.items():
        if "" not in now.security and now.security.get(name) != defined:
            added = ", ".join(each for each in now.security if each not in was.security)
            did = "updated" if name in now.security else "removed" if name else "added"
            yield from _change(f"security {did}", now, name or added)


def _change(change: str, operation: Operation, what: str = "", **need: Any) -> Iterator[Change]:
    if found := rule_of_part(change, **need):
        yield Change(found[0], operation.name, what, found[1])
