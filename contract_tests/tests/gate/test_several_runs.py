"""Several runs judged by the same rules: which exit code decides."""

from itertools import permutations

import pytest
from attrs import evolve
from bluejay_results import UsageError
from bluejay_results.gate import Decision, gate
from bluejay_results.gate.verdict import KnownIds, NoVerdict, RunVerdict, Verdict
from bluejay_results.gate.verdict_text import headline

from .runs import FAILED, PASSED, VOID, judged, run_of
from .test_precedence import BROKEN_BODY, RUNNING

BY_CODE = {
    0: judged(run_of(PASSED)),
    1: judged(run_of(FAILED)),
    4: judged(RUNNING),
    5: judged(BROKEN_BODY),
    6: judged(run_of(PASSED, VOID)),
}


def verdict_of(*codes: int) -> Verdict:
    """A verdict on one run per exit code; 3 stands for a run that could not be read."""
    runs: tuple[RunVerdict, ...] = tuple(BY_CODE[each] for each in codes if each != 3)
    failures = tuple(NoVerdict(3, "404", KnownIds("7")) for each in codes if each == 3)
    return Verdict(runs=runs, failures=failures)


@pytest.mark.parametrize(
    ("first", "later"), [(1, 3), (3, 5), (5, 4), (4, 6), (6, 0)], ids=["don't ship", "failed", "5", "4", "6"]
)
def test_the_exit_code_with_the_highest_precedence_decides(first: int, later: int) -> None:
    for codes in permutations((first, later, 0)):
        assert verdict_of(*codes).exit_code == first


@pytest.mark.parametrize(
    ("code", "decision"),
    [
        *((each, Decision.INCONCLUSIVE) for each in (4, 5, 6)),
        (0, Decision.SHIP),
        (1, Decision.DONT_SHIP),
        (3, Decision.FAILED),
    ],
)
def test_the_decision_follows_from_the_exit_code(code: int, decision: Decision) -> None:
    assert verdict_of(code, 0).decision is decision
    assert bool(verdict_of(code, 0)) is (code == 0)


@pytest.mark.parametrize("code", [2, 129, 130, 143])
def test_an_error_that_ends_the_command_sets_the_exit_code_of_every_run(code: int) -> None:
    verdict = Verdict(failures=(NoVerdict(code, "ended"),) * 2)
    assert (verdict.exit_code, verdict.decision) == (code, Decision.FAILED)


def test_each_run_has_its_own_verdict_in_the_order_the_runs_were_passed() -> None:
    runs = [run_of(PASSED, id="1"), run_of(FAILED, id="2"), run_of(PASSED, id="3")]
    verdict = gate(runs)
    assert [(each.run.id, each.ships) for each in verdict.runs] == [("1", True), ("2", False), ("3", True)]
    assert evolve(verdict, runs=verdict.runs[::2])


def test_passing_a_run_twice_or_no_run_at_all_is_refused() -> None:
    with pytest.raises(UsageError, match="Run 1 is listed twice"):
        gate([run_of(PASSED, id="1"), run_of(FAILED, id="1")])
    with pytest.raises(UsageError, match="no run"):
        gate([])


def test_the_headline_for_an_error_about_all_runs_contains_its_message() -> None:
    verdict = Verdict(failures=tuple(NoVerdict(2, "ended", KnownIds(each)) for each in ("7", "8")))
    assert "ended" in headline(verdict)


def test_an_unread_runs_app_url_needs_both_of_its_ids() -> None:
    assert KnownIds("7", "731").app_url == "https://app.getbluejay.ai/simulations/731/runs/7"
    assert [each.app_url for each in (KnownIds("7"), KnownIds(simulation_id="731"))] == [None, None]
