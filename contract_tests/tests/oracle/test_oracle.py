"""The oracle judges the examples in the definitions, and runs that one of their sentences decides."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from .. import builders
from .changes import Unreadable, WrongUsageError, base_finding, change, change_of, compare, not_worse
from .figures import Rule, judged
from .gates import Answer, findings, gate, must_pass_findings
from .outcomes import Json, Reading, Watch, read
from .verdicts import Options, bounds, interval, judged_pass_rate

FAILED = {"evaluations": [builders.evaluation(goal_success=False)]}
FORGIVEN = {"evaluations": [builders.evaluation(goal_success=False, human_goal_success=True)]}
OVERRULED = {"evaluations": [builders.evaluation(goal_success=True, human_goal_success=False)]}
LETTERS: dict[str, Json] = {
    "p": {},
    "f": FAILED,
    "u": {"status": "NO_ANSWER"},
    "v": {"status": "SYSTEM_ERROR"},
    "r": {"status": "IN_PROGRESS"},
    "y": FORGIVEN,
    "n": OVERRULED,
}
"""A conversation for each letter: passed, failed, unknown, void, running; corrected to yes and to no."""
NOW = datetime(2026, 11, 20, 10, 5, tzinfo=UTC)


def document(*callers: str, missing: int = 0, **fields: Any) -> Json:
    """Return a run with a word for each caller, whose letters are the conversations; callers count from 1."""
    results = [
        builders.result(100 * caller + number, digital_human_id=caller, **LETTERS[letter])
        for caller, word in enumerate(callers, 1)
        for number, letter in enumerate(word)
    ]
    return builders.response(*results, **{"total_tests": len(results) + missing} | fields)


def run(*callers: str, missing: int = 0, **fields: Any) -> Reading:
    return read(document(*callers, missing=missing, **fields))


def base(*callers: str, **fields: Any) -> Reading:
    return run(*callers, **{"id": "48101"} | fields)


def answer(*runs: Reading | Unreadable, base: Reading | Unreadable | None = None, **options: Any) -> Answer:
    return gate(runs, Options(**options), base)


EXAMPLE = run(*"ppppppppppppppp", *"fff", "u", "v")


@pytest.mark.parametrize(
    ("minimum", "expected"), [(75, ("ship", 0)), (80, ("inconclusive", 6)), (90, ("don't ship", 1))]
)
def test_the_oracle_computes_the_documented_results_of_the_example_run(
    minimum: int, expected: Answer
) -> None:
    assert answer(EXAMPLE, min_pass_rate=minimum) == expected
    rates = [judged_pass_rate(EXAMPLE), *bounds(EXAMPLE)]
    assert [round(float(rate or 0), 1) for rate in rates] == [83.3, 78.9, 84.2]


@pytest.mark.parametrize(
    ("callers", "expected"), [("p" * 10, [73, 100]), ("p" * 14, [80, 100]), ("pppppf", [36, 100])]
)
def test_the_oracle_computes_the_documented_intervals(callers: str, expected: list[int]) -> None:
    assert [round(end) for end in interval(run(*callers)) or ()] == expected


OTHERS = ["p" * 5] * 4
"""Callers that pass, so that a run is a measurement and keeps the other rules."""
RUNNING = run("f", *OTHERS, id="2", status="RUNNING")
UNCOUNTED = run("f", *OTHERS, id="2", total_tests=None)


@pytest.mark.parametrize(
    ("runs", "verdict"),
    [
        ([run("pp", *OTHERS)], "kept"),
        ([run("pv", *OTHERS)], "kept"),
        ([run("pu", *OTHERS)], "inconclusive"),
        ([run("u", *OTHERS)], "inconclusive"),
        ([run("v", *OTHERS)], "inconclusive"),
        ([run("ppf", *OTHERS)], "broken"),
        ([run("fu", *OTHERS)], "broken"),
        ([run("fv", *OTHERS)], "broken"),
        ([run("y", *OTHERS)], "kept"),
        ([run("n", *OTHERS)], "broken"),
        ([run("", *OTHERS)], "inconclusive"),
        ([run("", *OTHERS, missing=1)], "inconclusive"),
        ([run("p", *OTHERS, missing=1)], "kept"),
        ([run("p", *OTHERS), run("f", *OTHERS, id="2")], "broken"),
        ([run("v", *OTHERS), run("p", *OTHERS, id="2")], "kept"),
        ([run("p", *OTHERS), run("u", *OTHERS, id="2")], "inconclusive"),
        ([run("p", *OTHERS), RUNNING], "kept"),
        ([run("p", *OTHERS), UNCOUNTED], "kept"),
        ([run("p", *OTHERS), 3], "kept"),
        ([RUNNING], "inconclusive"),
    ],
)
def test_must_pass_looks_at_the_callers_conversations_in_all_settled_measurements(
    runs: Sequence[Reading | Unreadable], verdict: str
) -> None:
    [found] = must_pass_findings(runs, Options(must_pass=("1",)))
    assert (found.subject, found.verdict) == ("1", verdict)


def test_a_conversation_without_a_caller_is_not_one_of_the_caller_that_must_pass() -> None:
    alone = [builders.result(1, **FAILED), *(builders.result(n, digital_human_id=2) for n in range(2, 12))]
    reading = read(builders.response(*alone, total_tests=11))
    assert must_pass_findings([reading], Options(must_pass=("1",)))[0].verdict == "inconclusive"


SHIPS, REFUSED = run(*OTHERS), run(*["f"] * 5, id="3")
UNSURE, UNSETTLED = run(*"pppuu", id="4"), run(*OTHERS, "r", id="5")


@pytest.mark.parametrize(
    ("runs", "code"),
    [
        ([SHIPS], 0),
        ([SHIPS, run(*OTHERS, id="2")], 0),
        ([SHIPS, REFUSED], 1),
        ([3, REFUSED], 1),
        ([5, REFUSED], 1),
        ([UNSETTLED, REFUSED], 1),
        ([UNSURE, REFUSED], 1),
        ([REFUSED, 3, 5, UNSETTLED, UNSURE, SHIPS], 1),
        ([UNSURE, UNSETTLED, 5, 3, SHIPS], 3),
        ([UNSURE, UNSETTLED, 5, SHIPS], 5),
        ([UNSURE, UNSETTLED, SHIPS], 4),
        ([UNSURE, SHIPS], 6),
        ([3, SHIPS], 3),
        ([3], 3),
        ([5], 5),
    ],
)
def test_several_runs_have_the_exit_code_that_comes_first(
    runs: Sequence[Reading | Unreadable], code: int
) -> None:
    decision = {0: "ship", 1: "don't ship"}.get(code, "inconclusive")
    assert answer(*runs) == (decision, code)


@pytest.mark.parametrize(
    ("runs", "options", "code"),
    [
        ([run("f", *OTHERS)], {}, 1),
        ([run("u", *OTHERS)], {}, 6),
        ([run("p", *OTHERS)], {}, 0),
        ([run("f", *OTHERS, "r")], {}, 4),
        ([run("f", *OTHERS)], {"min_conversations": 100}, 6),
        ([run("f", *OTHERS), 3], {}, 1),
        ([run("u", *OTHERS), UNSETTLED], {}, 4),
        ([run("f", *OTHERS), UNSETTLED], {}, 1),
        ([run("p", "p")], {"min_pass_rate": 0}, 0),
        ([run("f", "p")], {"min_pass_rate": 0}, 1),
    ],
)
def test_a_caller_that_must_pass_decides_with_the_other_rules(
    runs: Sequence[Reading | Unreadable], options: Json, code: int
) -> None:
    assert answer(*runs, must_pass=("1",), **options)[1] == code


def test_a_run_to_which_no_rule_applies_is_inconclusive() -> None:
    assert answer(run("p", "p"), min_pass_rate=0) == ("inconclusive", 6)


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
def test_a_base_run_is_compared_with_at_least_five_callers(
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
def test_the_conditions_of_a_measurement_apply_to_the_base_run(unmet: Reading, options: Json) -> None:
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
def test_an_interval_with_an_end_at_0_is_neither_worse_nor_better(
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
def test_void_conversations_count_in_the_k_of_a_change(before: str, now: str, high: float) -> None:
    low, found = change(base(*[before] * 5), run(*[now] * 5), unknown=False) or (0, 0)
    assert (low, round(found, 4)) == (-1, high)


@pytest.mark.parametrize("others", [{"simulation_id": "732"}, {"id": "48213"}])
def test_two_simulations_and_a_run_with_itself_are_wrong_usage(others: Json) -> None:
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
def test_a_repeated_run_or_caller_and_a_base_of_two_runs_are_wrong_usage(
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
def test_a_base_run_decides_with_the_other_rules(
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
def test_only_an_end_time_gives_a_base_run_grace(end_time: str | None, age: int, is_settled: bool) -> None:
    times: Json = {"end_time": f"2026-11-20T{end_time}"} if end_time else {}
    unscored = builders.response(builders.result(evaluations=None, **times), total_tests=2)
    watch = Watch(NOW + timedelta(seconds=age), is_base=True)
    assert read(unscored, watch=watch).settled is is_settled


@pytest.mark.parametrize(
    ("reading", "minimum", "expected"),
    [
        (run(*"p" * 17, *"fff"), 80, 228),
        (run(*"p" * 18, *"ff"), 80, 55),
        (run(*"p" * 19, "f"), 80, 24),
        (run(*"p" * 17, *"uuu"), 80, 228),
        (run(*"p" * 17, missing=3), 80, 228),
        (run(*"p" * 17, *"fff", "v"), 80, 228),
        (run("p"), 80, 14),
        (run("ppppp"), 80, 14),
        (run(*["ppppp"] * 10), 80, 14),
        (run(*"p" * 81, *"f" * 19), 80, 1001),
        (run(*"p" * 16, *"ffff"), 80, None),
        (run(*"p" * 15, *"uuuuu"), 80, None),
        (run(*"p" * 10), 100, None),
        (run(*"p" * 14), 80, None),
    ],
)
def test_the_callers_needed_follow_from_the_callers_of_the_run(
    reading: Reading, minimum: int, expected: int | None
) -> None:
    found, *_ = findings(reading, Options(min_pass_rate=minimum, confident=True))
    assert found.callers_needed == expected


def test_the_callers_needed_are_told_only_with_confident() -> None:
    found, *_ = findings(run(*"p" * 17, *"uuu"), Options(min_pass_rate=86))
    assert (found.verdict, found.callers_needed) == ("inconclusive", None)


@pytest.mark.parametrize(
    ("aggregate", "scores", "expected"),
    [
        ("p90", "1111111129", 2),
        ("p90", "111111129", 9),
        ("p95", "11111111111111111129", 2),
        ("p10", "9876543210", 1),
        ("p10", "987654321", 1),
        ("p5", "99999999999999999921", 2),
        ("median", "1289", 2),
        ("mean", "1236", 3),
        ("mean", "123456", 3.5),
        ("mean", "36---", None),
        ("mean", "36--", 4.5),
        ("mean", "36--v", 4.5),
        ("mean", "36aaaa", 4.5),
        ("mean", "aaaa", None),
        ("mean", "36x", None),
        ("mean", "36c", 5),
    ],
)
def test_a_figure_is_computed_from_all_answers_but_those_of_void_conversations(
    aggregate: str, scores: str, expected: float | None
) -> None:
    """A digit is a score; a: not applicable; x: unreadable; c: corrected from 1 to 6; -: none; v: void, 9."""
    answers: Json = {
        "a": {"response_value": "N/A"},
        "x": {"response_value": "six"},
        "v": {"response_value": "9"},
    }
    answers["c"] = {"response_value": "1", "human_response_value": "6"}
    results = []
    for number, letter in enumerate(scores):
        metric = {"name": "score", "description": "", "response_type": "quantitative"}
        scored = metric | answers.get(letter, {"response_value": letter})
        metrics = [] if letter == "-" else [scored]
        fields = {"status": "SYSTEM_ERROR"} if letter == "v" else {}
        results.append(
            builders.result(number, evaluations=[builders.evaluation(custom_metrics=metrics)], **fields)
        )
    _, figure = judged(Rule(aggregate, "score", ">=", "0"), read(builders.response(*results)), None)
    assert figure == (None if expected is None else Fraction(str(expected)))
