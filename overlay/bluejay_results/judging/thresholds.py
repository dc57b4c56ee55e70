"""Checks thresholds (percentages and counts), and formats numbers."""

from __future__ import annotations

import math
from typing import Any

from ..errors import UsageError


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
    read = number(name, value)
    if not 0 <= read <= 100:
        raise UsageError(f"{name} must be a percentage from 0 to 100, got {read:g}.")
    if 0 < read < 1:
        raise _as_fraction(name, read)
    return read


def minimum_percentage(name: str, value: Any) -> float:
    """Return a minimum in percent; 1 is refused too, because it is more likely to mean 100 % than 1 %."""
    read = percentage(name, value)
    if read == 1:
        raise _as_fraction(name, read)
    return read


def count(name: str, value: Any, least: int) -> int:
    """Return a whole number of at least `least`; raise UsageError for anything else."""
    read = number(name, value)
    if read != int(read) or read < least:
        raise UsageError(f"{name} must be a whole number, {least} or more, got {read:g}.")
    return int(read)


def distinct_number(value: float, threshold: float) -> str:
    """Format a value with one decimal, or with as many as are needed to distinguish it from a threshold."""
    digits = 1
    while (
        digits < 6 and round(value, digits) == threshold and not math.isclose(value, threshold, rel_tol=1e-12)
    ):
        digits += 1
    return f"{value:.{digits}f}"


def plain_number(value: float) -> str:
    """Format a number with at most six decimals, and without an exponent or trailing zeros."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _as_fraction(name: str, read: float) -> UsageError:
    return UsageError(f"{name}: {read:g} is {read:g} %; did you mean {read * 100:g}?")
