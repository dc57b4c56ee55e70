"""The contract as msgspec structs: the fastest way to decode JSON in Python with every type checked.

The structs are derived from our models, so that they have the same fields and types. Our decoder also
accepts values that the structs reject: some date-times that RFC 3339 allows, date-times without a zone,
unknown statuses, and integers written like 81.0.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
import msgspec
from bluejay_api.models import SimulationResultsResponse
from bluejay_api.types import DateTime, OpenEnum


def _struct(model: type[Any]) -> type[Any]:
    hints = get_type_hints(model)
    fields = [(each.name, _plain(hints[each.name]), *_default(each)) for each in attrs.fields(model)]
    return msgspec.defstruct(model.__name__, fields)


@cache
def _plain(hint: Any) -> Any:
    """Replace a type in our models with a type that msgspec supports natively."""
    if attrs.has(hint):
        return _struct(hint)
    if hint is DateTime:
        return datetime
    if isinstance(hint, type) and issubclass(hint, OpenEnum):
        return Enum(hint.__name__, {each.name: each.value for each in hint})
    inner = tuple(map(_plain, get_args(hint)))
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return reduce(or_, inner)
    return origin[inner] if origin else hint


def _default(field: attrs.Attribute[Any]) -> tuple[Any, ...]:
    if field.default is attrs.NOTHING:
        return ()
    factory = getattr(field.default, "factory", None)
    return (msgspec.field(default_factory=factory),) if factory else (field.default,)


Response = _struct(SimulationResultsResponse)
"""A response's body."""
