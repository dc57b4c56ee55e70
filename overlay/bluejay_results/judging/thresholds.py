"""Checks thresholds (percentage, points, milliseconds, count, confidence level), and formats numbers."""

from __future__ import annotations

import math
from typing import Any

from ..errors import UsageError

_SECONDS_AT_MOST = 20
"""A limit below this many milliseconds is probably in seconds: no agent answers that fast."""


def number(name: str, value: Any) -> float:
    """Return a finite number as a float; raise UsageError for anything else, even for a string of digits."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        read = float(value) if is_number else math.nan
    except OverflowError:
        read = math.nan
    if not math.isfinite(read):
        advice = " Leave the % out." if isinstance(value, str) and value.strip().endswith("%") else ""
        raise UsageError(f"{name} must be a number, got {value!r}.{advice}")
    return read


def percentage(name: str, value: Any) -> float:
    """Return a percentage, 0 to 100; raise UsageError for anything else, and for a fraction such as 0.8."""
    read = _from_0_to_100(name, value, "percentage")
    if 0 < read < 1:
        raise _as_fraction(name, read)
    return read


def minimum_percentage(name: str, value: Any) -> float:
    """Return a minimum in percent; 1 is refused too, because it is more likely to mean 100 % than 1 %."""
    read = percentage(name, value)
    if read == 1:
        raise _as_fraction(name, read)
    return read


def points(name: str, value: Any) -> float:
    """Return percentage points, 0 to 100; 0.5 is half a point."""
    return _from_0_to_100(name, value, "number of points")


def milliseconds(name: str, value: Any) -> float:
    """Return a latency limit; raise UsageError for anything else, and for a limit that may be in seconds."""
    read = number(name, value)
    if read <= 0:
        raise UsageError(f"{name} must be above 0 milliseconds, got {read:g}.")
    if read < _SECONDS_AT_MOST:
        raise UsageError(f"{name}: {read:g} is {read:g} ms; did you mean {read * 1000:g}?")
    return read


def count(name: str, value: Any, least: int) -> int:
    """Return a whole number of at least `least`; raise UsageError for anything else."""
    read = number(name, value)
    if read != int(read) or read < least:
        raise UsageError(f"{name} must be a whole number, {least} or more, got {read:g}.")
    return int(read)


def confidence_level(name: str, value: Any) -> float:
    """Return a confidence level, between 0 and 1; raise UsageError for anything else."""
    read = number(name, value)
    if not 0 < read < 1:
        raise UsageError(f"{name} must be between 0 and 1, such as 0.95, got {read:g}.")
    return read


def distinct_number(value: float, threshold: float) -> str:
    """Format a value with one decimal, or with as many as are needed to distinguish it from a threshold."""
    digits = 1
    while (
        digits < 6 and round(value, digits) == threshold and not math.isclose(value, threshold, rel_tol=1e-12)
    ):
        digits += 1
    return f"{value:,.{digits}f}"


def plain_number(value: float) -> str:
    """Format a number with at most six decimals, and without an exponent or trailing zeros."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def _from_0_to_100(name: str, value: Any, noun: str) -> float:
    read = number(name, value)
    if not 0 <= read <= 100:
        raise UsageError(f"{name} must be a {noun} from 0 to 100, got {read:g}.")
    return read


def _as_fraction(name: str, read: float) -> UsageError:
    return UsageError(f"{name}: {read:g} is {read:g} %; did you mean {read * 100:g}?")
