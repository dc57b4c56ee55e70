"""Formats that mutants break, because both validators agree on them, and formats that no mutant breaks."""

from __future__ import annotations

import ipaddress
import json
import re
from base64 import b64decode
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

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
"""Valid values that some clients refuse, by format."""

ASSERTED = frozenset(EXAMPLES)

_TIME = jsonschema_rs.Draft202012Validator({"format": "date-time"}, validate_formats=True)
_CHARACTERS_OF_A_TIME = re.compile(r"[0-9Tt:.Zz+-]*")


def is_time(text: str) -> bool:
    """Whether a string has the format date-time.

    jsonschema-rs accepts `2026-11-19T16:04:0,Z`, so the characters are checked first.
    """
    return _CHARACTERS_OF_A_TIME.fullmatch(text) is not None and _TIME.is_valid(text)


# The formats that are not asserted, because validators disagree on them. Legal values still satisfy them.

_URIS = ("https://example.com/7", "https://example.com/8")
_NAMES = ("example.com", "example.org")
_BASE64 = ("c2V2ZW4h", "ZWlnaHQh")
_IPV4 = ("192.0.2.7", "192.0.2.8")
_NETWORKS = ("192.0.2.0/24", "198.51.100.0/24")
_WHOLE, _FRACTIONS = ("7", "8"), ("7.5", "8.5")
_UUIDS = ("6f1c1a52-6f0e-{}c7e-9d2b-0b7a3d1c9e55", "0b7a3d1c-9d2b-{}c7e-8f0e-6f1c1a521111")
_UUID_VERSIONS = {"guid": "4"} | {f"uuid{version}": version for version in "1345678"}
_INTEGER_BITS = {f"{kind}{bits}": (kind, bits) for kind in ("int", "uint") for bits in (8, 16, 32, 64)}

KEPT_EXAMPLES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("uri", "uri-reference", "uri-template", "iri", "iri-reference", "url"), _URIS),
    **dict.fromkeys(("hostname", "host-name", "idn-hostname"), _NAMES),
    **dict.fromkeys(("byte", "base64", "base64url"), _BASE64),
    **{name: (_UUIDS[0].format(each), _UUIDS[1].format(each)) for name, each in _UUID_VERSIONS.items()},
    **dict.fromkeys(_INTEGER_BITS, _WHOLE),
    **dict.fromkeys(("float", "double", "decimal"), _FRACTIONS),
    **dict.fromkeys(("time", "iso-time"), ("16:04:10Z", "08:30:00Z")),
    "iso-date-time": ("2026-11-19T16:04:10Z", "2026-11-20T08:30:00Z"),
    "duration": ("PT7M", "PT8M"),
    "idn-email": ("caller@example.com", "agent@example.com"),
    "regex": ("^a+$", "^b+$"),
    "json-pointer": ("/a", "/b"),
    "json-pointer-uri-fragment": ("#/a", "#/b"),
    "relative-json-pointer": ("0/a", "1/b"),
    **dict.fromkeys(("ip", "ip-address", "ipvanyaddress"), _IPV4),
    **dict.fromkeys(("ipvanynetwork", "ipv4-network"), _NETWORKS),
    "ipv6-network": ("2001:db8::/32", "2001:db8:7::/48"),
    "http-date": ("Thu, 19 Nov 2026 16:04:10 GMT", "Fri, 20 Nov 2026 08:30:00 GMT"),
    "char": ("a", "b"),
    "color": ("#7f7f7f", "#8f8f8f"),
    "json-string": ("7", "8"),
}
"""Values of each format that every well-known validator accepts; bodies are built from them."""

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
"""A check of each format that jsonschema-rs doesn't know."""
