"""What the rules say, word by word: `findings.txt` has the failures of a mutant below its id."""

from pathlib import Path

import pytest
from bluejay_contract.checks import RULES, SEQUENCE_RULES, check, check_sequence
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.mutants import catalogue

CONTRACT = Contract.load()
MUTANTS = {mutant.id: mutant for mutant in catalogue(CONTRACT)}
WRITTEN = Path(__file__).with_name("findings.txt").read_text().strip().split("\n\n")
SAID = {id_: failures for id_, *failures in (block.splitlines() for block in WRITTEN)}


def _said(id_: str) -> list[str]:
    mutant = MUTANTS[id_]
    request = mutant.request(CONTRACT, "test-key", "http://a")
    reads = [Exchange(request, each.status, each.headers, each.body) for each in mutant.answers]
    found = check(CONTRACT, reads[-1]) + (check_sequence(*reads) if len(reads) == 2 else [])
    assert {failure.reproduction for failure in found} == {request.reproduction}
    return [str(failure) for failure in found]


@pytest.mark.parametrize("id_", SAID)
def test_a_mutant_has_exactly_the_failures_in_findings_txt(id_: str) -> None:
    assert _said(id_) == SAID[id_]


def test_findings_txt_has_a_failure_of_every_rule() -> None:
    said = {failure.split()[1] for failures in SAID.values() for failure in failures}
    assert {rule.name for rule in RULES} | {rule.name for rule in SEQUENCE_RULES} == said


NAMED = [id_ for id_ in MUTANTS if id_.startswith("cross-")]


@pytest.mark.parametrize("id_", NAMED)
def test_a_mutant_that_is_named_after_a_rule_is_found_by_it(id_: str) -> None:
    assert id_.split(":")[1] in {failure.split()[1] for failure in SAID[id_]}
