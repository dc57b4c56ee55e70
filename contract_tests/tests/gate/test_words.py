"""The texts of a verdict: the first line, the line of each rule, and the notes."""

from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import Rules
from bluejay_results.gate.words import headline, pass_rate_text, rule_lines
from hypothesis import given
from hypothesis import strategies as st

from .. import builders
from .runs import FAILED, PASSED, UNKNOWN, VOID, callers, conversations, evaluated, metrics, run_of
from .test_precedence import BROKEN_BODY
from .verdicts import view_of

TWO_MISSING = run_of(*[PASSED] * 8, UNKNOWN, total_tests=11)
SLOW = evaluated(*[{"avg_agent_latency": each} for each in (900, 2100)])


@pytest.mark.parametrize(
    ("run", "rules", "line"),
    [
        (conversations(16, 3), {}, "ship: 16 of 19 passed, 84.2 % (at least 80 %)"),
        (
            conversations(15, 3, 1, 1),
            {},
            "inconclusive: 15 to 16 of 19 passed, 78.9 to 84.2 % (at least 80 %): 1 unknown, open 19",
        ),
        (
            conversations(15, 3, 1),
            {"min_pass_rate": 75},
            "ship: 15 to 16 of 19 passed, 78.9 to 84.2 % (at least 75 %)",
        ),
        (
            conversations(15, 3, 1),
            {"min_pass_rate": 90},
            "don't ship: 15 to 16 of 19 passed, 78.9 to 84.2 % (at least 90 %)",
        ),
        # The rate has as many digits as distinguish it from the minimum.
        (
            conversations(2, 1),
            {"min_pass_rate": 66.7},
            "don't ship: 2 of 3 passed, 66.67 % (at least 66.7 %)",
        ),
        (
            TWO_MISSING,
            {"max_void": 50},
            "inconclusive: 8 to 11 of 11 passed, 72.7 to 100.0 % (at least 80 %): 1 unknown and 2 missing, "
            "open 9",
        ),
        (
            conversations(9, 1),
            {"confident": True},
            "inconclusive: 9 of 10 passed, 90.0 %, interval 58.6 to 100.0 % (at least 80 %): the interval "
            "contains 80 %, more callers would decide",
        ),
        (
            callers(*[(5, 0)] * 9, (0, 5)),
            {},
            "don't ship: 1 of 10 callers always fail (at most 0): 109",
        ),
        (
            callers(*[(5, 0)] * 9, (0, 4, 1)),
            {},
            "inconclusive: 0 to 1 of 10 callers always fail (at most 0): 109, open 46",
        ),
        (
            SLOW,
            {"require": ["p90(latency.average) <= 1.5 s"]},
            "don't ship: the p90 of latency.average is 2.1 s (at most 1.5 s)",
        ),
        (
            conversations(1, 4),
            {"require": ["mean(x) >= 4"]},
            "don't ship: 1 of 5 passed, 20.0 % (at least 80 %)",
        ),
        (
            metrics("4"),
            {"require": ["mean(tone) >= 4"]},
            "inconclusive: the mean of tone can't be judged: no conversation has this metric; the run's "
            "metrics are politeness",
        ),
        (
            metrics("4"),
            {"min_pass_rate": 0, "require": ["mean(politeness) >= 4"]},
            "ship: the mean of politeness is 4 (at least 4)",
        ),
        (
            conversations(1),
            {"min_pass_rate": 0},
            "inconclusive: no rule applies: no caller has 5 conversations",
        ),
        (
            run_of(PASSED, VOID, total_tests=3),
            {},
            "inconclusive: not a measurement: 2 of 3 conversations void, 1 of them missing, 66.7 % "
            "(at most 20 %)",
        ),
        (
            conversations(unknown=2),
            {},
            "inconclusive: not a measurement: 0 of 2 conversations passed or failed (at least 1)",
        ),
        (
            run_of(PASSED, total_tests=None),
            {},
            "inconclusive: not a measurement: the run's count of conversations is null",
        ),
        (
            run_of(PASSED, FAILED, tests_passed=2),
            {},
            "inconclusive: not a measurement: the run counts 2 passed; by its conversations, 1 passed",
        ),
    ],
)
def test_the_first_line_is_the_decision_and_its_reason(
    run: SimulationRun, rules: dict[str, Any], line: str
) -> None:
    assert headline(view_of(run, Rules(**rules))) == line


def test_the_first_line_about_a_violation_names_the_first_one_and_its_path() -> None:
    assert headline(view_of(BROKEN_BODY)).startswith(
        "inconclusive: the run breaks the contract: Expected `int"
    )


@pytest.mark.parametrize(
    ("run", "line"),
    [
        (
            run_of(PASSED, {"status": "RUNNING"}, UNKNOWN, status="RUNNING", total_tests=5),
            "inconclusive: not settled: status RUNNING, 1 of 3 conversations under way, 2 missing",
        ),
        (run_of(PASSED, status="RUNNING"), "inconclusive: not settled: status RUNNING"),
        (run_of(status=None, total_tests=0), "inconclusive: not settled: status null"),
    ],
)
def test_the_first_line_about_a_run_that_is_not_settled_says_what_is_missing(
    run: SimulationRun, line: str
) -> None:
    assert headline(view_of(run)) == line


