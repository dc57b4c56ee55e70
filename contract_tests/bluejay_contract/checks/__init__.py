"""The rules of the contract, one function each, and how to apply them.

They run on a saved body (`Exchange.saved`), on an exchange with a live server, and as schemathesis checks.
"""

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Failure

from . import _consistency, _protocol, _schema
from ._rule import Rule
from ._sequence import SEQUENCE_RULES, SequenceRule

RULES: tuple[Rule, ...] = (*_protocol.RULES, *_schema.RULES, *_consistency.RULES)


def check(contract: Contract, exchange: Exchange) -> list[Failure]:
    """Return everything that is wrong with one exchange, in the order of the rules."""
    return [failure for rule in RULES for failure in rule.failures(contract, exchange)]


def check_sequence(earlier: Exchange, later: Exchange) -> list[Failure]:
    """Return everything in which a later read of a run contradicts an earlier one."""
    return [failure for rule in SEQUENCE_RULES for failure in rule.failures(earlier, later)]


__all__ = ["RULES", "SEQUENCE_RULES", "Rule", "SequenceRule", "check", "check_sequence"]
