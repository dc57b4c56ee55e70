"""The second validator, jsonschema, which shares no code with the first."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import jsonschema
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from . import formats, patterns

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Any:
    if isinstance(instance, str) and not patterns.matches(pattern, instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _is_time(value: object) -> bool:
    """Whether a string is a date-time, told by the standard library and not by the first validator."""
    if not isinstance(value, str):
        return True
    if not _TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value.upper())
    except ValueError:
        return False
    return True


_FORMATS = jsonschema.FormatChecker(sorted(formats.ASSERTED - {"date-time"}))
_FORMATS.checks("date-time")(_is_time)

_Second: Any = extend(  # type: ignore[no-untyped-call]  # the stubs leave it without types
    jsonschema.Draft202012Validator,
    {"pattern": _pattern},
    format_checker=_FORMATS,
)


def validator(uri: str, address: str, whole: dict[str, Any]) -> Any:
    """Return jsonschema's validator of one schema.

    Args:
        uri: What the document of all schemas is called.
        address: JSON Pointer to the schema in it.
        whole: That document.
    """
    resource: Any = Resource.from_contents(whole, default_specification=DRAFT202012)
    registry: Any = Registry()
    return _Second(
        {"$ref": f"{uri}#{address}"},
        registry=registry.with_resource(uri, resource),
        format_checker=_FORMATS,
    )
