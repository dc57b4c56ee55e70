"""`make findings` writes `findings.txt`: what the rules report about mutants, word for word.

It keeps the mutants that are in the file, and adds each mutant that is named after a rule. If a rule has no
finding yet, it adds the rule's first mutant. Read the changes of the file before you commit it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from bluejay_contract.checks import RULES, SEQUENCE_RULES, check, check_sequence
from bluejay_contract.contract import Contract
from bluejay_contract.failure import Failure

from .mutants import Case, catalogue

CONTRACT = Contract.load()
FILE = Path(__file__).with_name("findings.txt")
ADVICE = "Run `make findings`, read what has changed in contract_tests/tests/harness/findings.txt, commit it."
ALL_RULES = {rule.name for rule in RULES} | {rule.name for rule in SEQUENCE_RULES}

Findings = dict[str, list[str]]
"""The lines about each mutant, by its id."""


def failures(case: Case) -> list[Failure]:
    """Return what the rules find in a case that a service at http://a sends."""
    reads = case.exchanges(source="http://a")
    return check(CONTRACT, reads[-1]) + (check_sequence(*reads) if len(reads) == 2 else [])


def is_named_after_a_rule(case: Case) -> bool:
    """Whether the id of a case names the rule that must find it; only for the results of a run."""
    return case.id.startswith("cross-")


def read(file: Path = FILE) -> Findings:
    blocks = (block.splitlines() for block in file.read_text().strip().split("\n\n") if block)
    return {id_: lines for id_, *lines in blocks}


def rules_in(findings: Findings) -> set[str]:
    """Return the names of the rules in findings."""
    return {line.split()[1] for lines in findings.values() for line in lines}


def fresh(written: Findings, cases: tuple[Case, ...]) -> Findings:
    """Return the findings to write: those of the mutants in the file, and of new mutants."""
    left = dict(_chosen(written, cases))
    missing = ALL_RULES - rules_in(left)
    for case in cases:
        if case.rule in missing:
            left[case.id] = list(map(str, failures(case)))
            missing.discard(case.rule)
    return {case.id: left[case.id] for case in cases if case.id in left}


def _chosen(written: Findings, cases: tuple[Case, ...]) -> Iterator[tuple[str, list[str]]]:
    for case in cases:
        if case.id in written or is_named_after_a_rule(case):
            yield case.id, list(map(str, failures(case)))


def main() -> None:
    written = read()
    found = fresh(written, catalogue(CONTRACT))
    FILE.write_text("\n\n".join("\n".join([id_, *lines]) for id_, lines in found.items()) + "\n")
    new = [f"  {id_}\n" for id_ in found if id_ not in written]
    gone = [f"  {id_}\n" for id_ in written if id_ not in found]
    changed = [f"  {id_}\n" for id_ in found if id_ in written and found[id_] != written[id_]]
    for what, ids in (("New", new), ("Changed", changed), ("No such mutant any more", gone)):
        sys.stdout.writelines([f"{what} ({len(ids)})\n", *ids])


if __name__ == "__main__":
    main()
