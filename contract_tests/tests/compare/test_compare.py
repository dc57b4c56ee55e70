"""When a run is worse or better than an earlier one, and the exit code that follows."""

from collections.abc import Sequence

import pytest
from bluejay_results import UsageError
from bluejay_results.compare import Cause, Change, Comparison, Effect, compare
from bluejay_results.writing.run_view import RunFacts

from .sides import both, compared, side

Kinds = Sequence[tuple[int, str, str]]
FOUR_OF_20: Kinds = [(16, "P", "P"), (4, "P", "F")]
FIVE_OF_20: Kinds = [(15, "P", "P"), (5, "P", "F")]


def _mirrored(kinds: Kinds) -> Kinds:
    return [(count, now, before) for count, before, now in kinds]


@pytest.mark.parametrize(
    ("kinds", "change"), [(FOUR_OF_20, Change.CANT_TELL), (FIVE_OF_20, Change.WORSE)], ids=["four", "five"]
)
def test_five_of_20_callers_that_got_worse_prove_it_and_four_do_not(kinds: Kinds, change: Change) -> None:
    assert compared(*kinds).change is change


@pytest.mark.parametrize(
    ("kinds", "change"), [(FOUR_OF_20, Change.CANT_TELL), (FIVE_OF_20, Change.BETTER)], ids=["four", "five"]
)
def test_five_of_20_callers_that_got_better_prove_it_and_four_do_not(kinds: Kinds, change: Change) -> None:
    assert compared(*_mirrored(kinds)).change is change


def test_equal_runs_can_not_be_told_apart() -> None:
    comparison = compared((500, "P", "P"))
    assert comparison.change is Change.CANT_TELL
    assert comparison.exit_code == 0


@pytest.mark.parametrize(
    ("if_failed", "if_passed", "change", "code"),
    [
        (Effect(-20, -40, -0.001), Effect(-20, -40, -0.001), Change.WORSE, 1),
        (Effect(-20, -40, 0), Effect(-20, -40, 0), Change.CANT_TELL, 0),
        (Effect(-20, -40, -0.001), Effect(-20, -40, 0), Change.CANT_TELL, 6),
        (Effect(-20, -40, 0), Effect(-20, -40, -0.001), Change.CANT_TELL, 6),
        (Effect(-20, -40, -0.001), Effect(20, 0.001, 40), Change.CANT_TELL, 6),
        (Effect(20, 0.001, 40), Effect(20, 0.001, 40), Change.BETTER, 0),
        (Effect(20, 0, 40), Effect(20, 0, 40), Change.CANT_TELL, 0),
        (Effect(20, 0.001, 40), Effect(20, 0, 40), Change.CANT_TELL, 0),
    ],
)
def test_both_intervals_decide_and_one_with_an_end_at_0_is_neither_below_nor_above(
    if_failed: Effect, if_passed: Effect, change: Change, code: int
) -> None:
    base, run = both((5, "P", "P"))
    pairs = compare(base, run).pairs
    comparison = Comparison(
        base=RunFacts.of(base),
        run=RunFacts.of(run),
        cause=Cause.COMPARED,
        pairs=pairs,
        if_failed=if_failed,
        if_passed=if_passed,
    )
    assert (comparison.change, comparison.exit_code) == (change, code)


def test_the_effect_is_the_mean_change_in_points_with_its_interval() -> None:
    """By hand: s of five -1, fifteen 0, +1 and -1 is 0.5256, t(21) is 2.0796, and both / sqrt(20) is 24.4."""
    effect = compared(*FIVE_OF_20).if_failed
    assert effect is not None
    assert effect.change == pytest.approx(-25)
    assert (effect.low, effect.high) == pytest.approx((-49.57, -0.43), abs=0.01)


def test_each_caller_counts_equally_however_many_conversations_it_has() -> None:
    effect = compared((1, "FFFF", "PPPP"), (1, "P", "F")).if_failed
    assert effect is not None
    assert effect.change == 0


@pytest.mark.parametrize(
    ("smallest", "change"),
    [("PPP", Change.WORSE), ("P", Change.CANT_TELL)],
)
def test_the_caller_with_the_fewest_conversations_on_a_side_sets_the_width(
    smallest: str, change: Change
) -> None:
    worse = (9, "PPP", "PPF")
    assert compared(worse, (20, "PPP", "PPP"), (1, "PPP", smallest)).change is change
    assert compared(worse, (20, "PPP", "PPP"), (1, smallest, "PPP")).change is change


def test_a_void_conversation_does_not_make_the_interval_narrower() -> None:
    counted, with_void = (compared((19, "PPP", "PPP"), (1, "PPP", each)) for each in ("P", "PV"))
    assert with_void.if_failed == counted.if_failed


def test_unknown_conversations_of_both_sides_count_as_failed_and_as_passed() -> None:
    comparison = compared((14, "P", "P"), (2, "U", "F"), (4, "P", "U"))
    assert comparison.if_failed is not None
    assert comparison.if_passed is not None
    assert (comparison.if_failed.change, comparison.if_passed.change) == pytest.approx((-20, -10))


