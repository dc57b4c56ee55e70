"""How the records of one conversation are combined: those of pages and of fetches by id."""

from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import ContractViolationError, Outcome, SimulationResult, SimulationRun
from bluejay_results.reading.body import OnViolation

from .. import builders
from .answers import CALLED, EMPTY, UNRECORDED, listed, single
from .conftest import MakeReader, Reader

pytestmark = pytest.mark.usefixtures("one_time")


def combined(*records: dict[str, Any]) -> SimulationResult:
    """The conversation that has these records, in the order of their arrival."""
    [result] = SimulationRun.from_bytes([listed(builders.result(**each)).body for each in records]).results
    return result


def called(*names: str) -> dict[str, Any]:
    return {"tool_calls": [builders.tool_calls(each, expected=0) for each in names]}


def evaluated(*evaluations: tuple[str, str, bool]) -> dict[str, Any]:
    """Evaluations with an id, a minute and a verdict."""
    return {
        "evaluations": [
            builders.evaluation(id=id_, created_at=f"2026-11-19T16:{minute}:00Z", goal_success=is_reached)
            for id_, minute, is_reached in evaluations
        ]
    }


@pytest.mark.parametrize(
    ("records", "names"),
    [
        ([called("a"), called("b")], {"a", "b"}),
        ([called("a", "b"), {"tool_calls": None}], {"a", "b"}),
        ([{"tool_calls": []}, called("a")], {"a"}),
        ([UNRECORDED, CALLED, UNRECORDED], {"book"}),
    ],
)
def test_the_tool_calls_of_all_records_count(records: list[dict[str, Any]], names: set[str]) -> None:
    assert set(combined(*records).actual_tools) == names


@pytest.mark.parametrize(
    ("counts", "calls"), [([1, 1], 1), ([2, 1], 2), ([1, 3], 3)], ids=["same", "fewer", "more"]
)
def test_a_call_that_two_records_have_counts_once(counts: list[int], calls: int) -> None:
    records = [{"tool_calls": [builders.tool_calls(actual=each)]} for each in counts]
    [group] = combined(*records).tool_calls
    assert len(group.actual or ()) == calls


@pytest.mark.parametrize(
    ("records", "verdicts", "current"),
    [
        ([evaluated(("a", "04", True)), evaluated(("b", "05", False))], [False, True], False),
        ([evaluated(("a", "05", True)), evaluated(("b", "04", False))], [False, True], True),
        ([evaluated(("a", "04", True)), evaluated(("a", "04", False))], [False], False),
        ([evaluated(("a", "04", True)), {"evaluations": None}], [True], True),
    ],
    ids=["a later evaluation", "an earlier evaluation", "an updated evaluation", "no evaluation"],
)
def test_the_evaluations_of_all_records_count_and_the_one_created_last_decides(
    records: list[dict[str, Any]], verdicts: list[bool], current: bool
) -> None:
    result = combined(*records)
    assert [each.goal_success for each in result.response.evaluations or ()] == verdicts
    assert result.goal_success is current


def test_every_other_field_is_from_the_record_read_last() -> None:
    result = combined({"status": "EVALUATING", "duration": 5}, {"duration": None, "digital_human_id": 7})
    assert (result.status, result.response.duration, result.digital_human_id) == ("COMPLETED", None, 7)


def test_a_fetched_record_adds_its_calls_and_replaces_the_other_fields(reader: Reader, stub: Stub) -> None:
    page = listed(builders.result(1, **UNRECORDED), builders.result(2, **CALLED))
    stub.serve("48213", page)
    stub.serve_result("1", fetched := single(1, **CALLED, duration=7))
    run = reader.retrieve("48213", complete=True)
    first, second = run.results
    assert (first.outcome, first.response.duration) == (Outcome.PASSED, 7)
    assert (first.was_fetched_by_id, second.was_fetched_by_id) == (True, False)
    assert [each.body for each in run.responses] == [page.body, fetched.body]


def test_a_page_that_is_read_after_the_fetch_replaces_fields_but_not_calls(
    reader: Reader, stub: Stub
) -> None:
    """The second conversation's call arrives with the second reading of the page."""
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


def test_a_conversation_that_could_not_be_fetched_is_noted_and_stays_incomplete(
    make_reader: MakeReader, stub: Stub
) -> None:
    stub.serve("48213", listed(builders.result(1, **UNRECORDED)))
    stub.serve_result("1", Answer(b"", status=404))
    run = make_reader(retries=0).retrieve("48213", complete=True)
    assert [
        each for each in map(str, run.notes) if "conversation 1 could not be fetched by id: 404: " in each
    ]
    assert [each.id for each in run.incomplete] == [1]
    assert not run.results[0].actual_tools


@pytest.mark.parametrize("on_violation", ["raise", "collect"])
def test_a_fetch_that_gets_another_conversation_breaks_the_contract(
    reader: Reader, stub: Stub, on_violation: OnViolation
) -> None:
    stub.serve("48213", listed(builders.result(1, **UNRECORDED)))
    stub.serve_result("1", single(2, **CALLED))
    with pytest.raises(ContractViolationError, match="The service sent conversation 2, but 1 was requested"):
        reader.retrieve("48213", complete=True, on_violation=on_violation)


def test_an_invalid_fetched_record_is_a_violation_and_can_be_collected(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", listed(builders.result(1, **CALLED), builders.result(2, **EMPTY)))
    stub.serve_result("2", single(2, duration="long", **CALLED))
    with pytest.raises(ContractViolationError, match=r"\$\.simulation_result\.duration"):
        reader.retrieve("48213", complete=True)
    run = reader.retrieve("48213", complete=True, on_violation="collect")
    assert [each.path for each in run.violations] == ["result 2: $.simulation_result.duration"]
