"""Finds the fields of a document that the contract doesn't list."""

import functools
import json
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs
import msgspec

from .json_path import item, member

_INT_DIGITS = 4000


def unknown_fields(data: bytes, model: type) -> dict[str, Any]:
    """Return every value in a JSON body whose key is not a field of `model`, by its JSON path.

    Free-form objects have no unknown fields, because the contract allows any key in them. The members of the
    body and the items of its lists are read one at a time, because reading a large body needs much memory.
    """
    found: dict[str, Any] = {}
    for path, part, nested in _parts(data, model):
        if nested is None:
            found[path] = _loaded(part)
        else:
            _walk(_loaded(part), nested, path, found)
    return found


def _parts(data: bytes, model: type) -> Iterator[tuple[str, bytes, type | None]]:
    """Yield the path, the bytes and the model of each part; the model of an unknown member is None."""
    models = _models(model)
    for key, raw in msgspec.json.decode(data, type=dict[str, msgspec.Raw]).items():
        path, part = member("$", key), bytes(raw)
        if key not in models:
            yield path, part, None
        elif (nested := models[key]) and part.startswith(b"["):
            items = msgspec.json.decode(part, type=list[msgspec.Raw])
            yield from ((item(path, index), bytes(each), nested) for index, each in enumerate(items))
        elif nested:
            yield path, part, nested


def _loaded(part: bytes) -> Any:
    return json.loads(part, parse_int=_integer)


def _integer(text: str) -> int | Decimal:
    """Read an integer of any length; Python limits the number of digits."""
    return int(text) if len(text) <= _INT_DIGITS else Decimal(text)


def _walk(document: Any, model: type, path: str, found: dict[str, Any]) -> None:
    if isinstance(document, list):
        for index, each in enumerate(document):
            _walk(each, model, item(path, index), found)
    elif isinstance(document, dict):
        models = _models(model)
        for key, value in document.items():
            if key not in models:
                found[member(path, key)] = value
            elif nested := models[key]:
                _walk(value, nested, member(path, key), found)


@functools.cache
def _models(model: Any) -> dict[str, type | None]:
    """Return the fields of a model, each with the model that it contains, or None."""
    return {name: _model_in(hint) for name, hint in typing.get_type_hints(model).items()}


def _model_in(hint: Any) -> type | None:
    """Find the model in a type such as `Event`, `Event | None` or `list[Event] | None`."""
    if attrs.has(hint):
        return typing.cast("type", hint)
    return next((model for arg in typing.get_args(hint) if (model := _model_in(arg))), None)