@pytest.mark.parametrize(
    ("kinds", "change", "code"),
    [
        ([(14, "P", "P"), (5, "P", "F"), (1, "P", "U")], Change.WORSE, 1),
        ([(14, "P", "P"), (4, "P", "F"), (2, "P", "U")], Change.CANT_TELL, 6),
        ([(14, "P", "P"), (4, "P", "F"), (2, "U", "F")], Change.CANT_TELL, 6),
        ([(14, "P", "P"), (5, "F", "P"), (1, "U", "P")], Change.BETTER, 0),
        ([(14, "P", "P"), (4, "F", "P"), (2, "U", "P")], Change.CANT_TELL, 0),
    ],
)
def test_a_verdict_must_hold_however_the_unknown_conversations_ended(
    kinds: Kinds, change: Change, code: int
) -> None:
    comparison = compared(*kinds)
    assert (comparison.change, comparison.exit_code) == (change, code)


@pytest.mark.parametrize(("count", "code"), [(4, 6), (5, 1)])
def test_with_fewer_than_five_callers_on_both_sides_the_exit_code_is_6(count: int, code: int) -> None:
    comparison = compared((count, "P" * 9, "F" * 9))
    assert comparison.change is Change.WORSE
    assert comparison.exit_code == code


def test_callers_on_one_side_only_are_left_out_and_named() -> None:
    comparison = compare(side({1: "P", 2: "P"}, id="1"), side({2: "F", 3: "P"}, id="2"))
    assert [each.now.id for each in comparison.pairs] == [2]
    assert comparison.left_out == (1, 3)


def test_callers_without_an_id_are_left_out() -> None:
    comparison = compare(side({1: "P"}, "P", "P", id="1"), side({1: "P"}, "F", id="2"))
    assert [each.now.id for each in comparison.pairs] == [1]
    assert comparison.left_out == (None, None, None)


def test_a_missing_conversation_is_left_out_like_a_caller_without_an_id() -> None:
    base = side(dict.fromkeys(range(9), "P"), id="1", total_tests=10)
    comparison = compare(base, side(dict.fromkeys(range(9), "P"), id="2"))
    assert comparison.left_out == (None,)


@pytest.mark.parametrize(("before", "now"), [("P", "V"), ("V", "P"), ("V", "V")])
def test_a_caller_with_only_void_conversations_on_a_side_is_left_out_once(before: str, now: str) -> None:
    comparison = compared((9, "P", "P"), (1, before, now))
    assert len(comparison.pairs) == 9
    assert comparison.left_out == (109,)


def test_without_a_caller_on_both_sides_there_is_no_effect() -> None:
    comparison = compare(side({1: "P"}, id="1"), side({2: "P"}, id="2"))
    assert (comparison.if_failed, comparison.if_passed) == (None, None)
    assert (comparison.change, comparison.exit_code) == (Change.CANT_TELL, 6)


def test_the_callers_that_got_worse_come_first() -> None:
    base = side({1: "P", 2: "F", 3: "PP", 4: "P", 5: "P"}, id="1")
    run = side({1: "P", 2: "P", 3: "PF", 4: "U", 5: "F"}, id="2")
    assert [each.now.id for each in compare(base, run).pairs] == [5, 4, 3, 1, 2]


@pytest.mark.parametrize(
    ("fields", "callers", "cause", "code"),
    [
        ({"status": "RUNNING"}, "P", Cause.NOT_SETTLED, 4),
        ({"tests_passed": "one"}, "P", Cause.VIOLATION, 5),
        ({"status": "RUNNING", "tests_passed": "one"}, "P", Cause.VIOLATION, 5),
        ({}, "U", Cause.NOT_A_MEASUREMENT, 6),
        ({"status": "RUNNING"}, "U", Cause.NOT_SETTLED, 4),
        ({"tests_passed": 4}, "P", Cause.NOT_A_MEASUREMENT, 6),
        ({}, "P", Cause.COMPARED, 0),
    ],
)
@pytest.mark.parametrize("is_base", [True, False], ids=["base", "run"])
def test_both_runs_must_keep_the_contract_be_settled_and_be_measurements(
    fields: dict[str, str], callers: str, cause: Cause, code: int, is_base: bool
) -> None:
    one = side(dict.fromkeys(range(5), callers), id="1", **fields)
    other = side(dict.fromkeys(range(5), "P"), id="2")
    comparison = compare(one, other) if is_base else compare(other, one)
    assert (comparison.cause, comparison.exit_code) == (cause, code)
    assert comparison.change is Change.CANT_TELL


@pytest.mark.parametrize(
    ("void", "cause"), [(2, Cause.COMPARED), (3, Cause.NOT_A_MEASUREMENT)], ids=["20 %", "27 %"]
)
def test_a_run_with_over_20_percent_void_conversations_is_not_compared(void: int, cause: Cause) -> None:
    run = side(dict.fromkeys(range(8), "P") | dict.fromkeys(range(8, 8 + void), "V"), id="2")
    assert compare(side({1: "P"}, id="1"), run).cause is cause


def test_a_run_is_not_compared_with_itself() -> None:
    with pytest.raises(UsageError, match=r"Both runs are run 1\. Give two different runs\."):
        compare(side({1: "P"}, id="1"), side({1: "F"}, id="1"))
