"""When a run is worse or better than an earlier one."""

import pytest
from attrs import evolve
from bluejay_results import SimulationRun, UsageError
from bluejay_results.compare import Change, ComparisonCause, Effect, compare
from bluejay_results.measuring.measurement import MeasurementRules

from .sides import compared, side


@pytest.mark.parametrize("changed", [4, 5])
def test_a_comparison_of_20_callers_detects_five_changed_callers_but_not_four(changed: int) -> None:
    same = (20 - changed, "P", "P")
    assert (compared(same, (changed, "P", "F")).change is Change.WORSE) == (changed == 5)
    assert (compared(same, (changed, "F", "P")).change is Change.BETTER) == (changed == 5)


@pytest.mark.parametrize(
    ("if_failed", "if_passed", "change"),
    [
        (Effect(-20, -40, -0.001), Effect(-20, -40, -0.001), Change.WORSE),
        (Effect(-20, -40, -0.001), Effect(-20, -40, 0), Change.CANT_TELL),
        (Effect(-20, -40, 0), Effect(-20, -40, -0.001), Change.CANT_TELL),
        (Effect(-20, -40, -0.001), Effect(20, 0.001, 40), Change.CANT_TELL),
        (Effect(20, 0.001, 40), Effect(20, 0.001, 40), Change.BETTER),
        (Effect(20, 0.001, 40), Effect(20, 0, 40), Change.CANT_TELL),
    ],
)
def test_the_verdict_is_worse_only_if_both_intervals_are_below_0(
    if_failed: Effect, if_passed: Effect, change: Change
) -> None:
    comparison = evolve(compared((5, "P", "P")), if_failed=if_failed, if_passed=if_passed)
    assert comparison.change is change


def test_the_effect_is_the_mean_change_of_the_callers_in_percentage_points() -> None:
    """By hand, with two imaginary changes: five -1, fifteen 0, +1 and -1 have the standard deviation 0.5256.

    The interval reaches 0.5256 * t(21) / sqrt(20), 24.4 points, to either side of the mean.
    """
    effect = compared((15, "P", "P"), (5, "P", "F")).if_failed
    assert effect is not None
    assert effect.change == pytest.approx(-25)
    assert (effect.low, effect.high) == pytest.approx((-49.57, -0.43), abs=0.01)


NINE = dict.fromkeys(range(9), "P")


@pytest.mark.parametrize(
    ("base", "run", "left_out", "without_id"),
    [
        (side(NINE | {11: "P"}, id="1"), side(NINE | {12: "P"}, id="2"), (11, 12), 0),
        (side(NINE, "P", "P", id="1"), side(NINE, "F", id="2"), (), 3),
        (side(NINE, id="1", total_tests=11), side(NINE, id="2"), (), 2),
        (side(NINE, id="1"), side(NINE, id="2", total_tests=9 + 10**15), (), 10**15),
        (side(NINE | {11: "P"}, id="1"), side(NINE | {11: "V"}, id="2"), (11,), 0),
        (side(NINE | {11: "V"}, id="1"), side(NINE | {11: "P"}, id="2"), (11,), 0),
    ],
    ids=["on one side", "without an id", "missing before", "missing now", "void now", "void before"],
)
def test_callers_that_are_in_only_one_run_are_named_and_not_compared(
    base: SimulationRun, run: SimulationRun, left_out: tuple[int, ...], without_id: int
) -> None:
    comparison = compare(base, run, MeasurementRules(max_void=100))
    assert sorted(each.now.id or 0 for each in comparison.pairs) == [*NINE]
    assert (comparison.left_out, comparison.left_out_without_id) == (left_out, without_id)


def test_callers_that_got_worse_are_listed_first() -> None:
    base = side({1: "P", 2: "F", 3: "PP", 4: "P", 5: "P"}, id="1")
    run = side({1: "P", 2: "P", 3: "PF", 4: "U", 5: "F"}, id="2")
    pairs = compare(base, run).pairs
    assert [each.now.id for each in pairs] == [5, 4, 3, 1, 2]
    assert [each.is_changed for each in pairs] == [True, True, True, False, True]


@pytest.mark.parametrize(
    ("fields", "callers", "cause"),
    [
        ({"status": "RUNNING"}, "P", ComparisonCause.NOT_SETTLED),
        ({"tests_passed": "one"}, "P", ComparisonCause.VIOLATION),
        ({"status": "RUNNING", "tests_passed": "one"}, "P", ComparisonCause.VIOLATION),
        ({}, "U", ComparisonCause.NOT_A_MEASUREMENT),
        ({"status": "RUNNING"}, "U", ComparisonCause.NOT_SETTLED),
    ],
)
@pytest.mark.parametrize("is_base", [True, False], ids=["base", "run"])
def test_the_cause_is_reported_if_one_of_the_runs_cannot_be_compared(
    fields: dict[str, str], callers: str, cause: ComparisonCause, is_base: bool
) -> None:
    one = side(dict.fromkeys(range(5), callers), id="1", **fields)
    other = side(dict.fromkeys(range(5), "P"), id="2")
    comparison = compare(one, other) if is_base else compare(other, one)
    assert comparison.cause is cause
    assert comparison.change is Change.CANT_TELL


def test_comparing_a_run_with_itself_is_refused() -> None:
    with pytest.raises(UsageError, match="Run 1"):
        compare(side({1: "P"}, id="1"), side({1: "F"}, id="1"))


def test_comparing_runs_of_two_simulations_is_refused() -> None:
    with pytest.raises(UsageError, match=r"730.*731"):
        compare(side({1: "P"}, id="1", simulation_id="730"), side({1: "F"}, id="2"))


def test_the_smallest_number_of_conversations_in_either_run_widens_an_interval() -> None:
    """With a void conversation in both runs, the imaginary callers change by 1/5 instead of 1/4."""
    sides = ("PPPPV", "PPPPV"), ("PPPP", "PPPP"), ("PPPP", "PPPPV"), ("PPPPV", "PPPP")
    narrow, *wide = (effect.high for each in sides if (effect := compared((10, *each)).if_failed))
    assert wide == [pytest.approx(1.25 * narrow)] * 3
