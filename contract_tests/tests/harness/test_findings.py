"""What the rules report, word for word: `findings.txt` has the failures of a mutant below its id."""

from functools import cache
from pathlib import Path

import pytest
from attrs import evolve

from . import findings
from .findings import ADVICE, ALL_RULES, CONTRACT, failures, fresh, is_named_after_a_rule, rules_in
from .mutants import Case, catalogue

WRITTEN = findings.read()


@cache
def _by_id() -> dict[str, Case]:
    """Derive every mutant. It is called late, so that the collection of tests doesn't wait for it."""
    return {case.id: case for case in catalogue(CONTRACT)}


@pytest.mark.parametrize("id_", WRITTEN)
def test_a_mutant_has_exactly_the_failures_in_findings_txt(id_: str) -> None:
    case = _by_id().get(id_)
    assert case, f"There is no mutant {id_} any more. {ADVICE}"
    found = failures(case)
    assert {failure.reproduction for failure in found} == {
        case.exchanges(source="http://a")[-1].request.reproduction
    }
    assert list(map(str, found)) == WRITTEN[id_], ADVICE


def test_findings_txt_has_a_failure_of_every_rule() -> None:
    assert rules_in(WRITTEN) == ALL_RULES, ADVICE


def test_each_mutant_that_is_named_after_a_rule_is_found_by_that_rule() -> None:
    named = [id_ for id_, case in _by_id().items() if is_named_after_a_rule(case)]
    found_by = {id_: rules_in({id_: WRITTEN.get(id_, [])}) for id_ in named}
    assert [id_ for id_ in named if id_.split(":")[1] not in found_by[id_]] == [], ADVICE


def test_make_findings_adds_a_mutant_per_rule_and_each_mutant_named_after_a_rule() -> None:
    cases = tuple(_by_id().values())
    found = fresh({}, cases)
    assert {case.rule for case in cases if case.rule} <= rules_in(found)
    assert {case.id for case in cases if is_named_after_a_rule(case)} <= found.keys()


def test_make_findings_keeps_written_mutants_and_drops_those_that_no_longer_exist() -> None:
    kept = next(case for case in _by_id().values() if not is_named_after_a_rule(case))
    renamed = evolve(kept, name="renamed")
    assert fresh({kept.id: []}, (kept,)) == {kept.id: list(map(str, failures(kept)))}
    assert kept.id not in fresh({kept.id: []}, (renamed,))


def test_written_findings_are_read_back_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "findings.txt"
    file.write_text("")
    monkeypatch.setattr(findings, "FILE", file)
    monkeypatch.setattr(findings, "read", dict)
    findings.main()
    monkeypatch.undo()
    assert findings.read(file) == fresh({}, tuple(_by_id().values()))
