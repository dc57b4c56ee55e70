"""The fields of a document that the contract doesn't know."""

import functools
import json
import typing
from decimal import Decimal
from typing import Any

import attrs

_INT_DIGITS = 4000


def unknown_fields(data: bytes, model: type) -> dict[str, Any]:
    """Return every value in a JSON body whose key `model` has no field for, by its JSON path.

    Free-form objects have no unknown fields: the contract leaves their keys open.
    """
    return _walk(json.loads(data, parse_int=_integer), model, "$")


def _integer(text: str) -> int | Decimal:
    """Read an integer of any length: Python's own limit on digits is no limit on what was received."""
    return int(text) if len(text) <= _INT_DIGITS else Decimal(text)


def _walk(document: Any, model: type, path: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        return {}
    found: dict[str, Any] = {}
    known = _nested_models(model)
    for key, value in document.items():
        here = f"{path}.{key}" if key.isidentifier() else f"{path}[{key!r}]"
        if key not in known:
            found[here] = value
        elif (nested := known[key]) is None:
            continue
        elif isinstance(value, list):
            for index, item in enumerate(value):
                found |= _walk(item, nested, f"{here}[{index}]")
        else:
            found |= _walk(value, nested, here)
    return found


@functools.cache
def _nested_models(model: Any) -> dict[str, type | None]:
    hints = typing.get_type_hints(model)
    return {field.name: _model_in(hints[field.name]) for field in attrs.fields(model)}


def _model_in(hint: Any) -> type | None:
    """Find the model in a type such as `Event`, `Event | None` or `list[Event] | None`."""
    if attrs.has(hint):
        return typing.cast("type", hint)
    return next((model for arg in typing.get_args(hint) if (model := _model_in(arg))), None)
