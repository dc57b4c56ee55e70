"""Finds the operation that a request is for."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from urllib.parse import unquote

_PARAMETER = re.compile(r"\{[^{}/]+\}")


class Routes:
    """Finds the operation of a request. As OpenAPI requires, a literal path wins over a path with parameters.

    Args:
        operations: The method, in capitals, and the path template of each operation.
    """

    def __init__(self, operations: Iterable[tuple[str, str]]) -> None:
        self._ordered = sorted(operations, key=lambda each: ["{" in step for step in each[1].split("/")])
        # With the longest template first, the prefix is as short as possible.
        self._longest = sorted(self._ordered, key=lambda each: -each[1].count("/"))

    def find(self, method: str, path: str) -> tuple[str, str] | None:
        """Return the method and the template for a path that `readable` has decoded."""
        return next((each for each in self._ordered if each[0] == method and matches(each[1], path)), None)

    def find_end(self, method: str, path: str) -> tuple[str, str] | None:
        """Return the method and the template for a decoded path that may have a prefix."""
        ends = (each for each in self._longest if each[0] == method and matches(each[1], path, "/.*"))
        return self.find(method, path) or next(ends, None)


def matches(template: str, path: str, prefix: str = "") -> bool:
    """Return whether a path matches a template, after a prefix that matches a regular expression."""
    return _pattern(template, prefix).fullmatch(path) is not None


@functools.cache
def _pattern(template: str, prefix: str) -> re.Pattern[str]:
    return re.compile(prefix + "[^/]+".join(map(re.escape, _PARAMETER.split(template))), re.DOTALL)


def readable(path: str) -> str:
    """Decode a path from a request, except for encoded slashes within a parameter."""
    return unquote(re.sub("%2f", "%252F", path, flags=re.IGNORECASE))
