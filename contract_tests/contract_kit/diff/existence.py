"""Finds parts that a new version adds or removes: operations, responses, content types, parameters, servers.

These changes need no witness. The ids of the rules and the choice of the breaking rules come from oasdiff.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from attrs import evolve

from .contracts import Contents, Contract, Described, Key
from .results import Change, OnPaper

_BREAKING = frozenset(
    {
        "api-path-removed-without-deprecation",
        "api-removed-without-deprecation",
        "new-request-path-parameter",
        "new-required-request-parameter",
        "request-body-added-required",
        "request-body-became-required",
        "request-body-media-type-removed",
        "request-body-removed",
        "request-parameter-became-required",
        "required-response-header-removed",
        "response-header-became-optional",
        "response-media-type-removed",
        "response-success-status-removed",
    }
)
_UNPROVEN = frozenset(
    {
        "api-path-split",
        "api-security-added",
        "api-security-removed",
        "api-security-updated",
        "api-server-removed",
        "optional-response-header-removed",
        "request-body-media-type-schema-added",
        "request-parameter-explode-changed",
        "request-parameter-removed",
        "request-parameter-style-changed",
        "response-body-media-type-schema-removed",
    }
)
"""Changes that may break a client, depending on the client or on the service."""


def existence(old: Contract, new: Contract) -> list[Change]:
    """Return a change for each part that only one version has, or that became required or optional.

    If the same change occurs several times, it counts as one change; `uses` is the number of occurrences.
    """
    found: dict[tuple[str, str], Change] = {}
    for change in _changes(old, new):
        key = (change.rule, change.what or change.location)
        found[key] = (
            evolve(change, location=found[key].location, uses=found[key].uses + 1) if key in found else change
        )
    return list(found.values())


def _changes(old: Contract, new: Contract) -> Iterator[Change]:
    paths = {path for _, path in new.operations}
    for key, was in old.operations.items():
        now = new.operations.get(key)
        if now is None and (fixed := _fixed(key, new.operations.keys() - old.operations)):
            yield _change("api-path-split", was, ", ".join(fixed))
        elif now is None:
            what = "api" if key[1] in paths else "api-path"
            yield _change(f"{what}-removed-with{'' if was.is_deprecated else 'out'}-deprecation", was)
        else:
            yield from _parameters(was, now)
            yield from _bodies(was, now)
            yield from _responses(was, now)
            yield from _access(was, now)
    for key, added in new.operations.items():
        if key not in old.operations:
            yield _change("endpoint-added", added)


def _fixed(key: Key, added: Collection[Key]) -> list[str]:
    """Return the new paths that match a path template, and so take over some of its requests."""
    pattern = re.compile(re.escape(key[1]).replace(r"\{\}", "[^/]+"))
    return sorted(path for method, path in added if method == key[0] and pattern.fullmatch(path))


def _access(was: Described, now: Described) -> Iterator[Change]:
    """Yield the servers and the ways to authenticate that the new version no longer has."""
    for url in was.servers:
        if url not in now.servers:
            yield _change("api-server-removed", now, url)
    for name, defined in was.security.items():
        if "" not in now.security and now.security.get(name) != defined:
            added = ", ".join(each for each in now.security if each not in was.security)
            did = "updated" if name in now.security else "removed" if name else "added"
            yield _change(f"api-security-{did}", now, name or added)


def _parameters(was: Described, now: Described) -> Iterator[Change]:
    for key, parameter in now.parameters.items():
        if key not in was.parameters:
            kind = "required" if parameter.is_required else "optional"
            is_in_path = key[0] == "path"
            rule = "new-request-path-parameter" if is_in_path else f"new-{kind}-request-parameter"
            yield _change(rule, now, parameter.name)
            continue
        before = was.parameters[key]
        if before.is_required != parameter.is_required:
            became = "required" if parameter.is_required else "optional"
            yield _change(f"request-parameter-became-{became}", now, before.name)
        if before.style != parameter.style:
            kind = "style" if before.style[0] != parameter.style[0] else "explode"
            yield _change(f"request-parameter-{kind}-changed", now, before.name)
    for key, parameter in was.parameters.items():
        if key not in now.parameters:
            yield _change("request-parameter-removed", now, parameter.name)


def _bodies(was: Described, now: Described) -> Iterator[Change]:
    if was.body is None and now.body is not None:
        kind = "required" if now.is_body_required else "optional"
        yield _change(f"request-body-added-{kind}", now)
    elif was.body is not None and now.body is None:
        yield _change("request-body-removed", now)
    elif was.body is not None and now.body is not None:
        yield from _kinds("request-body", now, was.body, now.body, "")
        if was.is_body_required != now.is_body_required:
            became = "required" if now.is_body_required else "optional"
            yield _change(f"request-body-became-{became}", now)


def _responses(was: Described, now: Described) -> Iterator[Change]:
    for label, answer in was.responses.items():
        if (after := now.responses.get(label)) is None:
            yield _change(f"response-{_class(label)}-status-removed", now, label)
            continue
        yield from _kinds("response", now, answer.contents, after.contents, f"{label} ")
        for name, header in answer.headers.items():
            if name not in after.headers:
                kind = "required" if header.is_required else "optional"
                yield _change(f"{kind}-response-header-removed", now, f"{label} {name}")
            elif header.is_required and not after.headers[name].is_required:
                yield _change("response-header-became-optional", now, f"{label} {name}")
        for name in [each for each in after.headers if each not in answer.headers]:
            yield _change("response-header-added", now, f"{label} {name}")
    for label in now.responses:
        if label not in was.responses:
            yield _change(f"response-{_class(label)}-status-added", now, label)


def _kinds(part: str, now: Described, before: Contents, after: Contents, label: str) -> Iterator[Change]:
    body = "response-body" if label else part
    for kind, content in before.items():
        if kind not in after:
            yield _change(f"{part}-media-type-removed", now, label + kind)
        elif (content is None) != (after[kind] is None):
            did = "added" if content is None else "removed"
            yield _change(f"{body}-media-type-schema-{did}", now, label + kind)
    for kind in after:
        if kind not in before:
            yield _change(f"{part}-media-type-added", now, label + kind)


def _class(label: str) -> str:
    return "success" if label.startswith("2") else "non-success"


def _change(rule: str, operation: Described, what: str = "") -> Change:
    on_paper = (
        OnPaper.BREAKING if rule in _BREAKING else OnPaper.UNPROVEN if rule in _UNPROVEN else OnPaper.HARMLESS
    )
    return Change(rule, operation.name, what, on_paper)
