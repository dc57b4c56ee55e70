"""Parses any JSON document that RFC 8259 allows, with the same result on every Python.

Python's own parser limits the digits of an integer and the nesting depth. Both limits differ between versions
of Python and can be changed. This module reports values that a parser may refuse (RFC 8259, section 9) or
can't represent (RFC 7493), and replaces them with simpler values of the same type.
"""

from __future__ import annotations

import json
import math
import re
from array import array
from collections import Counter
from itertools import accumulate
from typing import Any, TypeAlias

from attrs import field, frozen
from contract_kit.read.paths import Path, json_path

from .failure import Words

MOST_NESTED = 100
"""The maximum nesting depth; a deeper array or object is read as empty."""
LARGEST_EXACT = 2**53 - 1
"""The largest integer that doubles, and so JavaScript, represent exactly (RFC 7493, section 2.2)."""

Unportable: TypeAlias = tuple[str, str, Words]
"""The JSON path, the expected value, and a description of the received value."""

_DIGITS_KEPT = 400
"""How many digits of a long integer are kept: it stays too large for a double, but Python can read it."""
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(char for char in range(256) if char not in _STEPS)
_SUSPECT = re.compile(rb"\d{16}|[eE]\+?\d{3}")
"""Matches every unportable number, and some others."""
_HALF = re.compile("[\ud800-\udfff]")


class BodyError(Exception):
    """A body is not one JSON document in UTF-8. The message says why."""


@frozen
class Parsed:
    """A document.

    Attributes:
        repeated_keys: The keys that occur twice in one object, once for each such object.
        unportable: The values that other parsers may refuse or change.
    """

    document: Any
    repeated_keys: list[str] = field(factory=list)
    unportable: list[Unportable] = field(factory=list)


def parsed(body: bytes) -> Parsed:
    """Read a body.

    Raises:
        BodyError: The body is not exactly one JSON document in UTF-8.
    """
    try:
        text = body.decode("utf-8")
        outside = _without_strings(body)
        depth = _depth(outside)
        reader = _Reader()
        document = reader.read(text if depth <= MOST_NESTED else reader.flattened(text))
    except UnicodeDecodeError as error:
        raise BodyError(f"a byte that is not UTF-8 at position {error.start + 1:,}") from None
    except json.JSONDecodeError as error:
        place = f"{error.msg} at line {error.lineno:,}, column {error.colno:,}"
        raise BodyError(f"text that is not JSON: {place}" if body.strip() else "an empty body") from None
    except ValueError as error:
        raise BodyError(str(error)) from None
    unportable: list[Unportable] = []
    if depth > MOST_NESTED:
        expected = f"at most {MOST_NESTED} levels of arrays and objects"
        unportable.append(("$", expected, Words(f"{depth:,} levels")))
    if _SUSPECT.search(outside) or rb"\ud" in body.lower():
        document = _portable(document, (), unportable)
    return Parsed(document, reader.repeated_keys, unportable)


class _Reader:
    def __init__(self) -> None:
        self.repeated_keys: list[str] = []
        self.read = json.JSONDecoder(
            parse_int=_integer, parse_constant=_refuse, object_pairs_hook=self._members
        ).decode

    def flattened(self, text: str) -> str:
        """Parse each array and object that is nested too deeply, and return the text without their contents.

        Raises:
            ValueError: One of these arrays or objects is not JSON, or an array or object is never closed.
        """
        pieces: list[str] = []
        opened = array("q")
        at = 0
        for match in _STRING_OR_BRACKET.finditer(text):
            if match[0] in "[{":
                pieces.append(text[at : match.start()])
                opened.append(len(pieces))
                at = match.start()
            elif match[0] in "]}" and opened:
                first, level = opened.pop(), len(opened) + 1
                whole = "".join([*pieces[first:], text[at : match.end()]])
                at = match.end()
                if level > MOST_NESTED:
                    self.read(whole)
                    whole = whole[0] + whole[-1]
                pieces[first:] = [whole]
        if opened:
            raise ValueError("an array or object that is never closed")
        return "".join([*pieces, text[at:]])

    def _members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            self.repeated_keys.extend(key for key, count in counts.items() if count > 1)
        return members


def _without_strings(body: bytes) -> bytes:
    return b"".join(body.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2])


def _depth(outside: bytes) -> int:
    return max(accumulate(map(_STEPS.__getitem__, outside.translate(None, _NO_BRACKETS))), default=0)


def _integer(digits: str) -> int:
    return int(digits if len(digits) <= _DIGITS_KEPT else digits[:_DIGITS_KEPT])


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant}, which is not JSON")


def _portable(value: Any, path: Path, found: list[Unportable]) -> Any:
    """Return a value with its unportable parts replaced."""
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
    """Return a string with a replacement character for each half of a surrogate pair."""
    if not _HALF.search(text):
        return text
    found.append((json_path(path), "whole characters", Words("half of a surrogate pair")))
    return _HALF.sub("\ufffd", text)
