"""Formats that are not asserted, as validators disagree on them, and that legal values keep all the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

_URIS = ("https://example.com/7", "https://example.com/8")
_NAMES = ("example.com", "example.org")
_BASE64 = ("c2V2ZW4h", "ZWlnaHQh")
_UUIDS = ("6f1c1a52-6f0e-4c7e-9d2b-0b7a3d1c9e55", "0b7a3d1c-9d2b-4c7e-8f0e-6f1c1a521111")
_WHOLE, _FRACTIONS = ("7", "8"), ("7.5", "8.5")

EXAMPLES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("uri", "uri-reference", "uri-template", "iri", "iri-reference", "url"), _URIS),
    **dict.fromkeys(("hostname", "idn-hostname"), _NAMES),
    **dict.fromkeys(("byte", "base64", "base64url"), _BASE64),
    **dict.fromkeys(("guid", "uuid4"), _UUIDS),
    **dict.fromkeys(("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"), _WHOLE),
    **dict.fromkeys(("float", "double", "decimal"), _FRACTIONS),
    "time": ("16:04:10Z", "08:30:00Z"),
    "duration": ("PT7M", "PT8M"),
    "idn-email": ("caller@example.com", "agent@example.com"),
    "regex": ("^a+$", "^b+$"),
    "json-pointer": ("/a", "/b"),
    "relative-json-pointer": ("0/a", "1/b"),
    "ip": ("192.0.2.7", "192.0.2.8"),
    "ipv4-network": ("192.0.2.0/24", "198.51.100.0/24"),
    "ipv6-network": ("2001:db8::/32", "2001:db8:7::/48"),
    "http-date": ("Thu, 19 Nov 2026 16:04:10 GMT", "Fri, 20 Nov 2026 08:30:00 GMT"),
    "char": ("a", "b"),
}
"""Values of each that every well-known validator takes, from which bodies are built."""

_PATTERNS = {
    **dict.fromkeys(("byte", "base64"), r"(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?"),
    "base64url": r"[\w-]*={0,2}",
    **dict.fromkeys(("guid", "uuid4"), r"[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}"),
    **dict.fromkeys(("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"), r"-?\d+"),
    **dict.fromkeys(("float", "double", "decimal"), r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"),
    "url": r"[A-Za-z][\w+.-]*://[^\s/]+\S*",
    "ip": r"[\da-fA-F.:]+",
    "ipv4-network": r"[\d.]+/\d+",
    "ipv6-network": r"[\da-fA-F:]+/\d+",
    "http-date": r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT",
    "char": r".",
}


def _fits(text: str, pattern: str) -> bool:
    return re.fullmatch(pattern, text, re.ASCII) is not None


CHECKS: dict[str, Callable[[str], bool]] = {
    name: partial(_fits, pattern=pattern) for name, pattern in _PATTERNS.items()
}
"""Checks of the formats that jsonschema-rs doesn't know."""
