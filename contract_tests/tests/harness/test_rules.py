"""The limits of the rules: a value just beyond a limit is found, a value at the limit is not."""

from typing import Any

import pytest
from bluejay_contract.exchange import Exchange, Key

from .. import builders
from .exchanges import answered, broken_by, found_in

response, result = builders.response, builders.result
RESULT = "$.simulation_results[0]"
EVALUATION = f"{RESULT}.evaluations[0]"
METRIC = f"{EVALUATION}.custom_metrics[0]"
FAILED = result(evaluations=[builders.evaluation(goal_success=False)])


def _listed(**fields: Any) -> Any:
    """A run with one conversation."""
    return response(result(**fields))


def _evaluated(**fields: Any) -> Any:
    return _listed(evaluations=[builders.evaluation(**fields)])


def _metric(value: str, **fields: Any) -> Any:
    metric = {"name": "m", "description": "d", "response_type": "quantitative", "response_value": value}
    return _evaluated(custom_metrics=[metric | fields])


def _event(start: int, end: int) -> Any:
    return _listed(events=[{"title": "a", "start_offset_ms": start, "end_offset_ms": end}])


@pytest.mark.parametrize(
    "document",
    [
        response(result(1), result(2), tests_passed=2, total_tests=2),
        response(FAILED, tests_passed=0, tests_failed=1, total_tests=1),
        response(result(), tests_completed=1, tests_incompleted=0, total_tests=1),
        response(result(status="RUNNING"), tests_passed=0, tests_failed=0, total_tests=1),
        response(result(), status="RUNNING", total_tests=2),
        response(status="RUNNING", total_tests=2),
        response(status="RUNNING", tests_passed=0, tests_failed=0, total_tests=2),
        response(status="INCOMPLETED", total_tests=2),
        response(total_tests=0),
        _listed(start_time="2026-11-19T16:04:10Z", end_time="2026-11-19T16:04:10Z"),
        _event(0, 0),
        _event(5, 5),
        _listed(duration=0),
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
    ("document", "rule", "path"),
    [
        (
            response(FAILED, tests_passed=0, tests_failed=0, total_tests=1),
            "passed-and-failed-add-up",
            "$.simulation_run.tests_passed",
        ),
        (
            response(status="RUNNING", tests_passed=1, tests_failed=2, total_tests=2),
            "passed-and-failed-add-up",
            "$.simulation_run.tests_passed",
        ),
        (response(total_tests=1), "completed-run-has-results", "$.simulation_results"),
        (
            response(result(), status="CANCELLED", total_tests=2),
            "unknown-enum-value",
            "$.simulation_run.status",
        ),
        (
            _evaluated(agent_speak_percentage=101),
            "percentage-in-range",
            f"{EVALUATION}.agent_speak_percentage",
        ),
        (
            _evaluated(filler_ignored_latency={"avg_filler_ignored_latency": -1}),
            "measures-not-negative",
            f"{EVALUATION}.filler_ignored_latency.avg_filler_ignored_latency",
        ),
        (
            _listed(tool_calls=[{"name": "a", "expected": [], "actual": [{"start_offset_ms": -1}]}]),
            "measures-not-negative",
            f"{RESULT}.tool_calls[0].actual[0].start_offset_ms",
        ),
        (
            _evaluated(latency={"p50_agent_latency": 9, "p90_agent_latency": 0, "p95_agent_latency": 8}),
            "percentiles-in-order",
            f"{EVALUATION}.latency.p95_agent_latency",
        ),
        (_metric("0", min_value=1), "metric-in-range", f"{METRIC}.response_value"),
        (_metric("9", max_value=1), "metric-in-range", f"{METRIC}.response_value"),
        (_metric("NaN"), "metric-matches-type", f"{METRIC}.response_value"),
        (_metric("1e400", max_value=1), "metric-matches-type", f"{METRIC}.response_value"),
        (_metric("passed", response_type="pass_fail"), "metric-matches-type", f"{METRIC}.response_value"),
        (_metric("", response_type="YES_NO"), "metric-matches-type", f"{METRIC}.response_value"),
        (_metric("{", response_type="json"), "metric-matches-type", f"{METRIC}.response_value"),
        (_metric("x", response_type="duration"), "unknown-metric-type", f"{METRIC}.response_type"),
    ],
)
def test_a_value_just_beyond_a_limit_breaks_its_rule(document: Any, rule: str, path: str) -> None:
    assert broken_by(answered(document)) == [f"{rule} at {path}"]


def test_a_time_without_a_zone_is_still_compared() -> None:
    document = _listed(start_time="2026-11-19T16:04:10", end_time="2026-11-19T16:04:09Z")
    assert broken_by(answered(document)) == [
        f"time-without-zone at {RESULT}.start_time",
        f"end-after-start at {RESULT}.end_time",
    ]


def test_both_offsets_of_an_event_may_not_be_negative() -> None:
    assert broken_by(answered(_event(-2, -1))) == [
        f"measures-not-negative at {RESULT}.events[0].start_offset_ms",
        f"measures-not-negative at {RESULT}.events[0].end_offset_ms",
    ]


@pytest.mark.parametrize("counter", ["tests_passed", "tests_incompleted"])
def test_a_counter_of_a_run_may_not_be_negative(counter: str) -> None:
    broken = broken_by(answered(response(status="RUNNING", **{counter: -1})))
    assert broken == [f"counters-not-negative at $.simulation_run.{counter}"]


@pytest.mark.parametrize(
    ("group", "suffix"), [("latency", "agent_latency"), ("filler_ignored_latency", "filler_ignored_latency")]
)
def test_no_percentile_may_be_above_the_next(group: str, suffix: str) -> None:
    names = [f"{each}_{suffix}" for each in ("p50", "p90", "p95", "p99")]
    falling = dict(zip(names, (9, 8, 7, 6), strict=True))
    found = broken_by(answered(_evaluated(**{group: falling})))
    assert found == [f"percentiles-in-order at {EVALUATION}.{group}.{name}" for name in names[1:]]


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
def test_a_forbidden_change_of_a_run_between_two_reads_breaks_a_rule(
    rule: str, name: str, before: Any, after: Any
) -> None:
    reads = (answered(response(**{"status": "RUNNING", name: value})) for value in (before, after))
    assert broken_by(*reads) == [f"{rule} at $.simulation_run.{name}"]


def _ended(**run: Any) -> dict[str, Any]:
    """A run of one conversation, which has ended; a status of "missing" leaves the field out."""
    document = response(result(), total_tests=1, tests_passed=1, **run)
    if run.get("status") == "missing":
        del document["simulation_run"]["status"]
    return document


NAMELESS_ENDS = [None, "missing", "FINALIZING"]
"""Statuses that don't state an end: the run has ended once all of its conversations have ended."""


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
    """In the first read a conversation is queued. So the run has not ended, and may be RUNNING later."""
    under_way = response(result(status="QUEUED", evaluations=[]), total_tests=1)
    del under_way["simulation_run"]["status"]
    assert broken_by(answered(under_way), answered(_ended(status="RUNNING"))) == []


@pytest.mark.parametrize("name", ["digital_human_id", "start_time"])
def test_the_identity_of_a_result_may_not_change(name: str) -> None:
    reads = (answered(response(result(1, **{name: value}))) for value in ("1", "2"))
    assert broken_by(*reads) == [f"result-identity-unchanged at $.simulation_results[0].{name}"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (response(status="INITIALIZING"), response(status="RUNNING")),
        (response(status="RUNNING"), response()),
        (response(status="RUNNING", total_tests=0), response(total_tests=3)),
        (response(tests_passed=1), response(tests_passed=1)),
        (response(tests_passed=0), response(tests_passed=None)),
        (response(), response(result())),
        (
            _listed(status="RUNNING", evaluations=[], start_time=None),
            _listed(start_time="2026-11-19T16:04:10Z"),
        ),
        (_listed(status="FAILED"), _listed(status="COMPLETED")),
        (response(result(), total_tests=1, tests_passed=1), {"simulation_run": None}),
        (response(result(), total_tests=1, tests_passed=1), []),
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
        (answered(response(id="other"), 404), ["known-undocumented-status at status"]),
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
