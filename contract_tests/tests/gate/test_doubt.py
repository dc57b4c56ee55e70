"""Doubt: each run here would ship if doubt were ignored."""

from typing import Any

import attrs
import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import Decision, Rules, RuleVerdict, gate

from .. import builders
from .cases import BROKEN, KEPT, LENIENT, UNSURE, verdict_of
from .runs import FAILED, PASSED, callers, conversations, run_of

TOOLS: dict[str, Any] = {"tool_calls": [builders.tool_calls()]}
EIGHTY_PERCENT = [TOOLS] * 8 + [FAILED | TOOLS] * 2
"""The pass rate is exactly at the threshold: one more failure breaks the rule. All called their tool."""
SILENT: dict[str, Any] = {"tool_calls": [builders.tool_calls(actual=0)]}
NO_VERDICT: dict[str, Any] = {"evaluations": None}
ONE_OF_TWO: dict[str, Any] = {"tool_calls": [builders.tool_calls("a"), builders.tool_calls("b", actual=0)]}


def _goals(*goals: bool | None, times: tuple[str | None, ...]) -> dict[str, Any]:
    """A conversation that called its tool; it has evaluations with these goal verdicts and times."""
    return TOOLS | {
        "evaluations": [
            builders.evaluation(goal_success=goal, **({"created_at": time} if time else {}))
            for goal, time in zip(goals, times, strict=True)
        ]
    }


NOON, ONE_O_CLOCK = "2026-11-19T12:00:00Z", "2026-11-19T13:00:00Z"

DOUBTFUL = {
    "no call is recorded for its tools": run_of(*EIGHTY_PERCENT, SILENT),
    "it ended without an evaluation": run_of(*EIGHTY_PERCENT, NO_VERDICT),
    "its goal verdict is null": run_of(
        *EIGHTY_PERCENT, {"evaluations": [builders.evaluation(goal_success=None)]}
    ),
    "it ended in ERROR without a verdict": run_of(*EIGHTY_PERCENT, {"status": "ERROR"} | NO_VERDICT),
    "it ended in FAILED with its goal reached": run_of(*EIGHTY_PERCENT, {"status": "FAILED"}),
    "nobody answered": run_of(*EIGHTY_PERCENT, {"status": "No RuleVerdict"} | NO_VERDICT),
    "the call was rejected": run_of(*EIGHTY_PERCENT, {"status": "REJECTED"} | NO_VERDICT),
    "it is missing from the list": run_of(*EIGHTY_PERCENT, total_tests=11),
    "its run was cut short": run_of(
        *EIGHTY_PERCENT, {"status": "RUNNING"} | NO_VERDICT, status="INCOMPLETED"
    ),
    "the list may have left out its tool calls": run_of(
        *EIGHTY_PERCENT[1:], {"digital_human_id": 7, "tool_calls": None}
    ),
    "its evaluations were created at the same time": run_of(
        *EIGHTY_PERCENT[1:], _goals(False, True, times=(NOON, NOON))
    ),
    "the time of an evaluation is missing": run_of(
        *EIGHTY_PERCENT[1:], _goals(False, True, times=(None, NOON))
    ),
}


@pytest.mark.parametrize("run", [pytest.param(run, id=reason) for reason, run in DOUBTFUL.items()])
def test_a_run_does_not_ship_if_a_doubtful_conversation_may_have_failed(run: SimulationRun) -> None:
    verdict = gate(run)
    [rate] = [each for each in verdict.quality if each.rule == "min-pass-rate"]
    assert verdict.decision is Decision.INCONCLUSIVE, verdict.reason
    assert "1 conversation may have failed" in rate.explanation


CERTAIN = {
    **{
        status: run_of(*EIGHTY_PERCENT, {"status": status} | NO_VERDICT)
        for status in (
            "NO_CONNECTION", "OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "CANCELLED", "INCOMPLETED",
        )
    },
    "evaluations in order": run_of(*EIGHTY_PERCENT[1:], _goals(False, True, times=(NOON, ONE_O_CLOCK))),
    "evaluations that agree": run_of(*EIGHTY_PERCENT[1:], _goals(True, True, times=(NOON, NOON))),
    "a tie of older evaluations": run_of(
        *EIGHTY_PERCENT[1:], _goals(False, True, True, times=(NOON, NOON, ONE_O_CLOCK))
    ),
}  # fmt: skip


@pytest.mark.parametrize("run", [pytest.param(run, id=reason) for reason, run in CERTAIN.items()])
def test_a_conversation_that_certainly_did_not_fail_raises_no_doubt(run: SimulationRun) -> None:
    assert gate(run).ships


def test_a_run_with_ten_silent_conversations_of_fifty_does_not_ship() -> None:
    verdict = gate(run_of(*[TOOLS] * 32, *[FAILED | TOOLS] * 8, *[SILENT] * 10))
    assert verdict.reason == (
        "inconclusive: min-pass-rate: 10 conversations may have failed: open 41; if counted as failed: 32 of "
        "50 judged conversations passed, 64.0 %"
    )


def test_doubt_that_cannot_break_a_rule_does_not_matter() -> None:
    assert gate(run_of(*[TOOLS] * 90, *[SILENT] * 10)).ships


