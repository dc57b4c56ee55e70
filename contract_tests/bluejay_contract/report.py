"""A report on exchanges with a service, a recording or a saved body, checked against all rules."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from attrs import frozen

from .checks import (
    RULES,
    SEQUENCE_RULES,
    Rule,
    check,
    check_sequence,
    inapplicable_rules,
    is_under_way,
    pairs,
)
from .checks.document import results_of, run_of
from .contract import Contract
from .exchange import Exchange, Key
from .failure import Failure, Severity, as_json, each_once
from .operations import RESULTS, Page
from .redaction import Redaction


class Paging(StrEnum):
    """Whether a service sends a run's results in pages."""

    SENT = "sent"
    IGNORED = "ignored"
    """The service ignores `limit` and `offset`, and sends all results."""
    UNKNOWN = "unknown"
    """The run lists at most one conversation, or was not read both with and without a limit."""


@frozen
class Answered:
    """One response from a live service: the request's name, the status, and the body's size."""

    request: str
    status: int
    bytes: int


@frozen
class Report:
    """The failures found in one or more exchanges.

    `inapplicable` contains the rules that weren't tested because they applied to no exchange. `answers` and
    `paging` are set for a live service. If the service rejected every valid request, there is no run to
    check, and `refusal` contains the statuses. While the run is `under_way`, the rules for ended runs don't
    apply. A `strict` check fails on drift.
    """

    source: str
    contract: str
    rules: tuple[Rule, ...]
    failures: tuple[Failure, ...]
    inapplicable: tuple[Rule, ...] = ()
    answers: tuple[Answered, ...] = ()
    refusal: str = ""
    under_way: bool = False
    paging: Paging | None = None
    strict: bool = False

    @property
    def passed(self) -> bool:
        """Whether the check passed: no failure has a severity that makes it fail."""
        return not any(self.counts(failure.severity) for failure in self.failures)

    def counts(self, severity: Severity) -> bool:
        """Whether a failure of this severity makes the check fail: never for `SUSPICIOUS`."""
        return severity is Severity.VIOLATION or (self.strict and severity is Severity.DRIFT)

    def count(self, severity: Severity) -> int:
        """Return the number of failures of this severity."""
        return sum(failure.severity is severity for failure in self.failures)

    def failures_of(self, rule: Rule) -> tuple[Failure, ...]:
        """Return the failures of a rule."""
        return tuple(failure for failure in self.failures if failure.rule == rule.name)

    def rules_of(self, severity: Severity) -> tuple[Rule, ...]:
        """Return the rules of this severity."""
        return tuple(rule for rule in self.rules if rule.severity is severity)


def report(
    contract: Contract,
    exchanges: Sequence[Exchange],
    source: str,
    *,
    strict: bool = False,
    redaction: Redaction | None = None,
) -> Report:
    """Check exchanges against all rules. A failure found in several exchanges is reported once."""
    show = redaction.received if redaction else as_json
    valid = list(filter(_is_valid, exchanges))
    reads = [each for each in valid if each.request.operation is RESULTS]
    compared = list(pairs(reads))
    found = [each for exchange in exchanges for each in check(contract, exchange, show=show)]
    found += [each for pair in compared for each in check_sequence(*pair, show=show)]
    of_two = [rule for rule in SEQUENCE_RULES if not any(rule.is_applicable(*pair) for pair in compared)]
    statuses = dict.fromkeys(each.status for each in valid)
    has_answer = any(status in contract.operations[RESULTS].statuses for status in statuses)
    first_pages = [each for each in reads if each.request.page == Page()]
    return Report(
        source,
        contract.version,
        (*RULES, *SEQUENCE_RULES),
        each_once(map(redaction.failure, found) if redaction else found),
        (*inapplicable_rules(contract, exchanges), *of_two),
        refusal="" if has_answer else " and ".join(map(str, statuses)),
        under_way=any(map(is_under_way, first_pages[-1:])),
        strict=strict,
    )


def _is_valid(exchange: Exchange) -> bool:
    return exchange.request.key is Key.VALID and exchange.request.exists


def paging(exchanges: Sequence[Exchange]) -> Paging:
    """Return whether the service paginates, that is, whether a limit reduces the number of results."""
    reads = [each for each in exchanges if _is_valid(each) and run_of(each)]
    small, full = (
        max((len(results_of(each)) for each in reads if each.request.page == page), default=0)
        for page in (Page(limit=1), Page())
    )
    if small == 0 or full <= 1:
        return Paging.UNKNOWN
    return Paging.SENT if small == 1 else Paging.IGNORED
