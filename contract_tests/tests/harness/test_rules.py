"""Where the rules draw the line: what is just beyond it is found, what is on it is not."""

from typing import Any

import pytest
from bluejay_contract.checks import check, check_sequence
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request

from .. import builders

CONTRACT = Contract.load()


def _exchange(document: Any, status: int = 200, key: Key = Key.VALID, **request: Any) -> Exchange:
    return Exchange(Request("48213", key, **request), status, JSON_HEADERS, builders.encoded(document))


def _broken(document: Any, status: int = 200, key: Key = Key.VALID, **request: Any) -> list[str]:
    found = check(CONTRACT, _exchange(document, status, key, **request))
    return [f"{failure.rule} at {failure.path}" for failure in found]


def _broken_by_two(earlier: Any, later: Any) -> list[str]:
    found = check_sequence(_exchange(earlier), _exchange(later))
    return [f"{failure.rule} at {failure.path}" for failure in found]


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
    assert _broken(document) == []


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
    assert ", ".join(_broken(document)) == broken


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("total_tests", -1),
        ("tests_passed", -1),
        ("tests_failed", -1),
        ("tests_completed", -1),
        ("tests_incompleted", -1),
    ],
)
def test_each_counter_of_a_run_may_not_be_negative(name: str, value: int) -> None:
    broken = _broken(builders.response(status="RUNNING", **{name: value}))
    assert broken == [f"counters-not-negative at $.simulation_run.{name}"]


@pytest.mark.parametrize("pair", [("p50", "p90"), ("p90", "p95"), ("p95", "p99"), ("p99", "max")])
@pytest.mark.parametrize(
    ("group", "suffix"), [("latency", "agent_latency"), ("filler_ignored_latency", "filler_ignored_latency")]
)
def test_each_percentile_may_not_be_above_the_next(pair: tuple[str, str], group: str, suffix: str) -> None:
    lower, higher = (f"{each}_{suffix}" for each in pair)
    broken = _broken(_evaluated(**{group: {lower: 2, higher: 1}}))
    assert f"percentiles-in-order at {EVALUATION}.{group}.{higher}" in broken


@pytest.mark.parametrize("name", ["tests_passed", "tests_failed", "tests_completed", "tests_incompleted"])
@pytest.mark.parametrize("now", [1, None, "1"])
def test_each_counter_of_a_run_may_not_decrease(name: str, now: Any) -> None:
    before, after = (builders.response(status="RUNNING", **{name: value}) for value in (2, now))
    assert _broken_by_two(before, after) == [f"counters-never-decrease at $.simulation_run.{name}"]


@pytest.mark.parametrize("name", ["id", "simulation_id", "created_at", "total_tests"])
def test_the_identity_of_a_run_may_not_change(name: str) -> None:
    before, after = (builders.response(status="RUNNING", **{name: value}) for value in ("1", "2"))
    assert _broken_by_two(before, after) == [f"run-identity-unchanged at $.simulation_run.{name}"]


@pytest.mark.parametrize("name", ["digital_human_id", "start_time"])
def test_the_identity_of_a_result_may_not_change(name: str) -> None:
    before, after = (builders.response(builders.result(1, **{name: value})) for value in ("1", "2"))
    assert _broken_by_two(before, after) == [f"result-identity-unchanged at $.simulation_results[0].{name}"]


def test_a_run_that_was_running_may_not_initialize_again() -> None:
    before, after = (builders.response(status=status) for status in ("RUNNING", "INITIALIZING"))
    assert _broken_by_two(before, after) == ["run-status-moves-forward at $.simulation_run.status"]


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
def test_a_later_read_that_is_consistent_with_the_earlier_breaks_no_rule(before: Any, after: Any) -> None:
    assert _broken_by_two(before, after) == []


@pytest.mark.parametrize(
    ("status", "key", "broken"),
    [
        (401, Key.WRONG, []),
        (403, Key.WRONG, []),
        (401, Key.VALID, ["known-undocumented-status at status"]),
        (404, Key.WRONG, ["known-undocumented-status at status"]),
        (500, Key.VALID, ["known-undocumented-status at status"]),
        (511, Key.VALID, ["known-undocumented-status at status"]),
        (512, Key.VALID, ["status-code-conformance at status"]),
        (520, Key.VALID, ["known-undocumented-status at status"]),
        (527, Key.VALID, ["known-undocumented-status at status"]),
        (528, Key.VALID, ["status-code-conformance at status"]),
        (299, Key.WRONG, ["status-code-conformance at status", "ignored-auth at status"]),
        (300, Key.WRONG, ["status-code-conformance at status"]),
    ],
)
def test_the_rules_that_a_status_breaks_depend_on_the_key(status: int, key: Key, broken: list[str]) -> None:
    assert _broken({}, status, key) == broken


def test_a_405_to_a_get_is_a_violation() -> None:
    (failure,) = check(CONTRACT, _exchange({}, 405))
    assert (failure.rule, failure.path, failure.expected) == (
        "unsupported-method",
        "status",
        "no 405 to a GET",
    )


