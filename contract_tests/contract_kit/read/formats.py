"""The formats that the kit asserts: both validators know them and agree on them."""

from __future__ import annotations

import re

import jsonschema_rs

EXAMPLES: dict[str, tuple[str, ...]] = {
    "date-time": ("2026-11-19T16:04:10Z", "2026-11-20T08:30:00Z"),
    "date": ("2026-11-19", "2026-11-20"),
    "uuid": ("6f1c1a52-6f0e-4c7e-9d2b-0b7a3d1c9e55", "0b7a3d1c-9d2b-4c7e-8f0e-6f1c1a521111"),
    "ipv4": ("192.0.2.7", "192.0.2.8"),
    "ipv6": ("2001:db8::7", "2001:db8::8"),
    "email": ("caller@example.com", "agent@example.com"),
}
"""Valid values of each format, from which bodies are built."""

BROKEN: dict[str, dict[str, str]] = {
    "date-time": {
        "words": "yesterday",
        "date-only": "2026-11-19",
        "space": "2026-11-19 16:04:00Z",
        "no-such-day": "2026-02-30T16:04:00Z",
        "no-such-hour": "2026-11-19T24:00:00Z",
        "no-such-zone": "2026-11-19T16:04:00+24:00",
        "basic": "20261119T160400Z",
        "no-zone": "2026-11-19T16:04:10",
    },
    "date": {"words": "yesterday", "no-such-day": "2026-02-30", "with-time": "2026-11-19T16:04:10Z"},
    "uuid": {"words": "seven", "one-digit-short": "6f1c1a52-6f0e-4c7e-9d2b-0b7a3d1c9e5"},
    "ipv4": {"words": "seven", "out-of-range": "192.0.2.256", "three-parts": "192.0.2"},
    "ipv6": {"words": "seven", "two-gaps": "2001::db8::7"},
    "email": {"words": "seven"},
}
UNUSUAL: dict[str, dict[str, str]] = {
    "date-time": {
        "nine-digits": "2026-11-19T16:04:10.123456789Z",
        "lower-case": "2026-11-19t16:04:10z",
        "offset": "2026-11-19T21:34:10+05:30",
    }
}
"""Values of a format that are valid but that some clients refuse."""

ASSERTED = frozenset(EXAMPLES)

_TIME = jsonschema_rs.Draft202012Validator({"format": "date-time"}, validate_formats=True)
_CHARACTERS_OF_A_TIME = re.compile(r"[0-9Tt:.Zz+-]*")


def is_time(text: str) -> bool:
    """Whether a string has the format date-time.

    jsonschema-rs accepts `2026-11-19T16:04:0,Z`, so the characters are checked first.
    """
    return _CHARACTERS_OF_A_TIME.fullmatch(text) is not None and _TIME.is_valid(text)
