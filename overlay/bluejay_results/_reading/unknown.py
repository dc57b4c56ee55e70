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
    """Return the fields of a model, each with the model in it, if there is one."""
    return {name: _model_in(hint) for name, hint in typing.get_type_hints(model).items()}


def _model_in(hint: Any) -> type | None:
    """Find the model in a type such as `Event`, `Event | None` or `list[Event] | None`."""
    if attrs.has(hint):
        return typing.cast("type", hint)
    return next((model for arg in typing.get_args(hint) if (model := _model_in(arg))), None)
