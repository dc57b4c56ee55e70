"""A run read with on_violation="collect": one bad value doesn't cost the rest."""

import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from bluejay_api.models import SimulationResultsResponse
from bluejay_results import (
    ConfigurationError,
    ContractViolationError,
    Outcome,
    SimulationResult,
    SimulationRun,
    Violation,
)
from bluejay_results._reading.collect import collect

from .. import builders

EVENTS = [{"title": "interruption", "start_offset_ms": 1}, {"title": "silence", "start_offset_ms": 2}]
EARLIER = {"created_at": "2026-11-19T16:00:00Z"}
LATER = {"created_at": "2026-11-19T17:00:00Z"}


def _read(document: Any) -> SimulationRun:
    return SimulationRun.from_bytes(builders.encoded(document), on_violation="collect")


def _run(*results: Any, **fields: Any) -> SimulationRun:
    return _read(builders.response(*results, **fields))


def _result(**fields: Any) -> SimulationResult:
    return _run(builders.result(**fields)).results[0]


def _paths(run: SimulationRun) -> list[str]:
    return [violation.path for violation in run.violations]


def _refused(body: bytes, **options: Any) -> ContractViolationError:
    with pytest.raises(ContractViolationError) as caught:
        SimulationRun.from_bytes(body, **options)
    return caught.value


def test_a_sound_run_has_no_violations() -> None:
    assert _run(builders.result()).violations == ()


def test_a_bad_field_is_none_and_listed_with_what_was_expected() -> None:
    run = _run(builders.result("one"))  # type: ignore[arg-type]  # the fault
    assert attrs.asdict(run.results[0].response)["id"] is None
    assert run.violations == (Violation("$.simulation_results[0].id", "Expected `int`, got `str`"),)


def test_the_neighbours_of_a_bad_field_are_kept() -> None:
    result = _result(events=[EVENTS[0] | {"title": 5}, EVENTS[1]])
    kept = [(event.title, event.start_offset_ms) for event in result.response.events or []]
    assert kept == [(None, 1), ("silence", 2)]


def test_a_required_field_that_is_missing_is_none_and_listed_where_it_should_be() -> None:
    run = _run(builders.result(events=[{"title": "silence"}]))
    assert [attrs.asdict(event)["start_offset_ms"] for event in run.results[0].response.events or []] == [
        None
    ]
    assert run.violations == (
        Violation(
            "$.simulation_results[0].events[0].start_offset_ms",
            "Object missing required field `start_offset_ms`",
        ),
    )


def test_null_in_a_field_that_may_only_be_absent_is_listed() -> None:
    run = _run(builders.result(evaluations=[builders.evaluation(id=None)]))
    assert _paths(run) == ["$.simulation_results[0].evaluations[0].id"]


def test_an_item_that_is_no_object_is_left_out_and_listed_by_its_index() -> None:
    run = _run(builders.result(events=[EVENTS[0], "silence", EVENTS[1]]))
    assert [event.title for event in run.results[0].response.events or []] == ["interruption", "silence"]
    assert _paths(run) == ["$.simulation_results[0].events[1]"]


@pytest.mark.parametrize(
    ("key", "path"), [("joy", ".joy"), ("odd key", "['odd key']"), ("[...]", "['[...]']"), ("", "['']")]
)
def test_a_bad_entry_of_an_object_with_free_keys_is_left_out_and_listed_by_its_key(
    key: str, path: str
) -> None:
    scores = {key: "high", "fear": 0.5}
    run = _run(builders.result(evaluations=[builders.evaluation(sentiment_scores=scores)]))
    evaluation = run.results[0].evaluation
    assert evaluation is not None
    assert evaluation.sentiment_scores == {"fear": 0.5}
    assert _paths(run) == [f"$.simulation_results[0].evaluations[0].sentiment_scores{path}"]


def test_every_violation_is_listed_in_the_order_of_the_body() -> None:
    run = _run(builders.result(duration="long", events="none"), builders.result(status=5), summary=[])
    assert _paths(run) == [
        "$.simulation_run.summary",
        "$.simulation_results[0].duration",
        "$.simulation_results[0].events",
        "$.simulation_results[1].status",
    ]


