"""Finds a document's fields that the contract doesn't list."""

import functools
import json
import typing
from collections.abc import Iterable, Iterator
from types import GenericAlias
from typing import Any

import attrs
import msgspec

from .valid_parts import member

MOST = 1_000
"""The maximum number of unknown fields that are listed for a body."""
_EXAMPLES = 3


def unknown_fields(data: bytes, model: type) -> tuple[str, ...]:
    """For each key in a JSON body that isn't a field of `model`, return its JSON path without indexes.

    There are at most `MOST` paths. Free-form objects have no unknown fields, because the contract allows any
    key in them. The body's members and list items are read one at a time because reading a large body at once
    uses a lot of memory.
    """
    found: dict[str, None] = {}
    for path in _paths_in_body(data, model):
        found[path] = None
        if len(found) == MOST:
            break
    return tuple(found)


def _paths_in_body(data: bytes, model: type) -> Iterator[str]:
    models = _models(model)
    for key, raw in msgspec.json.decode(data, type=dict[str, msgspec.Raw]).items():
        path, part = member("$", key), bytes(raw)
        if key not in models:
            yield path
        elif (nested := models[key]) and part.startswith(b"["):
            for each in msgspec.json.decode(part, type=list[msgspec.Raw]):
                yield from _paths_in_part(bytes(each), nested, f"{path}[]")
        elif nested:
            yield from _paths_in_part(part, nested, path)


def _paths_in_part(part: bytes, model: type, path: str) -> Iterator[str]:
    try:
        msgspec.json.decode(part, type=_known_fields(model))  # nearly always succeeds, and is much faster
    except msgspec.MsgspecError:
        document = json.loads(part, parse_int=str, parse_float=str)  # only keys are read
        yield from _paths(document, model, path)


@functools.cache
def _known_fields(model: type) -> Any:
    """Return a type for null, an object or a list of objects, without unknown fields at any depth."""
    types = ((name, nested and _known_fields(nested)) for name, nested in _models(model).items())
    fields = [(name, of or msgspec.Raw, None) for name, of in types]
    known = msgspec.defstruct(model.__name__, fields, forbid_unknown_fields=True)
    return known | GenericAlias(list, known) | None


def _paths(document: Any, model: type, path: str) -> Iterator[str]:
    if isinstance(document, list):
        for each in document:
            yield from _paths(each, model, f"{path}[]")
    elif isinstance(document, dict):
        models = _models(model)
        for key, value in document.items():
            if key not in models:
                yield member(path, key)
            elif (nested := models[key]) and value:
                yield from _paths(value, nested, member(path, key))


@functools.cache
def _models(model: Any) -> dict[str, type | None]:
    """Map each of a model's fields to the model nested in it, or to None."""
    return {name: _model_in(hint) for name, hint in typing.get_type_hints(model).items()}


def _model_in(hint: Any) -> type | None:
    """Find the model in a type such as `Event`, `Event | None` or `list[Event] | None`."""
    if attrs.has(hint):
        return typing.cast("type", hint)
    return next((model for arg in typing.get_args(hint) if (model := _model_in(arg))), None)


def names_text(names: Iterable[object], most: int = _EXAMPLES) -> str:
    """Return the first few distinct names, and how many more there are."""
    found = list(dict.fromkeys(map(str, names)))
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return f"{', '.join(found[:most])}{more}"
