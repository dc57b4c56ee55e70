"""Describes the parts of a valid body that might surprise a client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from contract_kit.read.paths import Path, pointer

from .places import TYPE_NAMES
from .valid_bodies import Base

_MOST = 3
"""The maximum number of differences to list."""
_KINDS = {
    "all": "has every documented part",
    "required": "has only the required parts",
    "branch": "uses another branch of a union",
    "empty": "has empty lists and objects",
    "one": "has lists with one item",
    "false": "has booleans that are false",
}


def unusual(base: Base, bases: Sequence[Base]) -> str:
    """Describe what is unusual about one of a schema's valid bodies."""
    kind, _, rest = base.name.partition("-")
    if kind not in _KINDS:
        named = "" if rest == "example" else f" {rest!r}"
        filled = ", with its missing parts added" * (kind == "filled")
        return f"is the document's example{named}{filled}"
    fullest = next((each for each in bases if each.name == "all"), bases[0])
    found = list(islice(_differences(base.value, fullest.value), _MOST + 1))
    named = ", ".join(found[:_MOST]) + ", ..." * (len(found) > _MOST)
    return f"{_KINDS[kind]}: {named}" if named else _KINDS[kind]


def _differences(value: Any, normal: Any, path: Path = ()) -> Iterator[str]:
    """Yield a description of each difference from the normal value at the same path."""
    if value is normal:
        return
    where = pointer(path) or "the body"
    if type(value) is not type(normal):
        yield f"{where} is of type {TYPE_NAMES[type(value)]}"
    elif isinstance(value, dict):
        yield from (f"{pointer((*path, key))} is missing" for key in normal if key not in value)
        yield from (f"{pointer((*path, key))} is added" for key in value if key not in normal)
        for key in value:
            if key in normal:
                yield from _differences(value[key], normal[key], (*path, key))
    elif isinstance(value, list):
        if len(value) != len(normal):
            yield f"{where} has {len(value)} item{'s' * (len(value) != 1)}"
        for index, (inner, other) in enumerate(zip(value, normal, strict=False)):
            yield from _differences(inner, other, (*path, index))
    elif value != normal:
        yield f"{where} is {value!r:.60}"
