"""The oracle compares a run with a base run as the definitions require."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from .. import builders
from .changes import Unreadable, WrongUsageError, base_finding, change, change_of, compare, not_worse
from .gates import gate
from .outcomes import Json, Reading, Watch, read
from .runs import NOW, REFUSED, SHIPS, answer, base, run
from .verdicts import Options

GOOD, BAD = ["ppppp"] * 5, ["fffff"] * 5


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        (base(*GOOD), run(*BAD), "broken"),
        (base(*GOOD), run(*GOOD), "kept"),
        (base(*BAD), run(*GOOD), "kept"),
        (base(*GOOD[1:]), run(*BAD), "inconclusive"),
        (base(*GOOD), run(*BAD[1:]), "inconclusive"),
        (base(*GOOD), run("v", *BAD[1:]), "inconclusive"),
        (base(*GOOD), run("uuuuu", *BAD[1:]), "broken"),
        (base(*GOOD), run(*["uuuuu"] * 4, *BAD[1:]), "inconclusive"),
        (base(*["uuuuu"] * 5, "p"), run(*BAD, "p"), "inconclusive"),
        (base(*["nnnnn"] * 5, "p"), run(*GOOD, "p"), "kept"),
        (base(*["yyyyy"] * 5), run(*["nnnnn"] * 5), "broken"),
        (base(*GOOD, status="RUNNING"), run(*BAD), "inconclusive"),
        (base(*GOOD, total_tests=None), run(*BAD), "inconclusive"),
        (base(*GOOD, simulation_id=None), run(*BAD), "inconclusive"),
        (base(*GOOD), run(*BAD, simulation_id=None), "inconclusive"),
        (3, run(*BAD), "inconclusive"),
        (5, run(*BAD), "inconclusive"),
    ],
)
def test_a_base_run_is_compared_only_if_there_are_at_least_five_callers(
    before: Reading | Unreadable, now: Reading, verdict: str
) -> None:
    assert base_finding(before, now, Options()) == verdict


@pytest.mark.parametrize(
    ("unmet", "options"),
    [
        (base(*GOOD, *"vvvvvvvv"), {"max_void": 100}),
        (base(*GOOD, tests_passed=0), {"no_counters": True}),
    ],
)
def test_the_measurement_conditions_apply_to_the_base_run(unmet: Reading, options: Json) -> None:
    assert base_finding(unmet, run(*BAD), Options()) == "inconclusive"
    assert base_finding(unmet, run(*BAD), Options(**options)) == "broken"


def test_the_minimum_number_of_conversations_applies_to_the_base_run() -> None:
    before, now = base(*"ppppp"), run(*BAD)
    assert base_finding(before, now, Options(min_conversations=5)) == "broken"
    assert base_finding(before, now, Options(min_conversations=6)) == "inconclusive"


@pytest.mark.parametrize(
    ("intervals", "rule", "change"),
    [
        ([(-0.4, -0.1), (-0.3, -0.1)], "broken", "worse"),
        ([(-0.4, 0.0), (-0.3, -0.1)], "inconclusive", "can't tell"),
        ([(-0.4, -0.1), (-0.3, 0.0)], "inconclusive", "can't tell"),
        ([(-0.4, 0.0), (-0.3, 0.0)], "kept", "can't tell"),
        ([(0.0, 0.4), (0.1, 0.4)], "kept", "can't tell"),
        ([(0.1, 0.4), (0.2, 0.5)], "kept", "better"),
        ([(-0.4, 0.1), (-0.1, 0.4)], "kept", "can't tell"),
    ],
)
def test_a_run_is_neither_worse_nor_better_if_its_interval_ends_at_0(
    intervals: list[tuple[float, float]], rule: str, change: str
) -> None:
    assert (not_worse(intervals), change_of(intervals)) == (rule, change)


@pytest.mark.parametrize(
    ("before", "now", "high"),
    [
        ("p", "f", -0.1728),
        ("pv", "fv", -0.3796),
        ("pv", "f", -0.1728),
        ("pvvvv", "ffffu", -0.4513),
    ],
)
def test_void_conversations_count_toward_k_in_the_interval_of_a_change(
    before: str, now: str, high: float
) -> None:
    low, found = change(base(*[before] * 5), run(*[now] * 5), unknown=False) or (0, 0)
    assert (low, round(found, 4)) == (-1, high)


@pytest.mark.parametrize("others", [{"simulation_id": "732"}, {"id": "48213"}])
def test_comparing_two_simulations_or_a_run_with_itself_is_a_usage_error(others: Json) -> None:
    before = base(*GOOD, **others)
    with pytest.raises(WrongUsageError):
        compare(before, run(*GOOD))
    for now in (run(*GOOD), run(*GOOD, "r")):
        with pytest.raises(WrongUsageError):
            answer(now, base=before)


@pytest.mark.parametrize(
    ("runs", "options"),
    [
        ([SHIPS, SHIPS], {}),
        ([SHIPS, REFUSED, SHIPS], {}),
        ([SHIPS], {"must_pass": ("1", "2", "1")}),
        ([SHIPS, REFUSED], {"base": base(*GOOD)}),
        ([SHIPS, REFUSED], {"base": 3}),
    ],
)
def test_a_repeated_run_or_caller_or_a_base_for_two_runs_is_a_usage_error(
    runs: Sequence[Reading], options: Json
) -> None:
    with pytest.raises(WrongUsageError):
        answer(*runs, **options)


@pytest.mark.parametrize(
    ("before", "now", "options", "code"),
    [
        (base(*GOOD), run(*GOOD), {}, 0),
        (base(*GOOD), run(*BAD), {"min_pass_rate": 0, "max_always_failing": 5}, 1),
        (base(*GOOD), run(*BAD), {"min_pass_rate": 0, "max_always_failing": 5, "must_pass": ("9",)}, 1),
        (base(*GOOD), run(*BAD, "r"), {}, 4),
        (base(*GOOD), run(*BAD, total_tests=0), {}, 6),
        (base(*GOOD[1:]), run(*GOOD), {}, 6),
        (base(*"ppppp"), run(*"pppp", "p"), {"min_pass_rate": 0}, 0),
        (3, run(*GOOD), {}, 6),
        (5, run(*GOOD), {}, 6),
        (3, run(*BAD), {}, 1),
    ],
)
def test_the_base_rule_and_the_other_rules_decide_together(
    before: Reading | Unreadable, now: Reading, options: Json, code: int
) -> None:
    assert answer(now, base=before, **options)[1] == code


@pytest.mark.parametrize("code", [3, 5])
def test_a_base_run_that_cannot_be_read_ends_the_gate_before_a_run_is_queued(code: Unreadable) -> None:
    assert gate([run(*BAD)], Options(), code, is_queued=True) == ("inconclusive", code)


@pytest.mark.parametrize(
    ("end_time", "age", "is_settled"),
    [("10:05:00Z", 0, False), ("10:05:00Z", 179, False), ("10:05:00Z", 180, True), (None, 0, True)],
)
def test_a_base_run_has_a_grace_period_only_if_there_is_an_end_time(
    end_time: str | None, age: int, is_settled: bool
) -> None:
    times: Json = {"end_time": f"2026-11-20T{end_time}"} if end_time else {}
    unscored = builders.response(builders.result(evaluations=None, **times), total_tests=2)
    watch = Watch(NOW + timedelta(seconds=age), is_base=True)
    assert read(unscored, watch=watch).settled is is_settled
