"""Formats that mutants break, because both validators agree on them, and formats that no mutant breaks."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from string import ascii_lowercase
from typing import Any, TypeAlias

import jsonschema_rs

Example: TypeAlias = Callable[[int], str]
"""A function that returns a valid value for a format, and different values for different numbers."""


def _two_digits(number: int) -> int:
    return 10 + number % 90


def _time(number: int) -> datetime:
    """Return a time after noon, on a day after the 12th, whose minutes and seconds aren't 0."""
    year, month, day = 2019 + number // 192 % 7, 1 + number // 16 % 12, 13 + number % 16
    hour, minute, second = 13 + number // 49**2 % 10, 11 + number // 49 % 49, 11 + number % 49
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _date_time(number: int) -> str:
    return f"{_time(number):%Y-%m-%dT%H:%M:%SZ}"


def _uuid(number: int, version: str = "4") -> str:
    digits = hashlib.sha256(str(number).encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-{version}{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


def _filled(text: str) -> Example:
    """Return a function that inserts a two-digit number into a string."""
    return lambda number: text.format(_two_digits(number))


EXAMPLES: dict[str, Example] = {
    "date-time": _date_time,
    "date": lambda number: f"{_time(number):%Y-%m-%d}",
    "uuid": _uuid,
    "ipv4": _filled("192.0.2.{}"),
    "ipv6": _filled("2001:db8::{}"),
    "email": _filled("caller-{}@example.com"),
}
"""Valid values to use in bodies, for each format that mutants break."""

ASSERTED = frozenset(EXAMPLES)

_TIME = jsonschema_rs.Draft202012Validator({"format": "date-time"}, validate_formats=True)
_CHARACTERS_OF_A_TIME = re.compile(r"[0-9Tt:.Zz+-]*")


def is_time(text: str) -> bool:
    """Whether a string has the format date-time.

    jsonschema-rs accepts `2026-11-19T16:04:0,Z`, so the characters are checked first.
    """
    return _CHARACTERS_OF_A_TIME.fullmatch(text) is not None and _TIME.is_valid(text)


# Formats that aren't asserted, because validators disagree on them. Legal values still match them.

_UUID_VERSIONS = {"guid": "4"} | {f"uuid{version}": version for version in "1345678"}
_INTEGER_BITS = {f"{kind}{bits}": (kind, bits) for kind in ("int", "uint") for bits in (8, 16, 32, 64)}

KEPT_EXAMPLES: dict[str, Example] = {
    **dict.fromkeys(
        ("uri", "uri-reference", "uri-template", "iri", "iri-reference", "url"),
        _filled("https://example.com/{}"),
    ),
    **dict.fromkeys(("hostname", "host-name", "idn-hostname"), _filled("host-{}.example.com")),
    **dict.fromkeys(
        ("byte", "base64", "base64url"), lambda number: b64encode(b"text%d" % _two_digits(number)).decode()
    ),
    **{name: partial(_uuid, version=version) for name, version in _UUID_VERSIONS.items()},
    **dict.fromkeys((*_INTEGER_BITS, "json-string"), _filled("{}")),
    **dict.fromkeys(("float", "double", "decimal"), _filled("{}.25")),
    **dict.fromkeys(("time", "iso-time"), lambda number: f"{_time(number):%H:%M:%SZ}"),
    "iso-date-time": _date_time,
    "duration": _filled("PT{}M"),
    "idn-email": _filled("caller-{}@example.com"),
    "regex": _filled("^a{{{}}}$"),
    "json-pointer": _filled("/{}"),
    "json-pointer-uri-fragment": _filled("#/{}"),
    "relative-json-pointer": _filled("0/{}"),
    **dict.fromkeys(("ip", "ip-address", "ipvanyaddress"), _filled("192.0.2.{}")),
    **dict.fromkeys(("ipvanynetwork", "ipv4-network"), _filled("10.{}.0.0/16")),
    "ipv6-network": _filled("2001:db8:{}::/48"),
    "http-date": lambda number: format_datetime(_time(number), usegmt=True),
    "char": lambda number: ascii_lowercase[number % 26],
    "color": _filled("#{}7fa0"),
}
"""Values to use in bodies, for each format in this group. Every well-known validator accepts them."""

_UUID = r"[\da-fA-F]{{8}}-[\da-fA-F]{{4}}-{}[\da-fA-F]{{3}}-[89abAB][\da-fA-F]{{3}}-[\da-fA-F]{{12}}"
_CLOCK = r"\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
_PATTERNS = {
    **{name: _UUID.format(each) for name, each in _UUID_VERSIONS.items()},
    "guid": r"[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}",
    "host-name": r"[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?(?:\.[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?)*",
    "iso-time": _CLOCK,
    "iso-date-time": rf"\d{{4}}-\d\d-\d\dT{_CLOCK}",
    "json-pointer-uri-fragment": r"#(?:/(?:[\w.!$&'()*+,;=:@-]|~[01]|%[\da-fA-F]{2})*)*",
    "color": r"#(?:[\da-fA-F]{3}){1,2}",
    **dict.fromkeys(("float", "double", "decimal"), r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"),
    "url": r"[A-Za-z][\w+.-]*://[^\s/]+\S*",
    "char": r".",
}


def _integer(text: str, kind: str, bits: int) -> None:
    low, high = (0, 2**bits) if kind == "uint" else (-(2 ** (bits - 1)), 2 ** (bits - 1))
    if not re.fullmatch(r"-?[0-9]+", text) or not low <= int(text) < high:
        raise ValueError


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("byte", "base64"), partial(b64decode, validate=True)),
    "base64url": partial(b64decode, altchars="-_", validate=True),
    **dict.fromkeys(("ip", "ipvanyaddress"), ipaddress.ip_address),
    "ip-address": ipaddress.IPv4Address,
    "ipvanynetwork": ipaddress.ip_network,
    "ipv4-network": ipaddress.IPv4Network,
    "ipv6-network": ipaddress.IPv6Network,
    "http-date": parsedate_to_datetime,
    "json-string": json.loads,
    **{name: partial(_integer, kind=kind, bits=bits) for name, (kind, bits) in _INTEGER_BITS.items()},
}


def _fits(text: str, pattern: str) -> bool:
    return re.fullmatch(pattern, text, re.ASCII) is not None


def _is_read(text: str, read: Callable[[str], Any]) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


CHECKS: dict[str, Callable[[str], bool]] = {
    **{name: partial(_fits, pattern=pattern) for name, pattern in _PATTERNS.items()},
    **{name: partial(_is_read, read=read) for name, read in _READERS.items()},
}
"""Checks for formats that jsonschema-rs doesn't know."""
