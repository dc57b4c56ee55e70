"""Finds parts that a new version adds or removes: operations, responses, content types, parameters.

Such a change needs no witness. The rule ids are oasdiff's, and so is the list of the breaking rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from attrs import evolve

from .changes import Change
from .contracts import Contract, Described

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


def existence(old: Contract, new: Contract) -> list[Change]:
    """Return a change for each part that only one version has, or that became required or optional.

    The same change to several operations counts as one change with several uses.
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
        if (now := new.operations.get(key)) is None:
            what = "api" if key[1] in paths else "api-path"
            yield _change(f"{what}-removed-with{'' if was.is_deprecated else 'out'}-deprecation", was)
        else:
            yield from _parameters(was, now)
            yield from _bodies(was, now)
            yield from _responses(was, now)
    for key, added in new.operations.items():
        if key not in old.operations:
            yield _change("endpoint-added", added)


def _parameters(was: Described, now: Described) -> Iterator[Change]:
    for key, parameter in now.parameters.items():
        if key not in was.parameters:
            kind = "required" if parameter.is_required else "optional"
            is_in_path = key[0] == "path"
            rule = "new-request-path-parameter" if is_in_path else f"new-{kind}-request-parameter"
            yield _change(rule, now, parameter.name)
        elif (before := was.parameters[key]).is_required != parameter.is_required:
            became = "required" if parameter.is_required else "optional"
            yield _change(f"request-parameter-became-{became}", now, before.name)
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
        yield from _kinds("request-body", now, was.body.keys(), now.body.keys(), "")
        if was.is_body_required != now.is_body_required:
            became = "required" if now.is_body_required else "optional"
            yield _change(f"request-body-became-{became}", now)


def _responses(was: Described, now: Described) -> Iterator[Change]:
    for label, answer in was.responses.items():
        if (after := now.responses.get(label)) is None:
            yield _change(f"response-{_class(label)}-status-removed", now, label)
            continue
        yield from _kinds("response", now, answer.contents.keys(), after.contents.keys(), f"{label} ")
        for name, is_required in answer.headers.items():
            if name not in after.headers:
                kind = "required" if is_required else "optional"
                yield _change(f"{kind}-response-header-removed", now, f"{label} {name}")
            elif is_required and not after.headers[name]:
                yield _change("response-header-became-optional", now, f"{label} {name}")
        for name in after.headers.keys() - answer.headers.keys():
            yield _change("response-header-added", now, f"{label} {name}")
    for label in now.responses:
        if label not in was.responses:
            yield _change(f"response-{_class(label)}-status-added", now, label)


def _kinds(
    part: str, now: Described, before: Collection[str], after: Collection[str], label: str
) -> Iterator[Change]:
    for kind in before:
        if kind not in after:
            yield _change(f"{part}-media-type-removed", now, label + kind)
    for kind in after:
        if kind not in before:
            yield _change(f"{part}-media-type-added", now, label + kind)


def _class(label: str) -> str:
    return "success" if label.startswith("2") else "non-success"


def _change(rule: str, operation: Described, what: str = "") -> Change:
    return Change(rule, operation.name, what, is_breaking=rule in _BREAKING)
