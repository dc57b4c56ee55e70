"""The rules of the contract, one function each, and how to apply them.

They run on a saved body (`Exchange.saved`), on an exchange with a live server, and as schemathesis checks.
"""

from collections.abc import Sequence
from typing import TypeAlias

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Failure, Severity, as_json

from . import _counters, _measures, _metrics, _protocol, _schema, _times, _values
from ._document import is_under_way
from ._rule import MOST, Rule, Show
from ._sequence import SEQUENCE_RULES, SequenceRule

AnyRule: TypeAlias = Rule | SequenceRule

_SUBJECTS = (_protocol, _schema, _counters, _values, _times, _measures, _metrics)
RULES: tuple[Rule, ...] = tuple(rule for subject in _SUBJECTS for rule in subject.RULES)


def check(contract: Contract, exchange: Exchange, *, show: Show = as_json) -> list[Failure]:
    """Return everything that is wrong with one exchange, in the order of the rules.

    A body that breaks the contract in over `MOST` places is something else altogether: the rules after the
    one that finds it so are not applied.
    """
    found: list[Failure] = []
    for rule in RULES:
        broken = list(rule.failures(contract, exchange, show))
        found += broken
        if rule.severity is Severity.VIOLATION and len(broken) > MOST:
            break
    return found


def check_sequence(earlier: Exchange, later: Exchange, *, show: Show = as_json) -> list[Failure]:
    """Return everything in which a later read of a run contradicts an earlier one."""
    return [failure for rule in SEQUENCE_RULES for failure in rule.failures(earlier, later, show)]


def unapplied_rules(contract: Contract, exchanges: Sequence[Exchange]) -> tuple[Rule, ...]:
    """Return the rules that none of the exchanges could break, and none has kept therefore."""
    return tuple(
        rule for rule in RULES if not any(rule.applies(contract, exchange) for exchange in exchanges)
    )


__all__ = [
    "RULES",
    "SEQUENCE_RULES",
    "AnyRule",
    "Rule",
    "SequenceRule",
    "Show",
    "check",
    "check_sequence",
    "is_under_way",
    "unapplied_rules",
]