@given(st.integers(0, 5), st.integers(0, 5), st.integers(1, 5))
def test_the_conversation_in_the_first_line_is_the_first_of_the_list(
    passed: int, failed: int, unknown: int
) -> None:
    verdict = view_of(conversations(passed, failed, unknown))
    named = headline(verdict).partition(", open ")[2]
    listed = [*verdict.not_passed]
    assert named in {"", str(listed[0])}
    assert len(set(listed)) == len(listed) == failed + unknown


@pytest.mark.parametrize(
    ("run", "line"),
    [
        (conversations(3, 1), "3 of 4 passed, 75.0 %; 95 % interval 12.5 to 100.0 %"),
        (
            conversations(3, 1, 1),
            "3 of 4 passed, 75.0 %; 60.0 to 80.0 % with 1 unknown or missing; 95 % interval 12.5 to 100.0 %",
        ),
        (
            callers((3, 0), (0, 1)),
            "3 of 4 passed, 75.0 %; 95 % interval 0.0 to 100.0 %; mean of the callers' rates 50.0 %",
        ),
        (conversations(unknown=2), "no conversation passed or failed, 2 unknown or missing"),
    ],
)
def test_the_pass_rate_has_its_interval_and_its_bounds(run: SimulationRun, line: str) -> None:
    assert pass_rate_text(view_of(run).pass_rate) == line


def lines(run: SimulationRun, **rules: Any) -> dict[str, tuple[str, str, str]]:
    return {
        each.rule: (each.value, each.verdict, each.remark)
        for each in rule_lines(view_of(run, Rules(**rules)))
    }


def test_each_rule_is_written_as_the_user_writes_it() -> None:
    rules = {"require": ["p90( latency.p95 )<=1500ms", 'rate("a b") >= 95.50 %'], "min_pass_rate": 82.5}
    assert list(lines(conversations(1), **rules)) == [
        "min-conversations 1",
        "max-void 20",
        "total-tests",
        "counters",
        "min-pass-rate 82.5",
        "max-always-failing 0",
        "require p90(latency.p95) <= 1500 ms",
        'require rate("a b") >= 95.5 %',
    ]
    assert "min-pass-rate 80 confident" in lines(conversations(1), confident=True)


UNREADABLE = metrics("5", "5", "bad")
UNIT_UNKNOWN = evaluated({"avg_agent_latency": 100})


@pytest.mark.parametrize(
    ("run", "rule", "line"),
    [
        (SLOW, "max(latency.average) <= 1500 ms", ("2100 ms", "broken", "worst: 2")),
        (SLOW, "max(latency.average) <= 2.1 s", ("2.1 s", "kept", "")),
        (
            UNIT_UNKNOWN,
            "max(latency.average) <= 1 s",
            ("-", "inconclusive", "the latencies don't show their unit: set --latency-unit"),
        ),
        (UNREADABLE, "mean(politeness) >= 4", ("-", "inconclusive", "an answer can't be read: bad")),
        (
            metrics("a", kind="json"),
            "mean(politeness) >= 4",
            ("-", "inconclusive", "its type is json, not quantitative"),
        ),
        (
            metrics("4"),
            "rate(politeness) >= 4 %",
            ("-", "inconclusive", "its type is quantitative, not pass_fail or tool_call or yes_no"),
        ),
        (
            run_of(*[PASSED] * 3),
            "max(duration) <= 9 s",
            ("-", "inconclusive", "0 of 3 conversations have it, at least half are needed"),
        ),
        (run_of(PASSED), "mean(tone) >= 4", ("-", "inconclusive", "no conversation has a metric")),
        (
            evaluated({"hallucination": True}, {"hallucination": False}),
            "rate(hallucination) <= 5 %",
            ("50.0 %", "broken", "worst: 1"),
        ),
    ],
)
def test_the_line_of_a_figure_has_its_value_and_what_to_do(
    run: SimulationRun, rule: str, line: tuple[str, str, str]
) -> None:
    assert lines(run, require=[rule])[f"require {rule}"] == line


def test_a_remark_lists_at_most_ten_names() -> None:
    said = lines(metrics(*["1"] * 12), require=["min(politeness) >= 4"])["require min(politeness) >= 4"]
    assert said[2] == "worst: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more"


def test_conversations_whose_tool_calls_may_be_missing_are_noted() -> None:
    gap = {"tool_calls": [builders.tool_calls(actual=0)]}
    verdict = view_of(run_of({"tool_calls": [builders.tool_calls()]}, gap))
    assert str(verdict.run.notes[-1]) == (
        "verdicts or tool calls of 1 conversation may be missing: bluejay-results wait 48213 fetches them"
    )
