"""`make bench-check`: when a ratio counts as worse. The figures are made up; no time is measured."""

from collections.abc import Callable, Sequence

import pytest

from benchmarks.check import check
from benchmarks.goals import GOALS, Figures, Goal, Growth, ratios
from benchmarks.growth import INCOMPLETE

GOAL = Goal("ours / other", "ours", "other", 2.0)
OTHER = Goal("mine / other", "mine", "other", 2.0)
COMMITTED = {GOAL.name: 1.0, OTHER.name: 1.0}


def _measured(*figures: Figures) -> Callable[[Sequence[Goal | Growth]], Figures]:
    """Return a function that ignores its argument and returns the next of these figures at each call."""
    left = iter(figures)
    return lambda _: next(left)


def _figures(ours: float) -> Figures:
    return {"ours": [ours], "mine": [1.0], "other": [1.0]}


@pytest.mark.parametrize(
    ("measured", "code"),
    [([1.0], 0), ([1.09], 0), ([0.5], 0), ([1.3, 1.0], 0), ([1.3, 1.2], 1)],
    ids=["as committed", "a little worse", "better", "worse once", "worse twice"],
)
def test_the_check_fails_if_a_ratio_is_over_ten_percent_worse_in_two_measurements(
    measured: list[float], code: int
) -> None:
    assert check(COMMITTED, _measured(*map(_figures, measured)), (GOAL,)) == code


def test_a_ratio_that_is_worse_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(COMMITTED, _measured(_figures(1.3), _figures(1.2)), (GOAL, OTHER)) == 1
    said = capsys.readouterr().err
    assert "worse: ours / other: 1.200, was 1.000\n" in said
    assert "2 ratios compared, 1 worse by over 10%" in said


def test_only_ratios_that_got_worse_are_measured_again() -> None:
    asked: list[list[str]] = []

    def measured(goals: Sequence[Goal | Growth]) -> Figures:
        asked.append([goal.name for goal in goals])
        return _figures(1.3)

    check(COMMITTED, measured, (GOAL, OTHER))
    assert asked == [[GOAL.name, OTHER.name], [GOAL.name]]


def test_a_ratio_without_a_committed_result_fails() -> None:
    assert check({}, _measured(_figures(1.0), _figures(1.0)), (GOAL,)) == 1


def test_a_goal_is_judged_by_the_median_of_the_ratios_of_the_rounds() -> None:
    """The machine was twice as slow in the second round, and only our client was disturbed in the third."""
    assert GOAL.value({"ours": [1.0, 2.0, 9.0], "other": [2.0, 4.0, 2.0]}) == 0.5


@pytest.mark.parametrize(("larger", "power"), [(11.0, 1.0), (101.0, 2.0), (1.0 + 10**0.5, 1.0)])
def test_growth_is_the_exponent_of_the_cost_beyond_the_constant_cost(larger: float, power: float) -> None:
    growth = Growth("growth", ("10", "1,000", "10,000"))
    assert growth.value({"10": [1.0], "1,000": [2.0], "10,000": [larger]}) == pytest.approx(power)


def test_every_goal_names_cases_that_exist() -> None:
    from benchmarks.cases import CASES

    assert {case for goal in GOALS for case in goal.cases} <= CASES.keys()


def test_a_goal_limits_the_growth_of_the_property_run_incomplete() -> None:
    assert [goal for goal in GOALS if isinstance(goal, Growth) and INCOMPLETE in goal.name]


def test_every_goal_has_a_unique_name() -> None:
    figures = {case: [1.0, 1.0] for goal in GOALS if isinstance(goal, Goal) for case in goal.cases}
    goals = [goal for goal in GOALS if isinstance(goal, Goal)]
    assert len(ratios(figures, goals)) == len(goals)
