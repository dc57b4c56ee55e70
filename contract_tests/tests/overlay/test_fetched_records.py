"""How a conversation's records from pages and from fetches by id are combined."""

import datetime
from functools import partial
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import ContractViolationError, NoteKind, Outcome, SimulationResult, SimulationRun
from bluejay_results.results.responses import OnViolation

from .. import builders
from .answers import CALLED, EMPTY, UNRECORDED, listed, single
from .conftest import START, MakeReader, Reader

pytestmark = pytest.mark.usefixtures("one_time")


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


@pytest.mark.parametrize(
    ("records", "calls"),
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


@pytest.mark.parametrize(
    ("records", "verdicts", "outcome"),
    [
        ([evaluated("a", "04", True), evaluated("b", "05", False)], [False, True], Outcome.FAILED),
        ([evaluated("a", "05", True), evaluated("b", "04", False)], [False, True], Outcome.PASSED),
        ([evaluated("a", "04", True), evaluated("a", "04", False)], [False], Outcome.FAILED),
        ([evaluated("a", "04", True), {"evaluations": None}], [True], Outcome.PASSED),
        ([evaluated(None, "05", True), evaluated(None, "04", False)], [False, True], Outcome.PASSED),
        ([evaluated(None, "04", True), evaluated(None, "04", True)], [True], Outcome.PASSED),
    ],
    ids=["a later evaluation", "an earlier one", "an updated one", "none", "without ids", "without an id"],
)
def test_the_newest_evaluation_of_all_records_decides_the_outcome(
    records: list[dict[str, Any]], verdicts: list[bool], outcome: Outcome
) -> None:
    result = combined(*records)
    assert [each.goal_success for each in result.response.evaluations or ()] == verdicts
    assert result.outcome is outcome


def test_the_status_and_the_duration_come_from_the_record_that_was_read_last() -> None:
    result = combined({"status": "EVALUATING", "duration": 5}, {"duration": None, "digital_human_id": 7})
    assert (result.status, result.response.duration, result.digital_human_id) == ("COMPLETED", None, 7)


def test_a_conversation_keeps_its_fetched_tool_calls_if_its_page_is_reread(
    reader: Reader, stub: Stub
) -> None:
    """The second conversation's tool call arrives when the page is read again."""
    lists = [
        listed(builders.result(1, **UNRECORDED, duration=duration), builders.result(2, **each))
        for duration, each in ((5, UNRECORDED), (6, CALLED))
    ]
    stub.serve("48213", *lists)
    stub.serve_result("1", single(1, **CALLED, duration=7))
    stub.serve_result("2", single(2, **UNRECORDED))
    run = reader.wait("48213")
    assert [each.outcome for each in run.results] == [Outcome.PASSED, Outcome.PASSED]
    assert run.results[0].response.duration == 6


def test_a_conversation_that_could_not_be_fetched_stays_incomplete(
    make_reader: MakeReader, stub: Stub
) -> None:
    """The Date header of an error isn't used, because a proxy with a wrong clock might have sent it."""
    stub.serve("48213", listed(builders.result(1, **UNRECORDED, end_time=START.isoformat())))
    stub.serve_result("1", Answer(b"", status=503, date=datetime.timedelta(hours=1)))
    run = make_reader(retries=1).retrieve("48213", complete=True)
    [failed] = [each for each in run.notes if each.kind is NoteKind.NOT_FETCHED]
    assert failed.data["ids"] == ["1"]
    assert "503: " in failed.data["message"]
    assert run.results[0].outcome is Outcome.UNDER_WAY


def test_a_failed_fetch_is_forgotten_once_the_conversation_has_been_fetched(
    reader: Reader, stub: Stub
) -> None:
    stub.serve("48213", listed(builders.result(1, **UNRECORDED, end_time=START.isoformat())))
    stub.serve_result("1", Answer(b"", status=404), single(1, **CALLED))
    run = reader.wait("48213")
    assert run.results[0].outcome is Outcome.PASSED
    assert run.notes == ()


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


def test_an_invalid_fetched_record_is_a_violation_and_can_be_collected(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", listed(builders.result(1, **CALLED), builders.result(2, **EMPTY)))
    stub.serve_result("2", single(2, duration="long", **CALLED))
    with pytest.raises(ContractViolationError) as caught:
        reader.retrieve("48213", complete=True)
    assert caught.value.path == "$.simulation_result.duration"
    run = reader.retrieve("48213", complete=True, on_violation="collect")
    assert [each.path for each in run.violations] == ["result 2: $.simulation_result.duration"]


def test_a_conversation_fetched_by_id_has_a_latency_unit_but_no_run_id(reader: Reader, stub: Stub) -> None:
    stub.serve_result("7", single(7, extra=1))
    result = reader.call("retrieve_result", "7")
    assert (result.id, result.outcome, result.run_id) == (7, Outcome.PASSED, None)
    assert result.latency.unit == "ms"
    assert result.was_fetched_by_id
