"""The second validator, jsonschema, which shares no code with the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

import jsonschema
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from . import formats, patterns

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_MOST_REMEMBERED = 10_000
"""A bound on the memory that valid objects take, in documents with tens of thousands of mutants."""


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Any:
    if isinstance(instance, str) and not patterns.matches(pattern, instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _multiple(_: Any, step: float, instance: Any, __: Any) -> Any:
    """Divide the decimals that the body has: as doubles, 0.07 / 0.01 is no integer."""
    is_number = isinstance(instance, int | float) and not isinstance(instance, bool)
    if is_number and Fraction(str(instance)) % Fraction(str(step)):
        yield jsonschema.ValidationError(f"{instance!r} is not a multiple of {step!r}")


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

_Draft: Any = jsonschema.Draft202012Validator


def _reference_once() -> Callable[..., Iterator[Any]]:
    """Return the keyword `$ref`, which validates the same object by the same reference only once.

    A mutant shares every object off its path with the body that it was made from. That halves the time
    of a proof. Errors are not remembered, only that there was none.
    """
    valid: dict[tuple[int, int], Any] = {}  # the object itself as well, so that no other gets its id

    def reference(validator: Any, ref: str, instance: Any, schema: Any) -> Iterator[Any]:
        key = id(schema), id(instance)
        if key in valid:
            return
        is_valid = True
        for error in _Draft.VALIDATORS["$ref"](validator, ref, instance, schema):
            is_valid = False
            yield error
        if is_valid:
            if len(valid) == _MOST_REMEMBERED:
                valid.clear()
            valid[key] = instance

    return reference


def validator(uri: str, address: str, whole: dict[str, Any]) -> Any:
    """Return jsonschema's validator of one schema.

    Args:
        uri: What the document of all schemas is called.
        address: JSON Pointer to the schema in it.
        whole: That document.
    """
    resource: Any = Resource.from_contents(whole, default_specification=DRAFT202012)
    registry: Any = Registry()
    keywords = {"multipleOf": _multiple, "pattern": _pattern, "$ref": _reference_once()}
    kind: Any = extend(_Draft, keywords)  # type: ignore[no-untyped-call]  # the stubs leave it without types
    return kind(
        {"$ref": f"{uri}#{address}"},
        registry=registry.with_resource(uri, resource),
        format_checker=_FORMATS,
    )
