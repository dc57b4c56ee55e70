"""`make findings` writes `findings.txt`: what the rules report, word for word, about a mutant of each kind.

The file has the first mutant of each rule and class of fault. Read its changes before you commit them.
"""

from pathlib import Path

from bluejay_contract.checks import RULES, SEQUENCE_RULES, check, check_sequence
from bluejay_contract.contract import Contract
from bluejay_contract.failure import Failure

from .mutants import Case, catalogue

CONTRACT = Contract.load()
FILE = Path(__file__).with_name("findings.txt")
ALL_RULES = {rule.name for rule in RULES} | {rule.name for rule in SEQUENCE_RULES}


def failures(case: Case) -> list[Failure]:
    """Return what the rules find in a case that a service at http://a sends."""
    reads = case.exchanges(source="http://a")
    return check(CONTRACT, reads[-1]) + (check_sequence(*reads) if len(reads) == 2 else [])


def chosen() -> list[Case]:
    """Return the first mutant of each rule and class of fault."""
    first: dict[tuple[str, str], Case] = {}
    for case in catalogue(CONTRACT):
        if case.rule:
            first.setdefault((case.rule, case.group), case)
    return list(first.values())


def text() -> str:
    """Return each chosen mutant's id, with a line for each failure below it."""
    blocks = ["\n".join([case.id, *map(str, failures(case))]) for case in chosen()]
    return "\n\n".join(blocks) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
