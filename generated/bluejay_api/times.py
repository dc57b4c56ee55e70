# Copied from codegen/runtime by `make generate`. Edit it there; the next run overwrites this copy.
"""Parses RFC 3339 date-times for the decoder."""

import datetime
import json
import re
from typing import Any

_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|(60))(?:\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?",
    re.ASCII,
)
_SECONDS = len("2026-11-19T16:04:")
_from_iso = datetime.datetime.fromisoformat
_USUAL_MARKS = {20: "--T::Z", **dict.fromkeys(range(22, 28), "--T::.")}
"""By usual length of a date-time, its separators, which are every third character from the fifth on."""


def read_time(_: type, value: Any) -> datetime.datetime:
    """Parse an RFC 3339 date-time; this is msgspec's hook for `DateTime`.

    A time without a zone is UTC. A leap second becomes the last microsecond of its minute. See
    `docs/definitions.md`, Time.

    Raises:
        ValueError: The value isn't an RFC 3339 date-time, or a Python datetime can't represent it.
    """
    # For the usual form, such as `2026-11-19T16:04:00.25Z`, fromisoformat takes half as long as the regular
    # expression. It also accepts date-times that RFC 3339 forbids, but none with this form and these lengths.
    try:
        if value[4:20:3] == _USUAL_MARKS[len(value)] and value[-1] == "Z":
            time = _from_iso(value)
            if time.hour or value[11] == "0":  # Python 3.14 and later accept 24:00 as 0:00 on the next day
                return time
    except (TypeError, KeyError, ValueError):
        pass  # not a string, or a string with an unusual length, a leap second or an invalid day
    return _read_any_form(value)


def _read_any_form(value: object) -> datetime.datetime:
    match = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if not isinstance(value, str) or match is None:
        raise ValueError(f"Expected RFC 3339 date-time, got {_brief(value)}")
    is_leap, zone = match.groups()
    text = value if zone else f"{value}Z"
    if is_leap:
        text = f"{value[:_SECONDS]}59.999999{zone or 'Z'}"
    try:
        time = _from_iso(text.upper())
        if is_leap and time.astimezone(datetime.UTC).strftime("%H:%M") != "23:59":
            raise ValueError("a leap second ends a day in UTC")
        return time
    except (ValueError, OverflowError) as error:
        raise ValueError(f"Expected RFC 3339 date-time, got {_brief(value)}: {error}") from None


def _brief(value: object, limit: int = 40) -> str:
    text = json.dumps(value) if isinstance(value, str) else f"`{type(value).__name__}`"
    return text if len(text) <= limit else f"{text[:limit]}…"


__all__ = ["read_time"]