@pytest.mark.parametrize("results", ["none", {}, 5])
def test_results_that_are_no_list_leave_the_run(results: Any) -> None:
    run = _read(builders.response() | {"simulation_results": results})
    assert (run.id, run.results, run.raw_results) == ("48213", (), ())


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"<html>", "$"),
        (b"[]", "$"),
        (b"{}", "$.simulation_run"),
        (b'{"simulation_run": null, "simulation_results": []}', "$.simulation_run"),
    ],
    ids=["no JSON", "no object", "no run", "null for a run"],
)
def test_a_body_in_which_nothing_is_sound_is_refused_all_the_same(body: bytes, path: str) -> None:
    error = _refused(body, on_violation="collect")
    assert (error.path, error.body) == (path, body)


def test_an_error_lists_every_violation() -> None:
    error = _refused(builders.encoded(builders.response(builders.result(duration="long"), total_tests=[])))
    assert error.violations == (
        Violation("$.simulation_run.total_tests", "Expected `int | null`, got `array`"),
        Violation("$.simulation_results[0].duration", "Expected `int | null`, got `str`"),
    )


def test_the_message_of_an_error_names_the_key_in_an_object_with_free_keys() -> None:
    evaluation = builders.evaluation(sentiment_scores={"fear": 0.5, "joy": "high"})
    error = _refused(builders.encoded(builders.response(builders.result(evaluations=[evaluation]))))
    assert str(error).endswith("at $.simulation_results[0].evaluations[0].sentiment_scores.joy.")


def test_an_error_stops_after_a_thousand_violations_and_a_run_lists_them_all() -> None:
    body = builders.encoded(builders.response(builders.result(events=[0] * 1500)))
    assert len(_refused(body).violations) == 1000
    assert len(SimulationRun.from_bytes(body, on_violation="collect").violations) == 1500


def test_the_search_for_violations_ends_at_its_limit() -> None:
    body = builders.encoded(builders.response(builders.result(events=[0] * 10)))
    found = collect(body, SimulationResultsResponse, limit=3)
    assert (len(found.violations), found.value) == (3, None)


def test_an_error_after_collecting_is_cut_as_well() -> None:
    error = _refused(
        builders.encoded({"simulation_results": [0] * 1500}),
        on_violation="collect",
    )
    assert len(error.violations) == 1000


def test_a_result_after_one_that_was_left_out_has_its_own_bytes() -> None:
    run = _run(builders.result(1), None, builders.result(3), 4, builders.result(5))
    assert [(result.id, result.raw) for result in run.results] == [
        (id_, builders.encoded(builders.result(id_))) for id_ in (1, 3, 5)
    ]


def test_a_result_after_one_that_was_left_out_has_its_own_violations() -> None:
    run = _run(None, builders.result(2), builders.result(3, duration="long"))
    assert [[violation.path for violation in result.violations] for result in run.results] == [
        [],
        ["$.duration"],
    ]


@pytest.mark.parametrize("counter", ["tests_passed", "total_tests"])
def test_there_is_no_pass_rate_with_a_bad_counter(counter: str) -> None:
    assert _run(**({"tests_passed": 3, "total_tests": 4} | {counter: "4"})).pass_rate is None


@pytest.mark.parametrize("field", ["id", "simulation_id"])
def test_there_is_no_page_in_the_app_without_both_identifiers(field: str) -> None:
    assert _run(**{field: 5}).app_url is None


@pytest.mark.parametrize("results", [[None], [builders.result(status=5)]], ids=["left out", "bad status"])
def test_a_run_is_not_settled_while_a_violation_hides_whether_a_conversation_is_under_way(
    results: list[Any],
) -> None:
    assert not _run(builders.result(), *results).is_settled


def test_a_run_is_not_settled_when_its_results_are_no_list() -> None:
    assert not _read(builders.response() | {"simulation_results": {}}).is_settled


@pytest.mark.parametrize("field", ["status", "total_tests"])
def test_a_run_without_a_status_has_not_ended_when_a_violation_hides_whether_it_has(field: str) -> None:
    fields: dict[str, Any] = {"status": None, "total_tests": 1} | {field: []}
    assert not _run(builders.result(), **fields).has_ended


