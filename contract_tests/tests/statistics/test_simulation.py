"""The simulation judges as the definitions say, and its targets hold; `make simulate` draws far more runs."""

from itertools import count

import numpy as np
import pytest
from bluejay_results import SimulationRun
from bluejay_results.compare import compare as runs_compared
from bluejay_results.gate import Rules, gate
from bluejay_results.judging import statistics

from ..builders import encoded
from ..oracle.small_runs import RUN, conversation
from . import changes, rates, verdicts
from .definitions import (
    Runs,
    change_interval,
    compare,
    confident_min_pass_rate,
    interval_of_change,
    max_always_failing,
    min_pass_rate,
    rate_interval,
)
from .drawing import ALIKE, KINDS, Kind, draw_runs, generator
from .goals import LOSES_CALLS

REPEATS = 400
NEITHER = (False, False)
KEPT = (True, False)
BROKEN = (False, True)


def _run(*callers: tuple[int, int, int, int]) -> Runs:
    """One run, from each caller's numbers of passed, failed, unknown and void conversations."""
    return Runs(*(np.array([column]) for column in zip(*callers, strict=True)))


def test_the_simulated_interval_of_a_rate_is_the_packages() -> None:
    rng = generator("rates")
    sizes = rng.integers(0, 4, (50, 9))
    passed = rng.binomial(sizes, 0.8)
    ends = rate_interval(passed, sizes)
    for row in range(len(sizes)):
        ours = statistics.rate_interval(
            [p / n for p, n in zip(passed[row].tolist(), sizes[row].tolist(), strict=True) if n]
        )
        assert (ends.low[row], ends.high[row]) == pytest.approx(ours)


def test_the_simulated_interval_of_a_change_is_the_packages() -> None:
    rng = generator("changes")
    changed = rng.integers(-3, 4, (50, 8)) / 3
    compared = rng.random((50, 8)) < 0.8
    ends = change_interval(changed * compared, compared, np.full(50, 3))
    for row in range(len(changed)):
        ours = statistics.change_interval(changed[row][compared[row]].tolist(), 3)
        assert (ends.low[row], ends.high[row]) == pytest.approx(ours)


@pytest.mark.parametrize(("minimum", "answer"), [(75, KEPT), (80, NEITHER), (90, BROKEN)])
def test_a_pass_rate_is_judged_as_in_the_example_of_the_definitions(
    minimum: int, answer: tuple[bool, bool]
) -> None:
    found = min_pass_rate(_run((15, 3, 1, 1)), minimum / 100)
    assert (found.kept[0], found.broken[0]) == answer


@pytest.mark.parametrize(
    ("runs", "answer"),
    [
        (_run(*[(1, 0, 0, 0)] * 14), KEPT),
        (_run(*[(1, 0, 0, 0)] * 13), NEITHER),
        (_run(*[(1, 0, 0, 0)] * 14, (0, 0, 1, 0)), NEITHER),
        (_run(*[(0, 1, 0, 0)] * 14), BROKEN),
        (_run(*[(0, 1, 0, 0)] * 5, *[(0, 0, 1, 0)] * 14), NEITHER),
    ],
)
def test_confident_judges_the_ends_of_the_interval(runs: Runs, answer: tuple[bool, bool]) -> None:
    found = confident_min_pass_rate(runs, 0.8)
    assert (found.kept[0], found.broken[0]) == answer


def _packages_run(runs: Runs, row: int, id_: str = "1") -> SimulationRun:
    """Return the package's run with the same numbers of conversations."""
    kinds = ("passed", "failed", "unknown", "void")
    numbers = count()
    listed = [
        conversation(next(numbers), kind, human)
        for kind, counts in zip(kinds, (runs.passed, runs.failed, runs.unknown, runs.void), strict=True)
        for human, size in enumerate(counts[row].tolist())
        for _ in range(size)
    ]
    run = RUN | {"id": id_, "total_tests": len(listed)}
    return SimulationRun.from_bytes(encoded({"simulation_run": run, "simulation_results": listed}))


def _random_runs(about: str, rates: list[float], void: float) -> Runs:
    rng = generator(about)
    drawn = rng.choice(rates, (30, 6))
    return draw_runs(rng, drawn, rng.integers(3, 7, drawn.shape), 0.05, void)


@pytest.mark.parametrize(("minimum", "is_confident"), [(50, True), (70, True), (60, False), (70, False)])
def test_the_simulated_rules_are_the_packages(minimum: int, is_confident: bool) -> None:
    runs = _random_runs("rules", [0.0, 0.6, 0.8, 0.9], void=0.1)
    by_rate = confident_min_pass_rate if is_confident else min_pass_rate
    answers = by_rate(runs, minimum / 100), max_always_failing(runs)
    rules = Rules(min_pass_rate=minimum, confident=is_confident)
    for row in range(len(runs.passed)):
        for found, answer in zip(gate(_packages_run(runs, row), rules).rules, answers, strict=True):
            assert answer.broken[row] == (found.verdict == "broken")
            assert answer.kept[row] == (found.verdict in {"kept", "not applicable"})


