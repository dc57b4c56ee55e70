"""What void, missing and doubtful conversations change in a comparison."""

from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.compare import Comparison, Conclusion, Drop, compare, sentence

from .. import builders
from ..gate.runs import FAILED, PASSED, callers, run_of
from .sides import CALLED, NEWER, UNPAID

EQUALLY_LATE = [
    builders.evaluation(goal_success=goal, created_at="2026-11-19T12:00:00Z") for goal in (False, True)
]


def _silent(**fields: Any) -> dict[str, Any]:
    """A conversation without a recorded tool call, which may therefore have failed."""
    return {"tool_calls": [builders.tool_calls(actual=0)]} | fields


def _sides(callers_passed: int, void: int, **options: Any) -> Comparison:
    """Compare a run in which all callers passed with one in which some conversations are void."""
    count = callers_passed + void
    base = run_of(*({"digital_human_id": each} for each in range(count)))
    new = run_of(
        *({"digital_human_id": each} | ({} if each < callers_passed else UNPAID) for each in range(count)),
        **NEWER,
    )
    return compare(base, new, **options)


@pytest.mark.parametrize(
    ("void", "conclusion"),
    [(80, Conclusion.NO_CHANGE), (81, Conclusion.TOO_SMALL)],
)
def test_a_side_with_over_20_percent_void_gets_the_verdict_too_small_to_say(
    void: int, conclusion: Conclusion
) -> None:
    assert _sides(400 - void, void).conclusion is conclusion


def test_a_side_over_max_void_makes_max_drop_inconclusive() -> None:
    assert _sides(300, 100, max_void=25, max_drop=5).exit_code == 0
    over = _sides(300, 100, max_drop=5)
    assert over.exit_code == 6
    assert sentence(over) == (
        "Too small to say: 25.0 % of the new side's conversations are void or missing (100 void, 0 missing "
        "of 400); the maximum is 20 %; pass rate stayed at 100.0 % (mean over 300 callers): 0.0 points "
        "(-1.3 to +1.3 at 95 % confidence)"
    )


def test_a_caller_that_only_the_base_has_counts_as_missing_on_the_new_side() -> None:
    base = callers(*[(1, 0)] * 100)
    assert compare(base, callers(*[(1, 0)] * 80, **NEWER)).evidence.void == ""
    assert (
        "20.8 % of the new side"
        in compare(callers(*[(1, 0)] * 101), callers(*[(1, 0)] * 80, **NEWER)).evidence.void
    )


def test_conversations_without_a_caller_count_as_missing_on_their_side() -> None:
    named = [{"digital_human_id": each} for each in range(79)]
    base = run_of(*named, *[PASSED] * 21)
    assert "21.0 % of the base side" in compare(base, run_of(*named, **NEWER)).evidence.void


def _doubted(count: int, base: int, new: int, **options: Any) -> Comparison:
    """Compare runs in which `count` callers passed; on each side, so many more callers called no tool."""
    passed = [{"digital_human_id": each, "tool_calls": [builders.tool_calls()]} for each in range(count)]
    silent = [_silent(digital_human_id=each) for each in range(count, count + max(base, new))]
    others = [each | {"tool_calls": [builders.tool_calls()]} for each in silent]
    return compare(
        run_of(*passed, *silent[:base], *others[base:]),
        run_of(*passed, *silent[:new], *others[new:], **NEWER),
        **options,
    )


def test_the_verdict_no_change_must_also_hold_with_every_doubt_counted_as_failed() -> None:
    assert _doubted(400, 4, 4).conclusion is Conclusion.NO_CHANGE
    upset = _doubted(400, 0, 20)
    assert upset.conclusion is Conclusion.TOO_SMALL
    assert sentence(upset).endswith(
        "20 conversations may have failed: open 401; if counted as failed: -4.8 points"
    )


def test_max_drop_must_also_be_kept_with_every_doubt_counted_as_failed() -> None:
    assert _doubted(400, 0, 0, max_drop=5).exit_code == 0
    assert _doubted(400, 0, 20, max_drop=5).exit_code == 6


def test_the_verdict_better_must_also_hold_with_every_doubt_counted_as_failed() -> None:
    base = callers(*[(0, 1)] * 10, *[(1, 0)] * 20)
    fine = callers(*[(1, 0)] * 30, **NEWER)
    assert compare(base, fine).conclusion is Conclusion.BETTER
    doubtful = run_of(
        *({"digital_human_id": each, "evaluations": EQUALLY_LATE} for each in range(100, 110)),
        *({"digital_human_id": each} for each in range(110, 130)),
        **NEWER,
    )
    assert compare(base, doubtful).conclusion is Conclusion.TOO_SMALL


ALL_PASSED = [{"digital_human_id": each} | CALLED for each in range(1000)]


@pytest.mark.parametrize(
    "new",
    [
        run_of(*ALL_PASSED[:900], total_tests=1000, **NEWER),
        run_of(*ALL_PASSED[:900], **NEWER),
        run_of(*ALL_PASSED, *[FAILED] * 170, **NEWER),
        run_of(*ALL_PASSED, total_tests=1100, **NEWER),
    ],
    ids=["counted and not listed", "callers absent", "without a caller", "more counted than in the base"],
)
def test_max_drop_is_inconclusive_if_missing_conversations_may_have_failed(new: SimulationRun) -> None:
    comparison = compare(run_of(*ALL_PASSED), new, max_drop=5)
    assert comparison.drop is Drop.INCONCLUSIVE
    assert comparison.conclusion is Conclusion.TOO_SMALL


def test_doubt_never_changes_the_verdict_worse_and_is_noted_if_it_may_explain_it() -> None:
    base = run_of(*({"digital_human_id": each, "tool_calls": [builders.tool_calls()]} for each in range(40)))
    new = run_of(
        *({"digital_human_id": each} | FAILED | CALLED for each in range(12)),
        *({"digital_human_id": each} | CALLED for each in range(12, 38)),
        *(_silent(digital_human_id=each) for each in (38, 39)),
        **NEWER,
    )
    comparison = compare(base, new)
    assert comparison.conclusion is Conclusion.WORSE
    assert any(
        note.startswith("2 conversations may have failed. The pass rates use the verdicts of judged")
        for note in comparison.notes
    )


RISEN = compare(
    run_of(*({"digital_human_id": each} | (FAILED if each < 3 else {}) | CALLED for each in range(100))),
    run_of(*ALL_PASSED[:99], _silent(digital_human_id=99), **NEWER),
    max_drop=5,
)
"""The verdict is too small to say, because the pass rate may have risen; it didn't fall by 5 points."""


@pytest.mark.parametrize(
    ("comparison", "is_said"),
    [(_doubted(400, 4, 4), True), (_doubted(400, 0, 20), False), (RISEN, True)],
    ids=["no change", "too small", "max-drop kept"],
)
def test_a_note_says_that_a_verdict_survives_doubt_only_if_this_was_tested(
    comparison: Comparison, is_said: bool
) -> None:
    assert (
        any("also holds if all of these conversations failed" in note for note in comparison.notes) is is_said
    )