def test_a_broken_rule_stays_broken_whatever_the_doubt() -> None:
    assert gate(run_of(PASSED, *[FAILED] * 4, SILENT)).decision is Decision.DO_NOT_SHIP


def _of(caller: int, *conversations: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"digital_human_id": caller} | each for each in conversations]


def _slow(**fields: Any) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(avg_agent_latency=9000, **fields)]}


PASSING = [each for caller in range(20, 39) for each in _of(caller, *[TOOLS] * 3)]
FAILED_TWICE = [*PASSING, *_of(9, *[FAILED | TOOLS] * 2)]
MOSTLY_PASSED = [*[TOOLS] * 95, *[FAILED] * 5]
INTERVAL: dict[str, Any] = {"min_pass_rate": 85, "confidence": 0.95}
ALWAYS: dict[str, Any] = {"max_always_failing": 0}
AVERAGE: dict[str, Any] = {"max_latency": {"average": 1000}}
TEN_CALLERS: dict[str, Any] = {"baseline": callers(*[(3, 0)] * 10, id="1")}
ONE_IN_DOUBT = run_of(*_of(100, *[TOOLS] * 3, _goals(True, False, times=(NOON, NOON))), id="1")
BY_RULE: dict[str, tuple[dict[str, Any], SimulationRun, RuleVerdict]] = {
    "interval": (INTERVAL, run_of(*MOSTLY_PASSED), KEPT),
    "interval, silent conversations": (INTERVAL, run_of(*MOSTLY_PASSED, *[SILENT] * 5), UNSURE),
    "interval, missing conversations": (INTERVAL, run_of(*MOSTLY_PASSED, total_tests=105), UNSURE),
    "tools, no call recorded": ({"require_tools": True}, run_of(TOOLS, TOOLS, SILENT), UNSURE),
    "tools, incomplete": ({"require_tools": True}, run_of(*_of(7, TOOLS, {"tool_calls": []})), UNSURE),
    "tools, no verdict": ({"require_tools": True}, run_of(TOOLS, TOOLS | NO_VERDICT), UNSURE),
    "tools, one missing": ({"require_tools": True}, run_of(TOOLS, ONE_OF_TWO, SILENT), BROKEN),
    "silent caller": (ALWAYS, run_of(*PASSING, *_of(9, *[SILENT] * 3)), UNSURE),
    "two of three failed": (ALWAYS, run_of(*FAILED_TWICE), KEPT),
    "the third is missing": (ALWAYS, run_of(*FAILED_TWICE, total_tests=60), UNSURE),
    "silent since the baseline": (
        {"baseline": callers((3, 0), (3, 0), id="1")},
        run_of(*_of(100, *[SILENT] * 3), *_of(101, *[TOOLS] * 3)),
        UNSURE,
    ),
    "doubt in the baseline counts as passed": ({"baseline": ONE_IN_DOUBT}, callers((0, 3)), UNSURE),
    "caller absent since the baseline": (TEN_CALLERS, callers(*[(3, 0)] * 9), KEPT),
    "absent caller and missing conversations": (TEN_CALLERS, callers(*[(3, 0)] * 9, total_tests=30), UNSURE),
    "silent with a value": (AVERAGE, run_of(*[PASSED] * 3, SILENT | _slow()), UNSURE),
    "in doubt without a value": (AVERAGE, run_of(*[PASSED] * 3, *[NO_VERDICT] * 9), KEPT),
}


@pytest.mark.parametrize(("rules", "run", "expected"), BY_RULE.values(), ids=BY_RULE)
def test_each_rule_counts_doubt_and_missing_conversations_against_the_run(
    rules: dict[str, Any], run: SimulationRun, expected: RuleVerdict
) -> None:
    assert verdict_of(run, **rules) is expected


def test_doubt_never_changes_a_rule_that_does_not_apply() -> None:
    verdict = gate(run_of(*[TOOLS] * 9, SILENT))
    assert {each.rule: each.verdict for each in verdict.quality} == {
        "min-pass-rate": KEPT,
        "max-always-failing": RuleVerdict.NOT_APPLICABLE,
    }


def test_validity_rules_ignore_doubt() -> None:
    verdict = gate(
        run_of(*[TOOLS] * 8, SILENT, SILENT), attrs.evolve(LENIENT, max_void=20, min_conversations=8)
    )
    assert {each.verdict for each in verdict.validity} == {KEPT}


def test_few_conversations_are_noted_with_the_chance_that_a_bad_agent_ships() -> None:
    assert gate(conversations(4, 1)).notes == (
        "few conversations: with 5 judged, an agent with a pass rate of 60 % would ship in 34 % of runs "
        "(with 20 judged: 5 %)",
    )
    assert gate(conversations(9, 2)).notes == (
        "few conversations: with 11 judged, an agent with a pass rate of 60 % would ship in 12 % of runs "
        "(with 20 judged: 5 %)",
    )
    assert gate(conversations(10, 2)).notes == ()


def test_few_conversations_are_noted_only_with_a_pass_rate_rule_without_confidence() -> None:
    assert gate(conversations(4, 1), Rules(confidence=0.95)).notes == ()
    assert gate(conversations(4, 1), Rules(min_pass_rate=0)).notes == ()
