"""The data of a report, for all formats."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby

from attrs import frozen

from bluejay_contract.checks import AnyRule
from bluejay_contract.failure import Failure, Severity


class Paging(StrEnum):
    """Whether a service sends the results of a run in pages."""

    SENT = "sent"
    IGNORED = "ignored"
    """The service ignores `limit` and `offset`, and sends all results."""
    UNKNOWN = "unknown"
    """The run lists at most one conversation, or was not read twice, with and without a limit."""


@frozen
class Answered:
    """One response of a live service.

    Attributes:
        request: The name of the request.
        status: The HTTP status.
        bytes: The size of the body.
    """

    request: str
    status: int
    bytes: int


@frozen
class Report:
    """The failures found in one or more exchanges.

    Attributes:
        source: The file or URL that was checked.
        contract: The version of the contract.
        rules: All rules.
        inapplicable: The rules that applied to no exchange, so they were not tested.
        answers: The responses of a live service; empty for a file.
        refusal: The statuses if the service refused every valid request, so that there is no run to
            check; otherwise empty.
        under_way: Whether the run was still under way, so that the rules for ended runs don't apply.
        paging: Whether a live service sends pages; None for a file and for a single request.
        strict: Whether drift counts.
    """

    source: str
    contract: str
    rules: tuple[AnyRule, ...]
    failures: tuple[Failure, ...]
    inapplicable: tuple[AnyRule, ...] = ()
    answers: tuple[Answered, ...] = ()
    refusal: str = ""
    under_way: bool = False
    paging: Paging | None = None
    strict: bool = False

    @property
    def passed(self) -> bool:
        """Whether the check passed: no failure has a severity that makes the check fail."""
        return not any(self.counts(failure.severity) for failure in self.failures)

    def counts(self, severity: Severity) -> bool:
        """Whether a failure of this severity makes the check fail: never for `SUSPICIOUS`."""
        return severity is Severity.VIOLATION or (self.strict and severity is Severity.DRIFT)

    def count(self, severity: Severity) -> int:
        """Return the number of failures of this severity."""
        return sum(failure.severity is severity for failure in self.failures)

    def failures_of(self, rule: AnyRule) -> tuple[Failure, ...]:
        """Return the failures of a rule."""
        return tuple(failure for failure in self.failures if failure.rule == rule.name)

    def rules_of(self, severity: Severity) -> tuple[AnyRule, ...]:
        """Return the rules of this severity."""
        return tuple(rule for rule in self.rules if rule.severity is severity)


def by_reproduction(failures: tuple[Failure, ...]) -> Iterator[tuple[str, list[Failure]]]:
    """Group consecutive failures by the command that reproduces them."""
    for command, group in groupby(failures, key=lambda failure: failure.reproduction):
        yield command, list(group)
