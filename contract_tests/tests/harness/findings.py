"""What the rules find in a mutant."""

from bluejay_contract.checks import RULES, SEQUENCE_RULES, check, check_sequence
from bluejay_contract.contract import Contract
from bluejay_contract.failure import Failure

from .mutants import Case

CONTRACT = Contract.load()
ALL_RULES = {rule.name for rule in RULES} | {rule.name for rule in SEQUENCE_RULES}


def failures(case: Case) -> list[Failure]:
    """Return what the rules find in a case that a service at http://a sends."""
    reads = case.exchanges(source="http://a")
    return check(CONTRACT, reads[-1]) + (check_sequence(*reads) if len(reads) == 2 else [])