@pytest.mark.parametrize(("before", "now"), [(0.9, 0.2), (0.2, 0.9), (0.8, 0.6)])
def test_the_simulated_comparison_is_the_packages(before: float, now: float) -> None:
    base, new = (_random_runs(f"comparison {each}", [each], void=0.0) for each in (before, now))
    worse, better = compare(base, new)
    for row in range(len(worse)):
        found = runs_compared(_packages_run(base, row), _packages_run(new, row, "2"))
        assert (worse[row], better[row]) == (found.change == "worse", found.change == "better")


@pytest.mark.parametrize(
    ("caller", "answer"),
    [
        ((0, 5, 0, 0), BROKEN),
        ((0, 4, 0, 1), BROKEN),
        ((0, 3, 0, 2), NEITHER),
        ((0, 4, 1, 0), NEITHER),
        ((0, 0, 5, 0), NEITHER),
        ((0, 0, 0, 5), KEPT),
        ((0, 4, 0, 0), KEPT),
        ((1, 9, 0, 0), KEPT),
    ],
)
def test_a_caller_always_fails_certainly_or_possibly_or_not(
    caller: tuple[int, int, int, int], answer: tuple[bool, bool]
) -> None:
    found = max_always_failing(_run((5, 0, 0, 0), caller))
    assert (found.kept[0], found.broken[0]) == answer


def test_worse_needs_both_intervals_below_0() -> None:
    base = _run(*[(4, 0, 0, 0)] * 8)
    failed, unknown = _run(*[(2, 2, 0, 0)] * 8), _run(*[(2, 0, 2, 0)] * 8)
    assert [bool(each[0]) for each in compare(base, failed)] == [True, False]
    assert [bool(each[0]) for each in compare(failed, base)] == [False, True]
    assert [bool(each[0]) for each in compare(base, unknown)] == [False, False]


def test_a_caller_without_conversations_on_one_side_is_not_compared() -> None:
    base, new = _run(*[(4, 0, 0, 0)] * 8), _run(*[(2, 2, 0, 0)] * 8)
    more_base, more_new = _run(*[(4, 0, 0, 0)] * 8, (0, 9, 0, 0)), _run(*[(2, 2, 0, 0)] * 8, (0, 0, 0, 1))
    without = interval_of_change(base, new, unknown_passed=False)
    assert interval_of_change(more_base, more_new, unknown_passed=False) == without


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_drawn_rates_have_the_given_mean(kind: Kind) -> None:
    drawn = kind.draw(generator("mean"), 0.8, (1_000, 100))
    assert drawn.mean() == pytest.approx(0.8, abs=0.006)
    assert 0 <= drawn.min() <= drawn.max() <= 1 + 1e-12


def test_the_interval_of_a_rate_contains_the_true_rate_in_91_percent_of_runs() -> None:
    some = [each for each in rates.even_cases() if each.callers in (5, 20) and each.conversations in (1, 5)]
    first = (rates.coverage(each, REPEATS) for each in some)
    assert rates.lowest(first, rates.coverage, REPEATS).share >= 0.91
    assert min(rates.exact_coverage(callers)[0] for callers in (5, 20, 100)) >= 0.91


def test_one_more_pass_lowers_the_lower_end_by_at_most_1_5_points() -> None:
    falls = rates.falls_by_one_more_pass(5, 20)
    assert 0.01 < max(fall for callers, fall in falls.items() if callers >= 5) <= 0.015


def test_equally_good_callers_break_max_always_failing_in_at_most_4_percent() -> None:
    assert verdicts.equal_callers(4_000).broken <= 0.04


def test_an_unchanged_agent_is_worse_in_at_most_4_percent() -> None:
    some = [
        each
        for each in changes.without_a_change()
        if each.change is changes.NOTHING and each.rate == 0.5 and each.unknown == changes.NONE
    ]
    found = (changes.compared(each, REPEATS) for each in some)
    assert changes.most_false(found, REPEATS).worse <= 0.04


@pytest.mark.parametrize("callers", [5, 20, 50])
def test_a_drop_is_found_at_most_2_points_less_often_than_by_mcnemars_test(callers: int) -> None:
    lost, false = changes.most_lost_to_mcnemar(changes.exact(callers))
    assert lost <= 0.02
    assert false <= 0.04


def test_the_exact_share_of_found_drops_is_that_of_drawn_runs() -> None:
    results = changes.exact(50)
    exact = results.share(results.is_worse, 0.9 * 0.3, 0.1 * 0.7)
    drawn = changes.compared(changes.Comparison(changes.TWENTY_POINTS, ALIKE, 0.9, 50, 1), 4_000)
    assert drawn.worse == pytest.approx(exact, abs=0.03)


def test_an_agent_that_loses_18_percent_of_its_calls_ships_in_at_most_10_percent_of_runs() -> None:
    assert verdicts.ships(LOSES_CALLS, ALIKE, 50, 1, 4_000).kept <= 0.1
