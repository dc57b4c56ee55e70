"""A rule: a function that finds failures in an exchange, plus its name, severity and scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from types import ModuleType
from typing import Any, TypeAlias

from attrs import frozen

from bluejay_contract.contract import Contract, Specified
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Failure, Severity, Words, as_json, shown
from bluejay_contract.operations import Operation

Finding: TypeAlias = tuple[str, str, object]
"""The path, the expected value as text, and the received value (or `Words` about the value)."""

Find: TypeAlias = Callable[[Any, Exchange], Iterable[Finding]]
Applies: TypeAlias = Callable[[Any, Exchange], bool]
"""Both take the contract or an earlier exchange to check against, and the exchange to check."""

Show: TypeAlias = Callable[[object], str]
"""Formats a received value on one line."""

MOST = 10_000
"""The maximum number of failures to collect for one rule, which keeps any body from exhausting memory."""


@frozen
class Rule:
    """A rule that follows from the contract or from common sense.

    Attributes:
        name: The name by which reports group the failures.
        severity: The severity of the failures.
        description: The rule in one sentence.
        find: Yields a finding for each violation in an exchange.
        is_applicable: Whether an exchange can break the rule. If no exchange can, the rule was not tested.
    """

    name: str
    severity: Severity
    description: str
    find: Find
    is_applicable: Applies

    def failures(
        self, other: Contract | Exchange, exchange: Exchange, show: Show = as_json
    ) -> Iterator[Failure]:
        """Yield a failure for each violation of this rule in the exchange.

        After `MOST` failures, a final failure states that there are more.
        """
        if not self.is_applicable(other, exchange):
            return
        fail = partial(Failure, self.name, self.severity, reproduction=exchange.request.reproduction)
        findings = iter(self.find(other, exchange))
        for path, expected, received in islice(findings, MOST):
            came = shown(received) if isinstance(received, Words) else show(received)
            yield fail(path, shown(expected, 300), came)
        if next(findings, None):
            yield fail("$", f"at most {MOST:,} failures", "more failures, which were not collected")


def rule(name: str, severity: Severity, is_applicable: Applies) -> Callable[[Find], Rule]:
    """Turn a function into a rule, described by the first line of the function's docstring."""

    def made(find: Find) -> Rule:
        return Rule(name, severity, (find.__doc__ or "").split("\n")[0], find, is_applicable)

    return made


def rules_of(module: ModuleType) -> Iterator[Rule]:
    """Yield the rules of a module, in definition order."""
    return (each for each in vars(module).values() if isinstance(each, Rule))


def operation_of(contract: Contract, exchange: Exchange) -> Specified:
    """Return the contract's specification of an exchange's operation."""
    return contract.operations[exchange.request.operation]


def is_of_a_service(_: Contract, exchange: Exchange) -> bool:
    """Whether the exchange was with a service, so its request, status and headers are known."""
    return exchange.request.id is not None


def is_documented(contract: Contract, exchange: Exchange) -> bool:
    """Whether the contract documents the response's status."""
    return exchange.status in operation_of(contract, exchange).statuses


def has_document(_: Contract, exchange: Exchange) -> bool:
    """Whether the body is JSON."""
    return exchange.has_document


def success(*operations: Operation) -> Applies:
    """Return a predicate for 200 responses with a JSON body from any of these operations."""
    return lambda _, exchange: exchange.is_success and exchange.request.operation in operations
