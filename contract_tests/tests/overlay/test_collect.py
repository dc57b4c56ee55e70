"""A run read with on_violation="collect": the valid parts are kept."""

import re
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest
from bluejay_results import (
    ConfigurationError,
    ContractViolationError,
    Outcome,
    SimulationResult,
    SimulationRun,
    Violation,
)

from .. import builders
from ..runs import run_of

EVENTS = [{"title": "interruption", "start_offset_ms": 1}, {"title": "silence", "start_offset_ms": 2}]
EARLIER = {"created_at": "2026-11-19T16:00:00Z"}
LATEST = builders.evaluation(created_at="2026-11-19T17:00:00Z")


def _read(document: Any) -> SimulationRun:
    return SimulationRun.from_bytes(builders.encoded(document), on_violation="collect")


collected = partial(run_of, on_violation="collect")


def _result(**fields: Any) -> SimulationResult:
    return collected(builders.result(**fields)).results[0]


def _paths(run: SimulationRun) -> list[str]:
    return [violation.path for violation in run.violations]


def _refused(body: bytes, **options: Any) -> ContractViolationError:
    with pytest.raises(ContractViolationError) as caught:
        SimulationRun.from_bytes(body, **options)
    return caught.value


def test_an_invalid_field_is_none_and_its_violation_names_the_expected_type() -> None:
    run = collected(builders.result("one"))  # type: ignore[arg-type]  # the fault
    assert attrs.asdict(run.results[0].response)["id"] is None
    assert run.violations == (Violation("$.simulation_results[0].id", "Expected `int`, got `str`"),)


EVENT = "$.simulation_results[0].events[0]"


@pytest.mark.parametrize(
    ("event", "field", "violation"),
    [
        (EVENTS[0] | {"title": 5}, "title", Violation(f"{EVENT}.title", "Expected `str`, got `int`")),
        (
            {"title": "interruption"},
            "start_offset_ms",
            Violation(f"{EVENT}.start_offset_ms", "Object missing required field `start_offset_ms`"),
        ),
        (
            EVENTS[0] | {"start_offset_ms": None},
            "start_offset_ms",
            Violation(f"{EVENT}.start_offset_ms", "Expected `int`, got `null`"),
        ),
    ],
    ids=["wrong", "missing", "null"],
)
def test_the_fields_beside_an_invalid_or_missing_field_are_kept(
    event: Any, field: str, violation: Violation
) -> None:
    run = collected(builders.result(events=[event, EVENTS[1]]))
    kept = [attrs.asdict(each) for each in run.results[0].response.events or []]
    assert [{name: each[name] for name in EVENTS[0]} for each in kept] == [
        EVENTS[0] | {field: None},
        EVENTS[1],
    ]
    assert run.violations == (violation,)


@pytest.mark.parametrize(("key", "path"), [("joy", ".joy"), ("odd key", "['odd key']"), ("", "['']")])
def test_an_invalid_value_in_a_free_form_object_is_left_out_and_listed_by_its_key(
    key: str, path: str
) -> None:
    scores = {key: "high", "fear": 0.5}
    run = collected(builders.result(evaluations=[builders.evaluation(sentiment_scores=scores)]))
    evaluation = run.results[0].evaluation
    assert evaluation is not None
    assert evaluation.sentiment_scores == {"fear": 0.5}
    assert _paths(run) == [f"$.simulation_results[0].evaluations[0].sentiment_scores{path}"]


def test_the_run_and_the_error_list_every_violation_in_the_order_of_the_body() -> None:
    """An item that isn't an object, and null where a field may only be absent, are violations too."""
    first = builders.result(duration="long", events=[EVENTS[0], "silence"])
    second = builders.result(status=5, evaluations=[builders.evaluation(id=None)])
    document = builders.response(first, second, summary=[])
    violations = _read(document).violations
    assert [violation.path for violation in violations] == [
        "$.simulation_run.summary",
        "$.simulation_results[0].duration",
        "$.simulation_results[0].events[1]",
        "$.simulation_results[1].status",
        "$.simulation_results[1].evaluations[0].id",
    ]
    assert _refused(builders.encoded(document)).violations == violations


def test_a_run_whose_results_are_not_a_list_is_still_returned() -> None:
    run = _read(builders.response() | {"simulation_results": {}})
    assert run.id == "48213"
    assert run.results == ()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"<html>", "$"),
        (b"[]", "$"),
        (b'{"simulation_run": null, "simulation_results": []}', "$.simulation_run"),
    ],
    ids=["no JSON", "no object", "null for a run"],
)
def test_a_body_without_a_valid_run_is_refused_even_with_collect(body: bytes, path: str) -> None:
    error = _refused(body, on_violation="collect")
    assert error.path == path
    assert error.body == body


def test_the_error_names_the_key_of_an_invalid_value_in_a_free_form_object() -> None:
    evaluation = builders.evaluation(sentiment_scores={"fear": 0.5, "joy": "high"})
    error = _refused(builders.encoded(builders.response(builders.result(evaluations=[evaluation]))))
    assert str(error).endswith("at $.simulation_results[0].evaluations[0].sentiment_scores.joy.")


