"""Which operation a request is for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from attrs import frozen

from .model import Operation

_PARAMETER = re.compile(r"\{[^{}/]+\}")


@frozen
class Route:
    """The requests that are for one operation."""

    operation: Operation
    _path: re.Pattern[str]

    @classmethod
    def to(cls, operation: Operation) -> Route:
        """Return the route to an operation, made from its path template."""
        return cls(operation, re.compile(expression(operation.path), re.DOTALL))

    def matches(self, method: str, path: str) -> bool:
        """Return whether a request is for the operation.

        Args:
            method: In capitals.
            path: As `readable` returns it.
        """
        return method == self.operation.method and self._path.fullmatch(path) is not None


class Routes:
    """The routes to all operations. A literal path goes before one with parameters, as OpenAPI wants it."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        ordered = sorted(operations, key=lambda each: ["{" in segment for segment in each.path.split("/")])
        self._routes = [Route.to(operation) for operation in ordered]

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation that a request is for."""
        return next((each.operation for each in self._routes if each.matches(method, path)), None)


def expression(template: str) -> str:
    """Return a regular expression of the paths that a template stands for."""
    return "[^/]+".join(map(re.escape, _PARAMETER.split(template)))


def readable(path: str) -> str:
    """Decode a path as it was sent, except for slashes inside of a parameter."""
    return unquote(re.sub("%2f", "%252F", path, flags=re.IGNORECASE))
