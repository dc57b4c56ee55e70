"""Where the rules draw the line: what is just beyond it is found, what is on it is not."""

from typing import Any

import pytest
from bluejay_contract.exchange import Exchange, Key

from .. import builders
from .exchanges import answered, broken_by, found_in


def _evaluated(**fields: Any) -> Any:
    return builders.response(builders.result(evaluations=[builders.evaluation(**fields)]))


def _metric(value: str, **fields: Any) -> Any:
    metric = {
        "name": "m",
        "description": "d",
        "response_type": "quantitative",
        "response_value": value,
    } | fields
    return _evaluated(custom_metrics=[metric])


FAILED = builders.result(evaluations=[builders.evaluation(goal_success=False)])
EVALUATION = "$.simulation_results[0].evaluations[0]"
METRIC = f"{EVALUATION}.custom_metrics[0]"


@pytest.mark.parametrize(
    "document",
    [
        builders.response(builders.result(1), builders.result(2), tests_passed=2, total_tests=2),
        builders.response(FAILED, tests_passed=0, tests_failed=1, total_tests=1),
        builders.response(builders.result(), tests_completed=1, tests_incompleted=0, total_tests=1),
        builders.response(builders.result(status="RUNNING"), tests_passed=0, tests_failed=0, total_tests=1),
        builders.response(builders.result(), status="RUNNING", total_tests=2),
        builders.response(status="RUNNING", total_tests=2),
        builders.response(status="RUNNING", tests_passed=0, tests_failed=0, total_tests=2),
        builders.response(status="INCOMPLETED", total_tests=2),
        builders.response(total_tests=0),
        builders.response(
            builders.result(start_time="2026-11-19T16:04:10Z", end_time="2026-11-19T16:04:10Z")
        ),
        builders.response(builders.result(events=[{"title": "a", "start_offset_ms": 0, "end_offset_ms": 0}])),
        builders.response(builders.result(events=[{"title": "a", "start_offset_ms": 5, "end_offset_ms": 5}])),
        builders.response(builders.result(duration=0)),
        _evaluated(agent_speak_percentage=0, custom_evals_success_rate=101),
        _evaluated(num_turns=0, avg_agent_latency=0),
        _evaluated(latency={"p50_agent_latency": 7, "p90_agent_latency": 7, "p95_agent_latency": 0}),
        _evaluated(latency={"p50_agent_latency": 9, "p90_agent_latency": 0, "p95_agent_latency": 9}),
        _evaluated(latency={"avg_agent_latency": 7, "max_agent_latency": 7}),
        _evaluated(latency={"avg_agent_latency": 7, "max_agent_latency": 0}),
        _metric("1", min_value=1, max_value=1),
        _metric("3", min_value=1, max_value=5),
        _metric("-7"),
        _metric("PASS", response_type="pass_fail"),
        _metric("fail", response_type="Pass_Fail"),
        _metric("Yes", response_type="yes_no"),
        _metric("no", response_type="yes_no"),
        _metric("four", response_type="qualitative", min_value=1, max_value=5),
        _metric("9", response_type="qualitative", min_value=1, max_value=5),
        _metric("a", response_type="enum", enum_options=["a", "b"]),
        _metric("c", response_type="enum", enum_options=[]),
        _metric('{"depot": "Nord"}', response_type="json"),
        _metric("called", response_type="tool_call"),
        *(
            _metric(answer, response_type=kind, min_value=1, max_value=5, enum_options=["a"])
            for answer in ("Not applicable", "not_applicable", "N/A", "na")
            for kind in ("pass_fail", "yes_no", "quantitative", "enum", "json", "tool_call")
        ),
    ],
)
def test_values_at_a_limit_break_no_rule(document: Any) -> None:
    assert broken_by(answered(document)) == []


