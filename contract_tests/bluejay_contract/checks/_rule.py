"""A rule: one function that looks at an exchange, and what its failures are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from attrs import frozen

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange, Request
from bluejay_contract.failure import Failure, Severity, Words, as_json, shown

Finding: TypeAlias = tuple[str, str, object]
"""Where, what was expected, what was received: a value of the response's, or words of ours."""

Applies: TypeAlias = Callable[[Contract, Exchange], bool]

Show: TypeAlias = Callable[[object], str]
"""How a value of the response's is shown."""

MOST = 10_000
"""How many failures of a rule are collected: a body that is wrong everywhere must not fill the memory."""


@frozen
class Rule:
    """One rule of the contract or of common sense.

    Attributes:
        name: What failures are grouped by.
        severity: What breaking it amounts to.
        look: Yields a finding for each place where an exchange breaks it.
        applies: Whether an exchange can break it at all: what can't has not kept it either.
    """

    name: str
    severity: Severity
    look: Callable[[Contract, Exchange], Iterator[Finding]]
    applies: Applies

    @property
    def says(self) -> str:
        """The rule in one sentence."""
        return (self.look.__doc__ or "").split("\n")[0]

    def failures(self, contract: Contract, exchange: Exchange, show: Show = as_json) -> Iterator[Failure]:
        """Yield a failure for each place where the exchange breaks this rule."""
        if self.applies(contract, exchange):
            findings = self.look(contract, exchange)
            yield from failures(self.name, self.severity, findings, exchange.request, show)


def failures(
    name: str, severity: Severity, findings: Iterable[Finding], request: Request, show: Show
) -> Iterator[Failure]:
    """Yield the failures that a rule's findings amount to; after `MOST` of them one that says so."""
    remaining = iter(findings)
    again = request.reproduction
    for path, expected, received in islice(remaining, MOST):
        came = shown(received) if isinstance(received, Words) else show(received)
        yield Failure(name, severity, path, shown(expected, 300), came, again)
    if next(remaining, None):
        yield Failure(
            name, severity, "$", f"at most {MOST:,} failures", "more, which were not looked for", again
        )