@pytest.mark.parametrize(("status", "broken"), [(404, []), (500, ["known-undocumented-status at status"])])
def test_an_unknown_run_may_get_a_404(status: int, broken: list[str]) -> None:
    assert _broken({}, status, is_of_a_run=False) == broken


@pytest.mark.parametrize("allowed", ["GET", "HEAD,GET", "POST, GET"])
def test_the_allow_header_of_a_405_may_list_other_methods_too(allowed: str) -> None:
    exchange = Exchange(Request("r", Key.VALID, "POST"), 405, {"allow": allowed}, b"")
    assert check(CONTRACT, exchange) == []


def test_a_422_about_a_parameter_breaks_no_rule() -> None:
    errors = [{"loc": ["header", "X-API-Key", 0], "msg": "a", "type": "b"}] * 2
    assert _broken({"detail": errors[:1]}, 422, Key.WRONG) == []


@pytest.mark.parametrize("charset", ["", "; charset=UTF-8", "; charset=utf8", "; Charset=utf-8; q=1"])
def test_any_spelling_of_the_json_content_type_is_accepted(charset: str) -> None:
    headers = {"content-type": f"Application/JSON{charset}"}
    body = builders.encoded(builders.response())
    assert check(CONTRACT, Exchange(Request("48213", Key.VALID), 200, headers, body)) == []


NOT_NAMED = ["missing-header-named at $.detail", "validation-error-details at $.detail[0].loc"]


@pytest.mark.parametrize(
    ("location", "broken"),
    [
        (["header", "x-api-key"], []),
        (["header", "X-API-KEY", 0], []),
        (["HEADER", "X-API-Key"], NOT_NAMED),
        (["path", "SIMULATION_RUN_ID"], NOT_NAMED),
        (["header"], NOT_NAMED),
    ],
)
def test_the_name_of_a_header_is_the_same_in_any_case(location: list[Any], broken: list[str]) -> None:
    error = {"loc": location, "msg": "Field required", "type": "missing"}
    assert _broken({"detail": [error]}, 422, Key.MISSING) == broken


@pytest.mark.parametrize(
    ("key", "text", "is_held"),
    [
        ("secret-7", "my-secret-77", True),
        ("secret7", "secret7", True),
        ("secret7", "key=secret7;", True),
        ("secret7", "secret77", False),
        ("secret7", "a-secret7", False),
        ("a", "a conversation", True),
        ("200", "20026", False),
        ("x.z", "xyz", False),
    ],
)
def test_a_key_of_under_eight_characters_counts_as_a_whole_word_only(
    key: str, text: str, is_held: bool
) -> None:
    exchange = Exchange(Request("48213", Key.VALID, secret=key), 500, {"x-echo": text}, text.encode())
    held = [failure.path for failure in check(CONTRACT, exchange) if failure.rule == "leaked-api-key"]
    assert held == ["body", "header x-echo"] * is_held


def test_a_422_that_is_not_json_does_not_name_the_missing_header() -> None:
    exchange = Exchange(Request("r", Key.MISSING), 422, JSON_HEADERS, b"<html>")
    assert [failure.rule for failure in check(CONTRACT, exchange)] == ["missing-header-named", "json-body"]


def test_a_fault_in_a_free_form_object_is_reported_at_its_own_path() -> None:
    broken = _broken(_evaluated(sentiment_scores={"calm": 0.5, "odd key": "high"}))
    assert broken == [f"response-schema-conformance at {EVALUATION}.sentiment_scores['odd key']"]


def test_a_missing_field_does_not_hide_another_fault_of_the_object() -> None:
    broken = _broken({"simulation_run": {"id": "48213", "simulation_id": 7}})
    assert sorted(broken) == [
        "response-schema-conformance at $.simulation_run",
        "response-schema-conformance at $.simulation_run.simulation_id",
    ]


@pytest.mark.parametrize(("status", "is_broken"), [(200, True), (299, True), (300, False), (404, False)])
def test_a_2xx_for_an_unknown_run_is_a_violation(status: int, is_broken: bool) -> None:
    found = check(CONTRACT, _exchange({}, status, is_of_a_run=False))
    said = [(each.path, each.expected) for each in found if each.rule == "same-run"]
    assert said == [("status", "an error, because there is no such run")] * is_broken


def test_the_expected_types_end_with_null() -> None:
    (failure,) = check(CONTRACT, _exchange(builders.response(builders.result(status=7))))
    assert failure.expected == "type string or null"


def test_a_missing_run_id_does_not_break_same_run() -> None:
    found = _broken({"simulation_run": {"simulation_id": "1", "created_at": "2026-11-19T16:04:00Z"}})
    assert found == ["response-schema-conformance at $.simulation_run"]


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_response_does_not_break_same_run(status: int) -> None:
    assert "same-run at $.simulation_run.id" not in _broken(builders.response(id="other"), status)


@pytest.mark.parametrize(("value", "is_found"), [(1.7976931348623157e308, True), (10**400, False)])
def test_numbers_too_large_for_a_float_are_ignored(value: float, is_found: bool) -> None:
    found = _broken(_evaluated(agent_speak_percentage=value))
    assert any(each.startswith("percentage-in-range") for each in found) is is_found