@pytest.mark.parametrize(
    ("document", "broken"),
    [
        (
            builders.response(FAILED, tests_passed=0, tests_failed=0, total_tests=1),
            "passed-and-failed-add-up at $.simulation_run.tests_passed",
        ),
        (
            builders.response(status="RUNNING", tests_passed=1, tests_failed=2, total_tests=2),
            "passed-and-failed-add-up at $.simulation_run.tests_passed",
        ),
        (builders.response(total_tests=1), "completed-run-has-results at $.simulation_results"),
        (
            builders.response(builders.result(), status="CANCELLED", total_tests=2),
            "unknown-enum-value at $.simulation_run.status",
        ),
        (
            builders.response(
                builders.result(start_time="2026-11-19T16:04:10", end_time="2026-11-19T16:04:09Z")
            ),
            "time-without-zone at $.simulation_results[0].start_time, "
            "end-after-start at $.simulation_results[0].end_time",
        ),
        (
            builders.response(
                builders.result(
                    tool_calls=[{"name": "a", "expected": [], "actual": [{"start_offset_ms": -1}]}]
                )
            ),
            "measures-not-negative at $.simulation_results[0].tool_calls[0].actual[0].start_offset_ms",
        ),
        (
            builders.response(
                builders.result(events=[{"title": "a", "start_offset_ms": -2, "end_offset_ms": -1}])
            ),
            "measures-not-negative at $.simulation_results[0].events[0].start_offset_ms, "
            "measures-not-negative at $.simulation_results[0].events[0].end_offset_ms",
        ),
        (
            _evaluated(agent_speak_percentage=101),
            f"percentage-in-range at {EVALUATION}.agent_speak_percentage",
        ),
        (
            _evaluated(filler_ignored_latency={"avg_filler_ignored_latency": -1}),
            f"measures-not-negative at {EVALUATION}.filler_ignored_latency.avg_filler_ignored_latency",
        ),
        (
            _evaluated(latency={"p50_agent_latency": 9, "p90_agent_latency": 0, "p95_agent_latency": 8}),
            f"percentiles-in-order at {EVALUATION}.latency.p95_agent_latency",
        ),
        (_metric("0", min_value=1), f"metric-in-range at {METRIC}.response_value"),
        (_metric("9", max_value=1), f"metric-in-range at {METRIC}.response_value"),
        (_metric("NaN"), f"metric-matches-type at {METRIC}.response_value"),
        (_metric("1e400", max_value=1), f"metric-matches-type at {METRIC}.response_value"),
        (_metric("passed", response_type="pass_fail"), f"metric-matches-type at {METRIC}.response_value"),
        (_metric("", response_type="YES_NO"), f"metric-matches-type at {METRIC}.response_value"),
        (_metric("{", response_type="json"), f"metric-matches-type at {METRIC}.response_value"),
        (_metric("x", response_type="duration"), f"unknown-metric-type at {METRIC}.response_type"),
    ],
)
def test_values_just_beyond_a_limit_break_their_rule(document: Any, broken: str) -> None:
    assert ", ".join(broken_by(answered(document))) == broken


@pytest.mark.parametrize("counter", ["total", "passed", "failed", "completed", "incompleted"])
def test_each_counter_of_a_run_may_not_be_negative(counter: str) -> None:
    name = "total_tests" if counter == "total" else f"tests_{counter}"
    broken = broken_by(answered(builders.response(status="RUNNING", **{name: -1})))
    assert broken == [f"counters-not-negative at $.simulation_run.{name}"]


@pytest.mark.parametrize("pair", [("p50", "p90"), ("p90", "p95"), ("p95", "p99"), ("p99", "max")])
@pytest.mark.parametrize(
    ("group", "suffix"), [("latency", "agent_latency"), ("filler_ignored_latency", "filler_ignored_latency")]
)
def test_each_percentile_may_not_be_above_the_next(pair: tuple[str, str], group: str, suffix: str) -> None:
    lower, higher = (f"{each}_{suffix}" for each in pair)
    broken = broken_by(answered(_evaluated(**{group: {lower: 2, higher: 1}})))
    assert f"percentiles-in-order at {EVALUATION}.{group}.{higher}" in broken


COUNTERS = ("tests_passed", "tests_failed", "tests_completed", "tests_incompleted")


@pytest.mark.parametrize(
    ("rule", "name", "before", "after"),
    [
        *(("counters-never-decrease", name, 2, now) for name in COUNTERS for now in (1, None, "1")),
        *(("run-identity-unchanged", name, "1", "2") for name in ("id", "simulation_id", "created_at")),
        ("run-identity-unchanged", "total_tests", "1", "2"),
        ("run-status-moves-forward", "status", "RUNNING", "INITIALIZING"),
    ],
)
def test_a_run_may_not_change_in_these_ways_between_two_reads(
    rule: str, name: str, before: Any, after: Any
) -> None:
    reads = (answered(builders.response(**{"status": "RUNNING", name: value})) for value in (before, after))
    assert broken_by(*reads) == [f"{rule} at $.simulation_run.{name}"]


