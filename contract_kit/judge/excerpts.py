"""Excerpts of the part of a body that differs from the valid body, short enough to store and show."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, takewhile
from typing import Self

from attrs import frozen

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[^\s",:{}\[\]]+|.', re.DOTALL)
_MOST, _AROUND = 240, 60
"""The maximum length of the part that differs, and of the text on each side of it."""
_WINDOW = 2_000
"""The number of bytes on each side of a difference in which to look for tokens."""


@frozen
class Excerpt:
    """Where a response's body differs from the valid body. An ellipsis replaces text that is left out.

    Attributes:
        before: The end of the text that precedes the difference in both bodies.
        valid: The part that only the valid body contains.
        sent: The part that only the sent body contains.
        after: The beginning of the text that follows the difference in both bodies.
    """

    before: str
    valid: str
    sent: str
    after: str

    @classmethod
    def of(cls, valid: bytes, sent: bytes) -> Self | None:
        """Return an excerpt that begins and ends between JSON tokens, or None if the bodies are identical."""
        if valid == sent:
            return None
        first = max(_common_start(valid, sent) - _WINDOW, 0)  # tokenizing everything is slow
        earlier = valid[:first].replace(b"\\\\", b"")
        if (earlier.count(b'"') - earlier.count(b'\\"')) % 2:  # within a string, so back to a quote in it
            first = valid.rindex(b'"', 0, first)
        last = max(_common_start(valid[first:][::-1], sent[first:][::-1]) - _WINDOW, 0)
        nearby = (each[first : len(each) - last] for each in (valid, sent))
        old, new = (_TOKEN.findall(each.decode(errors="backslashreplace")) for each in nearby)
        start = _common(old, new)
        before, old, new = old[:start][::-1], old[start:], new[start:]
        end = _common(old[::-1], new[::-1])
        only_valid, only_sent = (_cut("".join(each[: len(each) - end])) for each in (old, new))
        near, after = _near(before)[::-1], _near(old[len(old) - end :])
        return cls("".join(near), only_valid, only_sent, "".join(after))


def _common_start(first: bytes, second: bytes) -> int:
    """Return the length of two byte strings' common prefix."""
    ends = range(min(len(first), len(second)))
    return bisect_left(ends, True, key=lambda end: first[: end + 1] != second[: end + 1])


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the length of two token sequences' common prefix."""
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(first, second, strict=False)))


def _near(tokens: Sequence[str]) -> list[str]:
    """Return the first few tokens, followed by an ellipsis if there are more."""
    ends = accumulate(map(len, tokens))
    found = [token for token, end in zip(tokens, ends, strict=True) if end <= _AROUND]
    return found if len(found) == len(tokens) else [*found, "…"]


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"