def test_an_error_lists_every_violation_that_a_run_lists() -> None:
    body = builders.encoded(builders.response(builders.result(events=[0] * 1500)))
    assert _refused(body).violations == SimulationRun.from_bytes(body, on_violation="collect").violations
    assert len(_refused(body).violations) == 1500


def test_a_result_after_a_skipped_item_has_its_own_violations() -> None:
    run = collected(None, builders.result(2), 4, builders.result(5, duration="long"))
    assert [result.id for result in run.results] == [2, 5]
    listed = [[violation.path for violation in result.violations] for result in run.results]
    assert listed == [[], ["$.duration"]]


@pytest.mark.parametrize(
    ("fields", "attribute"),
    [
        ({"tests_passed": "3", "total_tests": 4}, "pass_rate"),
        ({"id": 5}, "app_url"),
        ({"simulation_id": 5}, "app_url"),
    ],
)
def test_a_property_computed_from_an_invalid_field_is_none(fields: dict[str, Any], attribute: str) -> None:
    assert getattr(collected(**fields), attribute) is None


WITHOUT_A_STATUS: dict[str, Any] = {"status": None, "total_tests": 1}


@pytest.mark.parametrize(
    ("document", "has_ended", "is_settled"),
    [
        (builders.response(builders.result(events="none"), created_at="yesterday"), True, True),
        (builders.response(builders.result(), None), True, False),  # type: ignore[arg-type]  # the fault
        (builders.response(builders.result(), builders.result(status=5)), True, False),
        (builders.response() | {"simulation_results": {}}, True, False),
        (builders.response(builders.result(), **WITHOUT_A_STATUS), True, True),
        (builders.response(builders.result(), **WITHOUT_A_STATUS | {"status": []}), False, False),
        (builders.response(builders.result(), **WITHOUT_A_STATUS | {"total_tests": []}), False, False),
    ],
    ids=["nothing", "a result", "a result's status", "results", "no violation", "status", "total"],
)
def test_a_run_is_not_settled_if_a_violation_hides_whether_it_has_ended(
    document: Any, has_ended: bool, is_settled: bool
) -> None:
    run = _read(document)
    assert run.has_ended == has_ended
    assert run.is_settled == is_settled


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
        ({"tool_calls": [5]}, "$.tool_calls[0]"),
        ({"tool_calls": [{"name": None, "expected": [{}]}]}, "$.tool_calls[0].name"),
        ({"tool_calls": [{"name": "book", "expected": 1}]}, "$.tool_calls[0].expected"),
        ({"tool_calls": [{"name": "book", "expected": [{}], "actual": [1]}]}, "$.tool_calls[0].actual[0]"),
    ],
)
def test_a_violation_that_hides_the_verdict_makes_the_outcome_unknown(
    fields: dict[str, Any], path: str
) -> None:
    result = _result(**fields)
    assert result.outcome is Outcome.UNKNOWN
    assert re.fullmatch(rf"it can't be judged: .* at {re.escape(path)}", str(result.reason))


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"events": "none"}, Outcome.PASSED),
        ({"id": None}, Outcome.PASSED),
        ({"tool_calls": [builders.tool_calls() | {"expected": [{"parameters": 5}]}]}, Outcome.PASSED),
        ({"evaluations": [builders.evaluation(created_at="then")]}, Outcome.PASSED),
        ({"evaluations": [builders.evaluation(**EARLIER, goal_success="yes"), LATEST]}, Outcome.PASSED),
    ],
)
def test_a_violation_that_does_not_affect_the_verdict_keeps_the_outcome(
    fields: dict[str, Any], outcome: Outcome
) -> None:
    assert _result(**fields).outcome is outcome


def test_an_invalid_goal_verdict_makes_the_outcome_unknown() -> None:
    assert _result(evaluations=[builders.evaluation(goal_success="yes")]).outcome is Outcome.UNKNOWN


def test_no_evaluation_is_current_if_a_violation_hides_which_one_is_the_latest() -> None:
    evaluations = [builders.evaluation(**EARLIER), builders.evaluation(created_at="then")]
    assert _result(evaluations=evaluations).evaluation is None


def test_a_tool_with_an_invalid_name_is_left_out() -> None:
    calls = [builders.tool_calls("find"), builders.tool_calls("book") | {"name": 5}]
    assert _result(tool_calls=calls).expected_tools == ("find",)


def test_from_file_collects_violations_too(tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    saved.write_bytes(builders.encoded(builders.response(summary=5)))
    assert _paths(SimulationRun.from_file(saved, on_violation="collect")) == ["$.simulation_run.summary"]


@pytest.mark.parametrize("value", ["ignore", None, ["collect"]])
def test_an_unknown_value_of_on_violation_is_refused(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="on_violation must be 'raise' or 'collect', got"):
        SimulationRun.from_bytes(b"{}", on_violation=value)
