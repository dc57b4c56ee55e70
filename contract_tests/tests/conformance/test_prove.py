"""`make mutants` serves every mutant of the contract to our client over HTTP."""

from __future__ import annotations

from pathlib import Path

from contract_kit.judge.json_report import read_baseline
from contract_kit.judge.matrix import Verdict

from .limits import CLIENT, FILE, catalogue, is_documented, proved, text


def test_our_client_has_exactly_the_committed_limits() -> None:
    """Only this test of the suite serves every mutant."""
    matrix = proved()
    assert len(matrix.rows) > 2_000
    assert text(matrix) == FILE.read_text(), "Run `make findings`, and read what has changed."


def test_each_committed_limit_is_documented() -> None:
    mutants = {each.id: each for each in catalogue().mutants()}
    limits = read_baseline(FILE)
    assert [id_ for id_, verdict in limits.items() if not is_documented(mutants[id_], verdict)] == []


def test_a_fault_of_another_kind_is_not_taken_for_a_limit() -> None:
    mutants = {each.name: each for each in catalogue().mutants(["retrieve_simulation_results"])}
    wrong = (
        ("null", Verdict.BELIEVED),
        ("no-zone", Verdict.CRASHED),
        ("filled-settled_with_failures", Verdict.WRONGLY_REFUSED),
    )
    assert [name for name, verdict in wrong if is_documented(mutants[name], verdict)] == []


def test_make_serves_the_mutants_and_the_changes_of_the_contract_to_our_client() -> None:
    makefile = (Path(__file__).parents[3] / "Makefile").read_text()
    assert makefile.count(f"--client {CLIENT} ") == 2
