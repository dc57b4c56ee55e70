"""A run read with on_violation="collect": the valid parts are kept."""

from functools import partial
from typing import Any

import pytest
from bluejay_results import (
    ConfigurationError,
    ContractViolationError,
    Outcome,
    SimulationResult,
    SimulationRun,
)
from contract_kit.tests.tables import table

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


def _refused(body: bytes, **options: Any) -> ContractViolationError:
    with pytest.raises(ContractViolationError) as caught:
        SimulationRun.from_bytes(body, **options)
    return caught.value


def test_a_run_and_its_error_list_every_violation_in_order() -> None:
    """A list item that isn't an object is a violation, and so is null in a field that can only be absent."""
    first = builders.result(1, duration="long", events=[EVENTS[0], "silence"])
    second = builders.result(2, status=5, evaluations=[builders.evaluation(id=None)])
    document = builders.response(first, None, second, summary=[])  # type: ignore[arg-type]  # a fault
    run = _read(document)
    of_first = ["$.duration", "$.events[1]"]
    of_second = ["$.status", "$.evaluations[0].id"]
    assert [each.path for each in run.violations] == [
        "$.simulation_run.summary",
        *(f"$.simulation_results[0]{each[1:]}" for each in of_first),
        "$.simulation_results[1]",
        *(f"$.simulation_results[2]{each[1:]}" for each in of_second),
    ]
    assert _refused(builders.encoded(document)).violations == run.violations
    listed = {each.id: [violation.path for violation in each.violations] for each in run.results}
    assert listed == {1: of_first, 2: of_second}


@table(
    "body, path",
    [
        (b"<html>", "$"),
        (b"[]", "$"),
        (b'{"simulation_run": null, "simulation_results": []}', "$.simulation_run"),
    ],
)
def test_a_body_without_a_valid_run_is_refused_even_if_violations_are_collected(
    body: bytes, path: str
) -> None:
    error = _refused(body, on_violation="collect")
    assert error.path == path
    assert error.body == body


def test_a_property_computed_from_an_invalid_field_is_none() -> None:
    assert collected(tests_passed="3", total_tests=4).service_pass_rate is None
    assert collected(id=5).app_url is None
    assert collected(simulation_id=5).app_url is None


@table(
    "document, has_ended, is_settled",
    [
        (builders.response(builders.result(events="none"), created_at="yesterday"), True, True),
        (builders.response(builders.result(), None), True, False),  # type: ignore[arg-type]  # the fault
        (builders.response(builders.result(), builders.result(status=5)), True, False),
        (builders.response() | {"simulation_results": {}}, True, False),
        (builders.response(builders.result(), status=None, total_tests=[]), False, False),
    ],
)
def test_a_run_is_not_settled_if_the_data_that_shows_the_end_of_a_conversation_is_invalid(
    document: Any, has_ended: bool, is_settled: bool
) -> None:
    run = _read(document)
    assert run.has_ended == has_ended
    assert run.is_settled == is_settled


@pytest.mark.parametrize(
    "fields",
    [
        {"events": "none", "id": None, "duration": "long"},
        {"tool_calls": [builders.tool_calls() | {"expected": [{"parameters": 5}]}]},
        {"evaluations": [builders.evaluation(created_at="then", hallucination=5)]},
        {"evaluations": [builders.evaluation(**EARLIER, goal_success="yes"), LATEST]},
    ],
)
def test_the_outcome_does_not_change_if_a_violation_is_unrelated_to_the_verdict(
    fields: dict[str, Any],
) -> None:
    result = _result(**fields)
    assert result.violations
    assert result.outcome is Outcome.PASSED


def test_there_is_no_current_evaluation_if_an_evaluation_has_an_invalid_creation_time() -> None:
    evaluations = [builders.evaluation(**EARLIER), builders.evaluation(created_at="then")]
    calls = [builders.tool_calls("find"), builders.tool_calls("book") | {"name": 5}]
    result = _result(evaluations=evaluations, tool_calls=calls)
    assert result.evaluation is None
    assert result.expected_tools == ("find",)


def test_an_unknown_value_of_on_violation_is_refused() -> None:
    unknown: Any = "ignore"
    with pytest.raises(ConfigurationError, match="on_violation"):
        SimulationRun.from_bytes(b"{}", on_violation=unknown)
