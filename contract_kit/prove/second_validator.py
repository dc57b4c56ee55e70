"""The second validator: jsonschema, with our own implementation of some keywords."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

import jsonschema
from jsonschema.validators import extend

from contract_kit.read import formats, patterns
from contract_kit.read.graph import Node

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_MOST_REMEMBERED = 10_000
"""The maximum number of valid values to cache. The limit saves memory for documents with many mutants."""


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Any:
    if isinstance(instance, str) and not patterns.matches(pattern, instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _multiple(_: Any, step: float, instance: Any, __: Any) -> Any:
    """Check `multipleOf` with the body's decimals, because 0.07 / 0.01 isn't an integer in floating point."""
    if isinstance(instance, float) and not math.isfinite(instance):  # a header's text can be NaN
        yield jsonschema.ValidationError(f"{instance!r} is not a number in JSON")
        return
    is_number = isinstance(instance, int | float) and not isinstance(instance, bool)
    if is_number and Fraction(str(instance)) % Fraction(str(step)):
        yield jsonschema.ValidationError(f"{instance!r} is not a multiple of {step!r}")


def _is_time(value: object) -> bool:
    """Check a date-time with Python's standard library, independently of the first validator."""
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


def _type(validator: Any, names: Any, instance: Any, _: Any) -> Iterator[Any]:
    listed = [names] if isinstance(names, str) else names
    if not any(validator.is_type(instance, name) for name in listed):
        yield jsonschema.ValidationError("is of another type")


def _union(*, is_exclusive: bool) -> Callable[..., Iterator[Any]]:
    def union(validator: Any, branches: Any, instance: Any, _: Any) -> Iterator[Any]:
        errors: list[Any] = []
        accepting = 0
        for index, branch in enumerate(branches):
            found = list(validator.descend(instance, branch, schema_path=index))
            errors += found
            accepting += not found
            if accepting > is_exclusive:
                break
        if not accepting:
            yield jsonschema.ValidationError("matches no branch", context=errors)
        elif is_exclusive and accepting > 1:
            yield jsonschema.ValidationError("matches several branches")

    return union


BRIEF = {"type": _type, "anyOf": _union(is_exclusive=False), "oneOf": _union(is_exclusive=True)}
"""Functions that check keywords, because the errors from jsonschema's functions contain the entire value."""


class _Same:
    """A cache key that is equal only to keys for the same object, and that keeps the object alive."""

    __slots__ = ("_hash", "_value")

    def __init__(self, value: Any) -> None:
        self._value, self._hash = value, object.__hash__(value)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._value is other._value


def remembering(descend: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """Wrap `descend` so that it skips values that were already found valid.

    A mutant shares every value outside the changed path with the body that it was made from. Errors aren't
    cached.
    """
    valid: set[tuple[Node | bool, _Same]] = set()

    def once(validator: Any, instance: Any, schema: Any, *steps: Any, **named: Any) -> Iterator[Any]:
        if (key := (schema, _Same(instance))) in valid:
            return
        is_valid = True
        for error in descend(validator, instance, schema, *steps, **named):
            is_valid = False
            yield error
        if is_valid:
            if len(valid) == _MOST_REMEMBERED:
                valid.clear()
            valid.add(key)

    return once


class SecondValidators:
    """Creates a jsonschema validator for each schema in a document."""

    def __init__(self, definitions: Mapping[str, Node]) -> None:
        def reference(validator: Any, address: str, instance: Any, _: Any) -> Iterator[Any]:
            yield from validator.descend(instance, definitions[address.rpartition("/")[2]])

        keywords = {"$ref": reference, "multipleOf": _multiple, "pattern": _pattern, **BRIEF}
        kind: Any = extend(_Draft, keywords)  # type: ignore[no-untyped-call]  # the stubs declare no types for it
        kind.descend = remembering(kind.descend)
        # jsonschema looks up references in this root to find what a reference leaves unevaluated.
        self._root: Any = kind({"$defs": definitions}, format_checker=_FORMATS)

    def of(self, node: Node) -> Any:
        """Return the validator for a schema."""
        return self._root.evolve(schema=node)
