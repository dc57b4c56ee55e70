"""What every report is made from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from attrs import frozen

from bluejay_contract.checks import AnyRule
from bluejay_contract.failure import Failure, Severity


@frozen
class Answered:
    """One answer of a live service.

    Attributes:
        request: Which request it answers.
        bytes: The size of its body.
    """

    request: str
    status: int
    bytes: int


@frozen
class Report:
    """The failures of one or more exchanges.

    Attributes:
        source: The file or the URL that was judged.
        contract: The version of the contract that it was judged by.
        rules: Every rule that there is.
        unapplied: Those of them that no exchange could break, and that nothing is said of therefore.
        answers: What a live service answered; empty for a file.
        refusal: The statuses of a service that has refused every valid request, so that there was no run to
            judge; empty otherwise.
        strict: Whether drift counts.
    """

    source: str
    contract: str
    rules: tuple[AnyRule, ...]
    failures: tuple[Failure, ...]
    unapplied: tuple[AnyRule, ...] = ()
    answers: tuple[Answered, ...] = ()
    refusal: str = ""
    strict: bool = False

    @property
    def passed(self) -> bool:
        """Whether there is no failure that counts."""
        return not any(self.counts(failure.severity) for failure in self.failures)

    def counts(self, severity: Severity) -> bool:
        """Whether failures of this severity count: suspicious values never do."""
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
    """Yield the failures that one command shows again, with that command."""
    for command, group in groupby(failures, key=lambda failure: failure.reproduction):
        yield command, list(group)
