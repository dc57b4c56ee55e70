"""How a conversation's records from pages and from fetches by id are combined."""

from functools import partial
from typing import Any

import pytest
from bluejay_contract.stub import Stub
from bluejay_results import ContractViolationError, Outcome, SimulationResult, SimulationRun
from bluejay_results.results.responses import OnViolation
from contract_kit.tests.tables import table

from .. import builders
from .answers import CALLED, EMPTY, UNRECORDED, listed, single
from .conftest import Reader


def combined(*records: dict[str, Any]) -> SimulationResult:
    """The conversation with these records, in the order received."""
    [result] = SimulationRun.from_bytes([listed(builders.result(**each)).body for each in records]).results
    return result


def called(*names: str, actual: int = 1) -> dict[str, Any]:
    return {"tool_calls": [builders.tool_calls(each, expected=0, actual=actual) for each in names]}


def evaluated(id_: str | None, minute: str, is_reached: bool) -> dict[str, Any]:
    """An evaluation created in this minute, with this goal verdict; `id_` None leaves out the id."""
    time = f"2026-11-19T16:{minute}:00Z"
    id_fields = {} if id_ is None else {"id": id_}
    return {"evaluations": [builders.evaluation(goal_success=is_reached, created_at=time, **id_fields)]}


@table(
    "records, calls",
    [
        ([called("a"), called("b")], {"a": 1, "b": 1}),
        ([EMPTY, called("a")], {"a": 1}),
        ([called("a"), called("a")], {"a": 1}),
        ([called("a", actual=2), called("a")], {"a": 2}),
        ([called("a"), called("a", actual=3)], {"a": 3}),
        ([UNRECORDED, called("book"), UNRECORDED], {"book": 1}),
    ],
)
def test_a_tool_call_in_several_records_of_a_conversation_counts_once(
    records: list[dict[str, Any]], calls: dict[str, int]
) -> None:
    result = combined(*records)
    assert {each.name: len(each.actual or ()) for each in result.tool_calls} == calls
    assert result.outcome is Outcome.PASSED


@table(
    "records, verdicts, outcome",
    [
        ([evaluated("a", "04", True), evaluated("b", "05", False)], [False, True], Outcome.FAILED),
        ([evaluated("a", "05", True), evaluated("b", "04", False)], [False, True], Outcome.PASSED),
        ([evaluated("a", "04", True), evaluated("a", "04", False)], [False], Outcome.FAILED),
        ([evaluated("a", "04", True), {"evaluations": None}], [True], Outcome.PASSED),
        ([evaluated(None, "05", True), evaluated(None, "04", False)], [False, True], Outcome.PASSED),
        ([evaluated(None, "04", True), evaluated(None, "04", True)], [True], Outcome.PASSED),
    ],
)
def test_the_newest_evaluation_of_all_records_decides_the_outcome(
    records: list[dict[str, Any]], verdicts: list[bool], outcome: Outcome
) -> None:
    result = combined(*records)
    assert [each.goal_success for each in result.response.evaluations or ()] == verdicts
    assert result.outcome is outcome


@pytest.mark.parametrize("on_violation", ["raise", "collect"])
def test_a_response_is_a_violation_if_it_contains_the_wrong_conversation(
    reader: Reader, stub: Stub, on_violation: OnViolation
) -> None:
    """For example, it could be a late response to an earlier request."""
    stub.serve("48213", listed(builders.result(1, **UNRECORDED)))
    stub.serve_result("1", single(2, **CALLED))
    for call in (partial(reader.retrieve, "48213", complete=True), partial(reader.retrieve_result, "1")):
        with pytest.raises(ContractViolationError) as caught:
            call(on_violation=on_violation)
        assert caught.value.path == "$.simulation_result.id"
        assert (caught.value.status_code, caught.value.url and caught.value.url[-2:]) == (200, "/1")
