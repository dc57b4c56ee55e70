"""A rule: a function that finds failures in an exchange, with a name and a severity."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from attrs import frozen

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Failure, Severity, Words, as_json, shown

Finding: TypeAlias = tuple[str, str, object]
"""The path, the expected value as text, and the received value (or `Words` about the value)."""

Other = TypeVar("Other", Contract, Exchange)
"""What an exchange is checked against: the contract, or an earlier exchange."""

Show: TypeAlias = Callable[[object], str]
"""A function that shows a received value on one line."""

MOST = 10_000
"""The maximum number of failures to collect for one rule, so that no body can fill the memory."""


@frozen
class Rule(Generic[Other]):
    """A rule that follows from the contract or from common sense.

    A rule's functions take two arguments: the contract or an earlier exchange, and the exchange to check.

    Attributes:
        name: The name by which failures are grouped.
        severity: The severity of its failures.
        find: Yields a finding for each place where an exchange breaks the rule.
        is_applicable: Whether an exchange can break the rule. If no exchange can, the rule was not tested.
    """

    name: str
    severity: Severity
    find: Callable[[Other, Exchange], Iterator[Finding]]
    is_applicable: Callable[[Other, Exchange], bool]

    @property
    def description(self) -> str:
        """The rule in one sentence."""
        return (self.find.__doc__ or "").split("\n")[0]

    def failures(self, other: Other, exchange: Exchange, show: Show = as_json) -> Iterator[Failure]:
        """Yield a failure for each place where the exchange breaks this rule.

        After `MOST` failures, a last failure says that there are more.
        """
        if not self.is_applicable(other, exchange):
            return
        fail = partial(Failure, self.name, self.severity, reproduction=exchange.request.reproduction)
        findings = self.find(other, exchange)
        for path, expected, received in islice(findings, MOST):
            came = shown(received) if isinstance(received, Words) else show(received)
            yield fail(path, shown(expected, 300), came)
        if next(findings, None):
            yield fail("$", f"at most {MOST:,} failures", "more failures, which were not collected")
