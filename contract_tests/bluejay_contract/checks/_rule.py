"""A rule: one function that looks at an exchange, and what its failures are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from attrs import frozen

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Failure, Severity, shown

Finding: TypeAlias = tuple[str, str, object]
"""Where, what was expected, what was received."""

DocumentRule: TypeAlias = Callable[[Any], Iterator[Finding]]


@frozen
class Rule:
    """One rule of the contract or of common sense.

    Attributes:
        name: What failures are grouped by.
        severity: What breaking it amounts to.
        look: Yields a finding for each place where an exchange breaks it.
    """

    name: str
    severity: Severity
    look: Callable[[Contract, Exchange], Iterator[Finding]]

    @property
    def says(self) -> str:
        """The rule in one sentence."""
        return (self.look.__doc__ or "").split("\n")[0]

    def failures(self, contract: Contract, exchange: Exchange) -> Iterator[Failure]:
        """Yield a failure for each place where the exchange breaks this rule."""
        for path, expected, received in self.look(contract, exchange):
            again = exchange.request.reproduction
            yield Failure(self.name, self.severity, path, expected, shown(received), again)