def _ended(**run: Any) -> dict[str, Any]:
    """A run of one conversation, which has ended; a status of "missing" leaves the field out."""
    document = builders.response(builders.result(), total_tests=1, tests_passed=1, **run)
    if run.get("status") == "missing":
        del document["simulation_run"]["status"]
    return document


NAMELESS_ENDS = [None, "missing", "FINALIZING"]
"""Statuses that don't name an end: such a run has ended once all of its conversations have."""


@pytest.mark.parametrize("before", NAMELESS_ENDS)
@pytest.mark.parametrize("after", ["COMPLETED", "INCOMPLETED", *NAMELESS_ENDS])
def test_a_run_that_has_ended_without_a_known_status_may_get_a_status(
    before: str | None, after: str | None
) -> None:
    assert broken_by(answered(_ended(status=before)), answered(_ended(status=after))) == []


@pytest.mark.parametrize("before", [*NAMELESS_ENDS, "COMPLETED", "INCOMPLETED"])
def test_a_run_that_has_ended_may_not_be_under_way_again(before: str | None) -> None:
    found = found_in(answered(_ended(status=before)), answered(_ended(status="RUNNING")))
    assert [each.rule for each in found] == ["run-status-moves-forward"]


def test_a_run_that_continues_after_a_missing_status_breaks_no_rule() -> None:
    """Neither read has ended, so the ends of the later one say nothing about the earlier one."""
    under_way = builders.response(builders.result(status="QUEUED", evaluations=[]), total_tests=1)
    del under_way["simulation_run"]["status"]
    assert broken_by(answered(under_way), answered(_ended(status="COMPLETED"))) == []


@pytest.mark.parametrize("name", ["digital_human_id", "start_time"])
def test_the_identity_of_a_result_may_not_change(name: str) -> None:
    reads = (answered(builders.response(builders.result(1, **{name: value}))) for value in ("1", "2"))
    assert broken_by(*reads) == [f"result-identity-unchanged at $.simulation_results[0].{name}"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (builders.response(status="INITIALIZING"), builders.response(status="RUNNING")),
        (builders.response(status="RUNNING"), builders.response()),
        (builders.response(status="RUNNING", total_tests=0), builders.response(total_tests=3)),
        (builders.response(tests_passed=1), builders.response(tests_passed=1)),
        (builders.response(tests_passed=0), builders.response(tests_passed=None)),
        (builders.response(), builders.response(builders.result())),
        (
            builders.response(builders.result(status="RUNNING", evaluations=[], start_time=None)),
            builders.response(builders.result(start_time="2026-11-19T16:04:10Z")),
        ),
        (
            builders.response(builders.result(status="FAILED")),
            builders.response(builders.result(status="COMPLETED")),
        ),
        (builders.response(builders.result(), total_tests=1, tests_passed=1), {"simulation_run": None}),
        (builders.response(builders.result(), total_tests=1, tests_passed=1), []),
    ],
)
def test_a_later_read_that_is_consistent_with_an_earlier_one_breaks_no_rule(before: Any, after: Any) -> None:
    assert broken_by(answered(before), answered(after)) == []


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
        (answered(builders.response(id="other"), 404), ["known-undocumented-status at status"]),
        (
            answered(_evaluated(agent_speak_percentage=1.7976931348623157e308)),
            [f"percentage-in-range at {EVALUATION}.agent_speak_percentage"],
        ),
        (
            answered(_evaluated(agent_speak_percentage=10**400)),
            [f"portable-json at {EVALUATION}.agent_speak_percentage"],
        ),
    ],
    ids=["no JSON", "free-form", "two faults", "no run id", "an error", "largest float", "beyond a float"],
)
def test_each_fault_breaks_only_its_own_rule_at_the_expected_path(
    exchange: Exchange, broken: list[str]
) -> None:
    assert broken_by(exchange) == broken
