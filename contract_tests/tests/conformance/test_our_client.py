"""`make mutants` serves every mutant of the contract to our client over HTTP."""

from __future__ import annotations

from contract_kit.judge.baseline import Baseline

from .limits import FILE, baseline, catalogue, is_documented, our_results


def test_our_client_mishandles_exactly_the_mutants_in_the_committed_list() -> None:
    """No other test in the suite serves every mutant to the client over HTTP."""
    results = our_results()
    assert len(results.all) > 2_000
    assert baseline(results) == FILE.read_bytes(), "Run `make findings`, and read what has changed."


def test_each_fault_in_the_committed_list_is_a_documented_limit_of_our_client() -> None:
    mutants = {each.id: each for each in catalogue().mutants()}
    limits = Baseline.parsed(FILE.read_bytes()).verdicts
    assert [id_ for id_, verdict in limits.items() if not is_documented(mutants[id_], verdict)] == []
