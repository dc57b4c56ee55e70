"""Runs of two sides, compared caller by caller."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from bluejay_results import SimulationRun, UsageError
from bluejay_results.compare import (
    Comparison,
    Conclusion,
    Drop,
    Tally,
    callers_needed,
    compare,
    sentence,
)
from bluejay_results.compare.effect import effect_of
from bluejay_results.judging.statistics import mcnemar, newcombe, sign_flip

from .. import builders
from ..gate.runs import FAILED, PASSED, VOID, callers, run_of
from .sides import NEWER, by_id, compared


def test_single_conversations_are_judged_by_mcnemar_and_newcombe() -> None:
    effect = compared((36, 1, 1), (12, 0, 1), (2, 1, 0)).effect
    assert effect is not None
    assert effect.callers == 50
    assert effect.change == Fraction(1, 5)
    assert effect.p == mcnemar(12, 2)
    assert effect.interval == newcombe(36, 12, 2, 0, 0.95)
    assert round(effect.interval.low, 4) == 0.0569
    assert round(effect.interval.high, 4) == 0.3404
    assert effect.flips == 14 / 50
    assert effect.conversations == 1


def test_equally_many_repeats_are_judged_by_an_exact_sign_flip() -> None:
    comparison = compared((6, 3, 1), (2, 2, 3), (4, 3, 3), size=3)
    assert comparison.effect is not None
    differences = [each.change for each in comparison.pairs]
    assert comparison.effect.p == sign_flip(differences, is_exact=True)
    assert comparison.effect.change == sum(differences) / 12
    assert comparison.effect.conversations == pytest.approx(3)


def test_the_change_is_the_unweighted_mean_of_the_callers_changes() -> None:
    """The pass rate of all conversations together rises by 60 points."""
    effect = effect_of([(Tally(0, 4), Tally(4, 4)), (Tally(1, 1), Tally(0, 1))], 0.95)
    assert effect is not None
    assert effect.change == 0
    assert effect.interval.low == -effect.interval.high


def test_unequally_many_repeats_are_judged_by_sampled_sign_flips() -> None:
    pairs = [(Tally(3, 3), Tally(1, 3)), (Tally(2, 2), Tally(3, 3)), (Tally(1, 1), Tally(0, 1))] * 3
    effect = effect_of(pairs, 0.95)
    assert effect is not None
    differences = [Fraction(-2, 3), Fraction(0), Fraction(-1)] * 3
    assert effect.p == sign_flip(differences, is_exact=False) != sign_flip(differences, is_exact=True)
    assert effect.conversations == pytest.approx(2 * 3 / (2 / 3 + 1 / 2 + 1 / 3 + 2))


@pytest.mark.parametrize(
    ("make", "conclusion"),
    [
        (partial(compared, (40, 1, 1), (5, 1, 0)), Conclusion.TOO_SMALL),  # p is 0.0625
        (partial(compared, (40, 1, 1), (6, 1, 0)), Conclusion.WORSE),  # p is 0.03125
        (partial(compared, (400, 1, 1)), Conclusion.NO_CHANGE),
        (partial(compared, (400, 1, 1), margin=0), Conclusion.TOO_SMALL),
        (partial(compared, (2, 5, 5), size=5), Conclusion.TOO_SMALL),
        (partial(compared, (6, 5, 0), size=5), Conclusion.WORSE),
        (partial(compared, (6, 5, 0), size=5, confidence=0.99), Conclusion.TOO_SMALL),
    ],
)
def test_the_number_of_callers_and_the_confidence_decide_the_conclusion(
    make: Callable[[], Comparison], conclusion: Conclusion
) -> None:
    assert make().conclusion == conclusion


@pytest.mark.parametrize(
    ("make", "kept", "code"),
    [
        (partial(compared, (36, 1, 1), (12, 1, 0)), None, 0),
        (partial(compared, (400, 1, 1), max_drop=5), Drop.KEPT, 0),
        (partial(compared, (36, 1, 1), (14, 1, 0), max_drop=28), Drop.BROKEN, 1),
        (partial(compared, (36, 1, 1), (14, 1, 0), max_drop=29), Drop.INCONCLUSIVE, 6),
    ],
)
def test_max_drop_sets_the_exit_code(make: Callable[[], Comparison], kept: Drop | None, code: int) -> None:
    comparison = make()
    assert comparison.drop == kept
    assert comparison.exit_code == code


def test_max_drop_also_sets_the_margin() -> None:
    assert compared((40, 1, 1), max_drop=20).conclusion is Conclusion.NO_CHANGE


def test_several_runs_of_a_side_are_pooled_by_caller() -> None:
    base = [callers((1, 0), (1, 0), id="1"), callers((1, 0), (0, 1), id="2")]
    [worse, same] = compare(base, callers((0, 1), (1, 0), **NEWER)).pairs
    assert worse.tallies == (Tally(2, 2), Tally(0, 1))
    assert same.tallies == (Tally(1, 2), Tally(1, 1))


def test_changed_callers_are_listed_worst_first_with_their_reason() -> None:
    lost = {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning="lost the date")]}
    base = by_id(c1=(PASSED, PASSED), c2=(PASSED, PASSED), c3=(FAILED, lost, lost, PASSED), c4=(PASSED,))
    new = by_id(c3=(PASSED,), c1=(PASSED, lost), c2=(lost, FAILED, lost), c4=(PASSED,), c5=(PASSED,))
    comparison = compare(base, new)
    assert [(each.id, each.reason) for each in comparison.worse] == [
        (2, "goal not reached: lost the date"),
        (1, "goal not reached: lost the date"),
    ]
    assert [(each.id, each.reason) for each in comparison.better] == [(3, "goal not reached: lost the date")]
    assert next(each.reason for each in comparison.pairs if each.id == 4) == ""


def test_callers_that_are_on_only_one_side_are_named_and_left_out() -> None:
    base = by_id(c1=(PASSED,), c2=(PASSED,), c3=(PASSED,), c4=(PASSED,))
    new = by_id(c5=(FAILED,), c4=(VOID,), c2=(PASSED,), c1=(PASSED, VOID), c6=(PASSED,))
    comparison = compare(base, new)
    assert [(each.id, each.base.id, each.new.id) for each in comparison.pairs] == [(1, 1, 1), (2, 2, 2)]
    assert comparison.only_in_base == (3,)
    assert comparison.only_in_new == (5, 6)
    assert comparison.unjudged == (4,)
    assert "run run of 5: 2 of 6 conversations are void, neither passed nor failed" in comparison.notes


def test_half_a_point_is_a_valid_margin() -> None:
    assert compare(ONE, OTHER, margin=0.5).limits.margin == 0.5


def test_conversations_without_callers_get_the_verdict_too_small_to_say() -> None:
    comparison = compare(run_of(PASSED, PASSED), run_of(FAILED, FAILED, **NEWER))
    assert comparison.conclusion == Conclusion.TOO_SMALL
    assert comparison.effect is None
    assert "no conversation names its digital human" in sentence(comparison)
    assert "run 48213: 2 of 2 conversations name no digital human and are left out" in comparison.notes


VIOLATED = builders.saved_run(builders.result(status=5))


@pytest.mark.parametrize(
    ("new", "conclusion", "code", "said"),
    [
        (run_of(PASSED, status="RUNNING", **NEWER), Conclusion.NOT_SETTLED, 4, "not settled: RUNNING"),
        (VIOLATED, Conclusion.VIOLATION, 5, "breaks the contract"),
    ],
)
@pytest.mark.parametrize("max_drop", [None, 5])
def test_a_run_that_cannot_be_judged_sets_the_exit_code_of_the_reason(
    new: SimulationRun, conclusion: Conclusion, code: int, said: str, max_drop: float | None
) -> None:
    comparison = compare([callers((1, 0), (1, 0), id="1")], new, max_drop=max_drop)
    assert comparison.conclusion == conclusion
    assert comparison.exit_code == code
    assert comparison.drop is None
    assert sentence(comparison).startswith(f"Can't compare: run {new.id}: ")
    assert said in sentence(comparison)


def test_a_violation_takes_precedence_over_not_settled() -> None:
    running = run_of(PASSED, status="RUNNING", **NEWER)
    assert compare(running, VIOLATED).conclusion is Conclusion.VIOLATION


ONE, OTHER = callers((1, 0), (1, 0)), callers((1, 0), (1, 0), **NEWER)
ELSEWHERE = callers((1, 0), (1, 0), id="48215", simulation_id="732")


@pytest.mark.parametrize(
    ("sides", "options", "said"),
    [
        ((ONE, ONE), {}, "Run 48213 is given twice. Compare different runs."),
        (([ONE, OTHER], [OTHER]), {}, "Run 48214 is given twice"),
        (([], ONE), {}, "base has no run"),
        ((ONE, []), {}, "new has no run"),
        (
            (ONE, ELSEWHERE),
            {"strict": True},
            "Run 48213 belongs to simulation 731, run 48215 to simulation 732.",
        ),
        *(
            ((ONE, OTHER), {name: value}, f"^{name}\\b")
            for name in ("margin", "max_drop")
            for value in (float("nan"), -1, 101, "80%")
        ),
        ((ONE, OTHER), {"max_void": 0.2}, "did you mean 20?"),
        *(((ONE, OTHER), {"confidence": value}, r"^confidence\b") for value in (0, 1)),
    ],
)
def test_bad_input_is_a_usage_error(sides: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        compare(*sides, **options)


def test_comparing_runs_of_different_simulations_adds_a_note() -> None:
    assert compare(ONE, ELSEWHERE).notes == (
        "run 48213 belongs to simulation 731, run 48215 to simulation 732",
    )


@pytest.mark.parametrize(
    ("flips", "conversations", "points", "spread", "callers"),
    [(0.38, 1, 5, 0, 1194), (0.38, 3, 5, 0, 398), (0.38, 1, 10, 0, 299), (0.3, 3, 5, 10, 346)],
)
def test_a_plan_divides_the_variance_by_the_squared_change(
    flips: float, conversations: float, points: float, spread: float, callers: int
) -> None:
    assert callers_needed(flips, conversations, points, spread) == callers
    assert callers_needed(0.3821, 1, 5) == 1200


def test_a_plan_uses_the_confidence_level_of_the_comparison() -> None:
    kinds = ((62, 1, 1), (19, 1, 0), (19, 0, 1))
    assert compared(*kinds, confidence=0.99).callers_needed() == 1776


def test_a_plan_is_about_a_change_of_max_drop_or_by_default_of_the_margin() -> None:
    kinds = ((62, 1, 1), (19, 1, 0), (19, 0, 1))
    assert compared(*kinds).callers_needed() == 1194
    assert compared(*kinds, max_drop=10).callers_needed() == 299
    assert compared(*kinds).callers_needed(20, spread=20) == 83
    assert compared(*kinds).callers_needed(1) == 29830
