"""Values at a rule's limit, which the rule must not report. The mutants test values beyond a limit."""

from itertools import chain
from typing import Any

import pytest
from bluejay_contract.checks import bounds
from bluejay_contract.exchange import Exchange, Key
from bluejay_contract.operations import Page

from .. import builders
from .findings import answered, broken_by

response, result = builders.response, builders.result
EVALUATION = "$.simulation_results[0].evaluations[0]"


def _listed(**fields: Any) -> Any:
    return response(result(**fields))


def _evaluated(**fields: Any) -> Any:
    return _listed(evaluations=[builders.evaluation(**fields)])


def _metric(value: str, **fields: Any) -> Any:
    metric = {"name": "m", "description": "d", "response_type": "quantitative", "response_value": value}
    return _evaluated(custom_metrics=[metric | fields])


_START = "2026-11-19T16:04:10Z"
AT_THEIR_LIMITS = {
    "counters-not-negative": [response(total_tests=0, tests_passed=0, tests_failed=0)],
    "passed-and-failed-within-total": [
        response(status="RUNNING", total_tests=2, tests_passed=1, tests_failed=1)
    ],
    "completed-and-incompleted-add-up": [
        response(result(), total_tests=1, tests_completed=1, tests_incompleted=0),
        response(result(), total_tests=1, tests_incompleted=0),
    ],
    "end-after-start": [_listed(start_time=_START, end_time=_START)],
    "event-end-after-start": [_listed(events=[{"title": "a", "start_offset_ms": 9, "end_offset_ms": 9}])],
    "measures-not-negative": [
        _listed(events=[{"title": "a", "start_offset_ms": 0, "end_offset_ms": 0}], duration=0),
        _evaluated(num_turns=0, avg_agent_latency=0),
    ],
    "percentage-in-range": [_evaluated(agent_speak_percentage=each) for each in (0, 100)],
}
"""Values that each rule in `bounds.py` only just allows."""
WITH_TOLERANCE = {
    "start-after-run-created",
    "evaluation-after-end",
    "event-before-end",
    "not-in-the-far-future",
}
"""The limits of these rules are tested in `test_rules_of_times.py`."""


def test_every_range_rule_is_tested_with_a_value_at_its_limit() -> None:
    assert AT_THEIR_LIMITS.keys() | WITH_TOLERANCE == {each.name for each in bounds.RULES}


@pytest.mark.parametrize(
    "document",
    [
        *chain(*AT_THEIR_LIMITS.values()),
        response(result(), status="RUNNING", total_tests=2),
        response(status="INCOMPLETED", total_tests=2),
        _evaluated(custom_evals_success_rate=101),
        _evaluated(latency={"p50_agent_latency": 7, "p90_agent_latency": 7, "p95_agent_latency": 0}),
        _evaluated(latency={"p50_agent_latency": 9, "p90_agent_latency": 0, "p95_agent_latency": 9}),
        _evaluated(latency={"avg_agent_latency": 7, "max_agent_latency": 7}),
        _evaluated(latency={"avg_agent_latency": 7, "max_agent_latency": 0}),
        _metric("1", min_value=1, max_value=1),
        _metric("-7"),
        _metric("PASS", response_type="pass_fail"),
        _metric("fail", response_type="Pass_Fail"),
        _metric(" pass\n", response_type="pass_fail"),
        _metric("Yes", response_type="yes_no"),
        _metric(" yes\n", response_type="yes_no"),
        _metric("no", response_type="yes_no"),
        _metric("9", response_type="qualitative", min_value=1, max_value=5),
        _metric("a", response_type="enum", enum_options=["a", "b"]),
        _metric("c", response_type="enum", enum_options=[]),
        _metric('{"depot": "Nord"}', response_type="json"),
        _metric("called", response_type="tool_call"),
        _metric("6", human_response_value="5", min_value=1, max_value=5),
        _metric("c", human_response_value="a", response_type="enum", enum_options=["a"]),
        _metric("4", human_response_value=None),
        *(
            _metric(answer, response_type=kind, min_value=1, max_value=5, enum_options=["a"])
            for answer in ("Not applicable", "not_applicable", "N/A", "na")
            for kind in ("pass_fail", "yes_no", "quantitative", "enum", "json", "tool_call")
        ),
    ],
)
def test_values_at_a_limit_break_no_rule(document: Any) -> None:
    assert broken_by(answered(document)) == []


