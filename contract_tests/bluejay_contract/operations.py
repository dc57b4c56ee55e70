"""The service's operations, and how to recognize the operation of a request or a saved body.

The stub and the rules share this module, which uses no client code and doesn't read the contract. What the
tests need to know about each operation is in `contract_tests/tests/operations.py`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from attrs import frozen

LARGEST = 100
"""The maximum page limit, which is also the default."""
_PARAMETER = re.compile(r"\{\w+\}")


@frozen
class Page:
    """The parameters for fetching one page of a run's results; the defaults match the service's.

    Attributes:
        limit: The maximum number of results on the page.
        offset: The number of results before the page.
    """

    limit: int = LARGEST
    offset: int = 0

    @classmethod
    def asked(cls, query: str) -> Page | None:
        """Return the page that a URL's query requests, or None if the service rejects the query."""
        given = dict(parse_qsl(query, keep_blank_values=True))
        try:
            numbers = {name: given[name].encode() for name in ("limit", "offset") if name in given}
            page = cls(**{name: int(re.sub(rb"\.0+$", b"", each)) for name, each in numbers.items()})
        except ValueError:
            return None
        return page if 1 <= page.limit <= LARGEST and page.offset >= 0 else None

    @property
    def end(self) -> int:
        """The offset of the next page."""
        return self.offset + self.limit

    def has(self, other: Page) -> bool:
        """Whether this page contains every result of another page."""
        return self.offset <= other.offset and other.end <= self.end


class Operation(StrEnum):
    """An operation, whose string form is its operationId.

    Attributes:
        method: The method, in capitals.
        path: The path, with at most one parameter.
        key: A top-level key that only this operation's 200 body has.
    """

    method: str
    path: str
    key: str

    def __new__(  # noqa: D102 - the class says what a member has
        cls, id_: str, method: str = "", path: str = "", key: str = ""
    ) -> Operation:
        member = str.__new__(cls, id_)
        member._value_, member.method, member.path, member.key = id_, method, path, key
        return member

    RESULTS = (
        "retrieve_simulation_results",
        "GET",
        "/v1/retrieve-simulation-results/{simulation_run_id}",
        "simulation_run",
    )
    RESULT = (
        "retrieve_simulation_result",
        "GET",
        "/v1/retrieve-simulation-result/{test_result_id}",
        "simulation_result",
    )
    QUEUE = "queue_simulation_run", "POST", "/v1/queue-simulation-run", "simulation_run_id"
    RUNS = "get_simulation_runs", "GET", "/v1/get-simulation-runs/{simulation_id}", "simulation_runs"

    def url(self, id_: str) -> str:
        """Return the path with this id in it, percent-encoded."""
        return _PARAMETER.sub(lambda _: quote(id_, safe=""), self.path)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(_PARAMETER.sub("([^/]+)", self.path))


RESULTS, RESULT, QUEUE, RUNS = Operation
"""A run's results, one result, queueing a run, and a simulation's runs."""


def operation_at(path: str) -> tuple[Operation | None, str]:
    """Return the operation at a percent-encoded path, and the path's decoded id, or "" if there is none."""
    for operation in Operation:
        if match := operation._pattern.fullmatch(path):
            return operation, unquote("".join(match.groups()))
    return None, ""


def requested(method: str, url: str) -> tuple[Operation, str, Page | None] | None:
    """Return what is requested: the operation, the id, and the page, which is None if the query is forbidden.

    The path may have a prefix, for example a gateway's. Returns None if no operation has this path.
    """
    parts = urlsplit(url)
    _, version, rest = parts.path.rpartition("/v1/")
    operation, id_ = operation_at(version + rest)
    if not operation or method != operation.method:
        return None
    return operation, id_, Page.asked(parts.query) if operation is RESULTS else Page()
