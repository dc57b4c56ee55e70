"""A rule failure, and how its values are shown as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import islice

from attrs import frozen


class Severity(StrEnum):
    """How serious a failure is."""

    VIOLATION = "violation"
    """The contract forbids the received value."""
    SUSPICIOUS = "suspicious"
    """The contract allows the received value, but the value is implausible."""
    DRIFT = "drift"
    """The service sent something that is not in the contract yet."""


@frozen
class Failure:
    """One location where an exchange breaks the rule with this name.

    `path` is a JSON path, or a part of the response: `status`, `header content-type`, `body`. `reproduction`
    is a shell command that reproduces the failure; it doesn't contain the API key.
    """

    rule: str
    severity: Severity
    path: str
    expected: str
    received: str
    reproduction: str = ""

    def __str__(self) -> str:
        return (
            f"{self.rule} ({self.severity}) at {self.path}: expected {self.expected}, "
            f"but received {self.received}"
        )


class Words(str):
    """A description of a received value, shown instead of the value itself."""

    __slots__ = ()


def shown(value: object, limit: int = 80) -> str:
    """Format a value on one line of at most `limit` characters: strings unchanged, other values as JSON."""
    text = value if isinstance(value, str) else json.dumps(excerpt(value), ensure_ascii=False)
    line = " ".join(text[: limit * 2].split())
    return line if len(line) <= limit else f"{line[:limit]}…"


def as_json(value: object) -> str:
    """Format a value as JSON on one line of bounded length; strings have quotes."""
    return shown(json.dumps(excerpt(value), ensure_ascii=False))


def excerpt(value: object, text: Callable[[str], str] = lambda each: each[:200], depth: int = 6) -> object:
    """Return the part of a JSON value that fits on one line, so even a large or deep value is printed fast.

    `text` is applied to each string, including keys. Lists and objects are kept up to `depth`.
    """
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict | list) and not depth:
        return "…"
    if isinstance(value, dict):
        return {text(key): excerpt(each, text, depth - 1) for key, each in islice(value.items(), 40)}
    if isinstance(value, list):
        return [excerpt(each, text, depth - 1) for each in value[:40]]
    return value


def each_once(found: Iterable[Failure]) -> tuple[Failure, ...]:
    """Return the failures without duplicates; several requests can reveal the same failure."""
    first: dict[tuple[str, ...], Failure] = {}
    for each in found:
        first.setdefault((each.rule, each.path, each.expected, each.received), each)
    return tuple(first.values())
