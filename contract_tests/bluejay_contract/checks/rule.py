"""A rule: a function that finds failures in an exchange, with a name and a severity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from attrs import frozen

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange, Request
from bluejay_contract.failure import Failure, Severity, Words, as_json, shown

Finding: TypeAlias = tuple[str, str, object]
"""The path, the expected value as text, and the received value (or `Words` about the value)."""

IsApplicable: TypeAlias = Callable[[Contract, Exchange], bool]

Show: TypeAlias = Callable[[object], str]
"""A function that shows a received value on one line."""

MOST = 10_000
"""The maximum number of failures to collect for one rule, so that no body can fill the memory."""


@frozen
class Rule:
    """A rule that follows from the contract or from common sense.

    Attributes:
        name: The name by which failures are grouped.
        severity: The severity of its failures.
        find: Yields a finding for each place where an exchange breaks the rule.
        is_applicable: Whether an exchange can break the rule. If no exchange can, the rule proves nothing.
    """

    name: str
    severity: Severity
    find: Callable[[Contract, Exchange], Iterator[Finding]]
    is_applicable: IsApplicable

    @property
    def description(self) -> str:
        """The rule in one sentence."""
        return (self.find.__doc__ or "").split("\n")[0]

    def failures(self, contract: Contract, exchange: Exchange, show: Show = as_json) -> Iterator[Failure]:
        """Yield a failure for each place where the exchange breaks this rule."""
        if self.is_applicable(contract, exchange):
            findings = self.find(contract, exchange)
            yield from failures(self.name, self.severity, findings, exchange.request, show)


def failures(
    name: str, severity: Severity, findings: Iterable[Finding], request: Request, show: Show
) -> Iterator[Failure]:
    """Yield a failure for each finding. After `MOST` failures, a last failure says that there are more."""
    remaining = iter(findings)
    again = request.reproduction
    for path, expected, received in islice(remaining, MOST):
        came = shown(received) if isinstance(received, Words) else show(received)
        yield Failure(name, severity, path, shown(expected, 300), came, again)
    if next(remaining, None):
        yield Failure(
            name,
            severity,
            "$",
            f"at most {MOST:,} failures",
            "more failures, which were not collected",
            again,
        )
