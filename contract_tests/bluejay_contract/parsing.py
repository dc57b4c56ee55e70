"""Parses any JSON document that RFC 8259 allows, with the same result on every Python.

Python's own parser limits the digits of an integer and the nesting depth. Both limits differ between versions
of Python and can be changed. This module reports values that a parser might reject (RFC 8259, section 9) or
can't represent (RFC 7493), and replaces them with simpler values of the same type.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from itertools import accumulate
from typing import Any, TypeAlias

from attrs import field, frozen
from contract_kit.read.paths import Path, json_path

from .failure import Words

MOST_NESTED = 100
"""The maximum nesting depth; deeper arrays and objects are treated as empty."""
LARGEST_EXACT = 2**53 - 1
"""The largest integer that doubles, and so JavaScript, can represent exactly (RFC 7493, section 2.2)."""

Unportable: TypeAlias = tuple[str, str, Words]
"""The JSON path, the expected value, and a description of the received value."""

_DIGITS_KEPT = 400
"""How many of a long integer's digits are kept: too many for a double, but few enough for Python."""
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(char for char in range(256) if char not in _STEPS)
_SUSPECT = re.compile(rb"\d{16}|[eE]\+?\d{3}")
"""Matches every non-portable number, and some portable ones."""
_HALF = re.compile("[\ud800-\udfff]")


@frozen
class Parsed:
    """A parsed body.

    Attributes:
        document: The parsed document; None if there is none.
        error: Why the body is not exactly one JSON document in UTF-8; empty if it is one.
        repeated_keys: The duplicate keys, each listed once for every object that repeats the key.
        unportable: The values that other parsers might reject or change.
    """

    document: Any = None
    error: str = ""
    repeated_keys: list[str] = field(factory=list)
    unportable: list[Unportable] = field(factory=list)


def parsed(body: bytes) -> Parsed:
    """Parse a body."""
    repeated: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            repeated.extend(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return found

    outside = b"".join(body.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2])
    depth = max(accumulate(map(_STEPS.__getitem__, outside.translate(None, _NO_BRACKETS))), default=0)
    read = json.JSONDecoder(parse_int=_integer, parse_constant=_refuse, object_pairs_hook=members).decode
    try:
        text = body.decode("utf-8")
        document = read(text if depth <= MOST_NESTED else _shallow(text))
    except UnicodeDecodeError as error:
        return Parsed(error=f"a byte that is not UTF-8 at position {error.start + 1:,}")
    except json.JSONDecodeError as error:
        reason = error.msg.removesuffix(" at")  # such as "Unterminated string starting at"
        place = f"{reason} at line {error.lineno:,}, column {error.colno:,}"
        return Parsed(error=f"text that is not JSON ({place})" if body.strip() else "an empty body")
    except ValueError as error:
        return Parsed(error=str(error))
    unportable: list[Unportable] = []
    if depth > MOST_NESTED:
        expected = f"at most {MOST_NESTED} levels of arrays and objects"
        unportable.append(("$", expected, Words(f"{depth:,} levels")))
    if _SUSPECT.search(outside) or rb"\ud" in body.lower():
        document = _portable(document, (), unportable)
    return Parsed(document, "", repeated, unportable)


def _shallow(text: str) -> str:
    """Return JSON text with overly deep arrays and objects emptied."""
    pieces, level, start = [], 0, 0
    for match in _STRING_OR_BRACKET.finditer(text):
        if match[0] in "[{":
            level += 1
            if level == MOST_NESTED + 1:
                pieces.append(text[start : match.end()])
        elif match[0] in "]}":
            if level == MOST_NESTED + 1:
                start = match.start()
            level -= 1
    return "".join([*pieces, text[start:] if level <= MOST_NESTED else ""])


def _integer(digits: str) -> int:
    return int(digits if len(digits) <= _DIGITS_KEPT else digits[:_DIGITS_KEPT])


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant}, which is not JSON")


def _portable(value: Any, path: Path, found: list[Unportable]) -> Any:
    """Replace the non-portable parts of a value; return the value."""
    if isinstance(value, str):
        return _whole(value, path, found)
    if isinstance(value, dict):
        keys = {key: _whole(key, path, found) for key in value}
        return {keys[key]: _portable(each, (*path, keys[key]), found) for key, each in value.items()}
    if isinstance(value, list):
        return [_portable(each, (*path, index), found) for index, each in enumerate(value)]
    if isinstance(value, float) and math.isinf(value):
        found.append((json_path(path), "a number within the range of a double", Words("a larger number")))
        return 10**_DIGITS_KEPT if value > 0 else -(10**_DIGITS_KEPT)
    if isinstance(value, int) and abs(value) > LARGEST_EXACT:
        expected = f"an integer from -{LARGEST_EXACT} to {LARGEST_EXACT}"
        found.append((json_path(path), expected, Words("an integer outside that range")))
    return value


def _whole(text: str, path: Path, found: list[Unportable]) -> str:
    """Return a string with its lone surrogates replaced."""
    if not _HALF.search(text):
        return text
    found.append((json_path(path), "valid Unicode text", Words("a lone surrogate")))
    return _HALF.sub("\ufffd", text)