def test_a_violation_that_hides_nothing_of_it_leaves_a_run_settled() -> None:
    assert _run(builders.result(events="none"), created_at="yesterday").is_settled


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"status": 5}, "$.status"),
        ({"evaluations": {}}, "$.evaluations"),
        ({"evaluations": [builders.evaluation(), None]}, "$.evaluations[1]"),
        (
            {"evaluations": [builders.evaluation(**EARLIER), builders.evaluation(created_at="then")]},
            "$.evaluations[1].created_at",
        ),
        ({"evaluations": {}, "status": "ERROR"}, "$.evaluations"),
        ({"tool_calls": {}}, "$.tool_calls"),
        ({"tool_calls": {}, "status": "CALL_DROPPED"}, "$.tool_calls"),
        ({"tool_calls": [5]}, "$.tool_calls[0]"),
        ({"tool_calls": [{"name": None, "expected": [{}]}]}, "$.tool_calls[0].name"),
        ({"tool_calls": [{"name": "book", "expected": 1}]}, "$.tool_calls[0].expected"),
        ({"tool_calls": [{"name": "book", "expected": ["x"]}]}, "$.tool_calls[0].expected[0]"),
        ({"tool_calls": [{"name": "book", "expected": [{}], "actual": 1}]}, "$.tool_calls[0].actual"),
        ({"tool_calls": [{"name": "book", "expected": [{}], "actual": [1]}]}, "$.tool_calls[0].actual[0]"),
    ],
)
def test_a_violation_that_hides_a_verdict_makes_a_conversation_void_and_is_its_reason(
    fields: dict[str, Any], path: str
) -> None:
    result = _result(**fields)
    assert result.outcome is Outcome.VOID
    assert re.fullmatch(rf"can't be judged: .* at {re.escape(path)}", result.reason)


def test_a_bad_verdict_of_the_goal_judge_makes_a_conversation_void() -> None:
    assert _result(evaluations=[builders.evaluation(goal_success="yes")]).outcome is Outcome.VOID


@pytest.mark.parametrize(
    "fields",
    [
        {"events": "none"},
        {"id": None},
        {"tool_calls": [{"name": "book", "expected": [{"parameters": 5}], "actual": [{}]}]},
        {"evaluations": [builders.evaluation(created_at="then")]},
        {
            "evaluations": [
                builders.evaluation(**EARLIER, goal_success="yes"),
                builders.evaluation(**LATER),
            ]
        },
    ],
)
def test_a_violation_that_hides_nothing_of_a_verdict_leaves_it(fields: dict[str, Any]) -> None:
    assert _result(**fields).outcome is Outcome.PASSED


def test_a_violation_in_what_has_no_say_leaves_a_failure() -> None:
    evaluations = [builders.evaluation(goal_success=False)]
    assert _result(status="ERROR", tool_calls={}, evaluations=evaluations).outcome is Outcome.FAILED


def test_there_is_no_current_evaluation_while_a_violation_hides_which_it_is() -> None:
    evaluations = [builders.evaluation(**EARLIER), builders.evaluation(created_at="then")]
    assert _result(evaluations=evaluations).evaluation is None


def test_a_tool_without_a_name_is_none_of_the_tools() -> None:
    calls = [builders.tool_calls("find"), builders.tool_calls("book") | {"name": 5}]
    assert _result(tool_calls=calls).expected_tools == ("find",)


def test_a_file_is_read_alike(tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    saved.write_bytes(builders.encoded(builders.response(summary=5)))
    assert _paths(SimulationRun.from_file(saved, on_violation="collect")) == ["$.simulation_run.summary"]


@pytest.mark.parametrize("value", ["ignore", "", None, True, ["collect"]])
def test_any_other_way_to_treat_a_violation_is_refused(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="on_violation must be 'raise' or 'collect', got"):
        SimulationRun.from_bytes(b"{}", on_violation=value)


def test_a_body_that_is_no_json_is_a_violation_in_the_decoder_s_words() -> None:
    (violation,) = collect(b"{", SimulationResultsResponse).violations
    assert (violation.path, "property name" in violation.message) == ("$", True)
