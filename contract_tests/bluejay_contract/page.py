"""The page of a run that a request asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from attrs import frozen

LARGEST = 100
_NUMBER = re.compile(r"(\d+)(\.0+)?")


@frozen
class Page:
    """The parameters of a page; the defaults are those of the service.

    Attributes:
        limit: The maximum number of results in the page.
        offset: The number of results before the page.
    """

    limit: int = LARGEST
    offset: int = 0

    @classmethod
    def asked(cls, query: str) -> Page | None:
        """Return the page that the query of a URL asks for; None if the contract forbids the query."""
        page = cls(**_numbers(dict(parse_qsl(query, keep_blank_values=True))))
        return page if 1 <= page.limit <= LARGEST and page.offset >= 0 else None

    @property
    def end(self) -> int:
        """The number of results before the next page."""
        return self.offset + self.limit

    def has(self, other: Page) -> bool:
        """Whether this page contains all of another page."""
        return self.offset <= other.offset and other.end <= self.end


def _numbers(query: Mapping[str, str]) -> dict[str, Any]:
    given = {name: _NUMBER.fullmatch(query[name]) for name in ("limit", "offset") if name in query}
    return {name: int(match[1]) if match else -1 for name, match in given.items()}
