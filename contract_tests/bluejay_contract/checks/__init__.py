"""The contract rules, and how to apply them.

The rules check saved bodies (`Exchange.saved`) and exchanges with a live service, and run in schemathesis.
"""

from collections.abc import Sequence

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Failure, Severity, as_json

from . import bounds, counters, metrics, protocol, schema, sequence, values
from .outcomes import is_under_way
from .rule import MOST, Rule, Show, rules_of
from .sequence import pairs

_BY_FUNCTION = [rules_of(each) for each in (protocol, schema, counters, values, metrics)]
RULES: tuple[Rule, ...] = (*(rule for rules in _BY_FUNCTION for rule in rules), *bounds.RULES)
SEQUENCE_RULES: tuple[Rule, ...] = tuple(rules_of(sequence))


def check(contract: Contract, exchange: Exchange, *, show: Show = as_json) -> list[Failure]:
    """Check one exchange against the rules; return its failures, in rule order.

    A body that breaks one rule in more than `MOST` places isn't a run, so the remaining rules are skipped.
    """
    found: list[Failure] = []
    for rule in RULES:
        broken = list(rule.failures(contract, exchange, show))
        found += broken
        if rule.severity is Severity.VIOLATION and len(broken) > MOST:
            break
    return found


def check_sequence(earlier: Exchange, later: Exchange, *, show: Show = as_json) -> list[Failure]:
    """Check two responses for the same run, as yielded by `pairs`; return their failures."""
    return [failure for rule in SEQUENCE_RULES for failure in rule.failures(earlier, later, show)]


def inapplicable_rules(contract: Contract, exchanges: Sequence[Exchange]) -> tuple[Rule, ...]:
    """Return the rules that don't apply to any of these exchanges."""
    return tuple(
        rule for rule in RULES if not any(rule.is_applicable(contract, exchange) for exchange in exchanges)
    )


__all__ = [
    "RULES", "SEQUENCE_RULES", "Rule", "Show", "check", "check_sequence", "inapplicable_rules",
    "is_under_way", "pairs",
]  # fmt: skip