PASSED = [result(number) for number in (1, 2, 3)]
CORRECTED = [*PASSED[:2], result(3, evaluations=[builders.evaluation(human_goal_success=False)])]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (response(status="INITIALIZING"), response(status="RUNNING")),
        (response(status="RUNNING", total_tests=0), response(total_tests=3)),
        (response(tests_passed=1), response(tests_passed=1)),
        (response(tests_passed=0), response(tests_passed=None)),
        (response(), response(result())),
        (
            _listed(status="RUNNING", evaluations=[], start_time=None),
            _listed(start_time="2026-11-19T16:04:10Z"),
        ),
        (_listed(status="FAILED"), _listed(status="COMPLETED")),
        (response(*PASSED, tests_passed=3), response(*CORRECTED, tests_passed=2)),
        (response(*CORRECTED, tests_failed=1), response(*PASSED, tests_failed=0)),
        (response(result(), total_tests=1, tests_passed=1), {"simulation_run": None}),
        (response(result(), total_tests=1, tests_passed=1), []),
    ],
)
def test_two_reads_of_a_run_break_no_rule_if_they_are_consistent(before: Any, after: Any) -> None:
    assert broken_by(answered(before), answered(after)) == []


def test_a_counter_may_decrease_if_a_correction_on_another_page_could_explain_it() -> None:
    reads = [
        answered(response(result(), total_tests=2, tests_passed=passed), page=Page(limit=1))
        for passed in (2, 1)
    ]
    assert broken_by(*reads) == []


def _ended(**run: Any) -> dict[str, Any]:
    """A run whose only conversation has ended; with the status "missing", it has no status field."""
    document = response(result(), total_tests=1, tests_passed=1, **run)
    if run.get("status") == "missing":
        del document["simulation_run"]["status"]
    return document


NAMELESS_ENDS = [None, "missing", "FINALIZING"]
"""Statuses that don't show whether a run has ended; it has if all of its conversations have ended."""
UNDER_WAY = response(result(status="QUEUED", evaluations=[]), status=None, total_tests=1)
BACK = ["run-status-moves-forward at $.simulation_run.status"]


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [
        *(
            (_ended(status=before), _ended(status=after), [])
            for before in NAMELESS_ENDS
            for after in ("COMPLETED", *NAMELESS_ENDS)
        ),
        *(
            (_ended(status=before), _ended(status="RUNNING"), BACK)
            for before in (*NAMELESS_ENDS, "INCOMPLETED")
        ),
        (response(status="RUNNING"), response(status="INITIALIZING"), BACK),
        (UNDER_WAY, _ended(status="RUNNING"), []),
    ],
)
def test_a_run_that_has_ended_must_not_be_under_way_in_a_later_read(
    before: Any, after: Any, broken: list[str]
) -> None:
    assert broken_by(answered(before), answered(after)) == broken


EVALUATED = builders.evaluation()
SCHEMA = "response-schema-conformance at"


@pytest.mark.parametrize(
    ("exchange", "broken"),
    [
        (answered(b"<html>", 422, Key.MISSING), ["missing-header-named at $.detail", "json-body at body"]),
        (
            answered(_evaluated(sentiment_scores={"calm": 0.5, "odd key": "high"})),
            [f"{SCHEMA} {EVALUATION}.sentiment_scores['odd key']"],
        ),
        (
            answered({"simulation_run": {"id": "48213", "simulation_id": 7}}),
            [f"{SCHEMA} $.simulation_run.simulation_id", f"{SCHEMA} $.simulation_run"],
        ),
        (
            answered({"simulation_run": {"simulation_id": "1", "created_at": "2026-11-19T16:04:00Z"}}),
            [f"{SCHEMA} $.simulation_run"],
        ),
        (
            answered(response(result(), result(2, evaluations=[EVALUATED, EVALUATED | {"num_turns": ""}]))),
            [f"{SCHEMA} $.simulation_results[1].evaluations[1].num_turns"],
        ),
        (answered(response(id="other"), 404), ["known-undocumented-status at status"]),
        (
            answered(response(result(), status="CANCELLED", total_tests=2)),
            ["unknown-enum-value at $.simulation_run.status"],
        ),
        (
            answered(_evaluated(agent_speak_percentage=1.7976931348623157e308)),
            [f"percentage-in-range at {EVALUATION}.agent_speak_percentage"],
        ),
        (
            answered(_evaluated(agent_speak_percentage=10**400)),
            [f"portable-json at {EVALUATION}.agent_speak_percentage"],
        ),
    ],
)
def test_each_fault_breaks_only_its_own_rule_at_the_expected_path(
    exchange: Exchange, broken: list[str]
) -> None:
    assert broken_by(exchange) == broken
