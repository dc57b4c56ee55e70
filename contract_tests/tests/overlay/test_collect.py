"""A run read with on_violation="collect": the valid parts are kept."""

from typing import Any

import pytest
from bluejay_results import (
    ContractViolationError,
    SimulationRun,
)
from contract_kit.tests.tables import table

from .. import builders

EVENTS = [{"title": "interruption", "start_offset_ms": 1}, {"title": "silence", "start_offset_ms": 2}]


def _read(document: Any) -> SimulationRun:
    return SimulationRun.from_bytes(builders.encoded(document), on_violation="collect")


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
