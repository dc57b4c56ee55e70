"""The fields of a document that the contract doesn't know."""

import functools
import json
import typing
from decimal import Decimal
from typing import Any

import attrs

from .json_path import item, member

_INT_DIGITS = 4000


def unknown_fields(data: bytes, model: type) -> dict[str, Any]:
    """Return every value in a JSON body whose key `model` has no field for, by its JSON path.

    Free-form objects have no unknown fields: the contract leaves their keys open.
    """
    found: dict[str, Any] = {}
    _walk(json.loads(data, parse_int=_integer), model, "$", found)
    return found


def _integer(text: str) -> int | Decimal:
    """Read an integer of any length, beyond Python's own limit on digits."""
    return int(text) if len(text) <= _INT_DIGITS else Decimal(text)


def _walk(document: Any, model: type, path: str, found: dict[str, Any]) -> None:
    if not isinstance(document, dict):
        return
    known = _field_names(model)
    for key, value in document.items():
        if key not in known:
            found[member(path, key)] = value
        elif isinstance(value, list | dict) and (nested := _nested_models(model)[key]):
            here = member(path, key)
            if isinstance(value, dict):
                _walk(value, nested, here, found)
                continue
            for index, each in enumerate(value):
                _walk(each, nested, item(here, index), found)


@functools.cache
def _field_names(model: Any) -> frozenset[str]:
    return frozenset(field.name for field in attrs.fields(model))


@functools.cache
def _nested_models(model: Any) -> dict[str, type | None]:
    return {name: _model_in(hint) for name, hint in typing.get_type_hints(model).items()}


def _model_in(hint: Any) -> type | None:
    """Find the model in a type such as `Event`, `Event | None` or `list[Event] | None`."""
    if attrs.has(hint):
        return typing.cast("type", hint)
    return next((model for arg in typing.get_args(hint) if (model := _model_in(arg))), None)
