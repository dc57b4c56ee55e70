"""Which record of a conversation counts: the listed or the fetched one, with either client."""

import json
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import ContractViolationError, Outcome, SimulationRun

from .. import builders
from .answers import CALLED, EMPTY, QUEUED, UNRECORDED, ended, fetched_ids, listed, single
from .conftest import MakeReader, ManualClock, Reader

pytestmark = pytest.mark.usefixtures("one_time")
NOT_REACHED: dict[str, Any] = {"evaluations": [builders.evaluation(goal_success=False)]}


def test_a_newer_list_replaces_a_fetched_record_with_as_many_calls(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    """The second conversation's calls arrive late, so the wait polls the list again."""
    end = ended(clock)
    first, second = builders.result(1, **UNRECORDED, **end), builders.result(2, **UNRECORDED, **end)
    newer = builders.result(1, **CALLED, **end, **NOT_REACHED)
    stub.serve("48213", listed(first, second), listed(newer, builders.result(2, **CALLED, **end)))
    stub.serve_result("1", single(1, **CALLED, **end))
    stub.serve_result("2", single(2, **UNRECORDED, **end))
    run = reader.wait("48213", poll_interval=10)
    assert [each.goal_success for each in run.results] == [False, True]


REPLACING = {
    "goal not reached": (NOT_REACHED, Outcome.FAILED),
    "status ERROR": ({"status": "ERROR"}, Outcome.VOID),
}


def _polled_twice(
    reader: Reader, stub: Stub, clock: ManualClock, fetched: Answer, *again: dict[str, Any]
) -> SimulationRun:
    """Wait for three conversations. The first is listed without tools, and the third is awaited for 180 s."""
    end = ended(clock)
    awaited = builders.result(3, **UNRECORDED, **end)
    lists = [
        listed(builders.result(1, **EMPTY | each), builders.result(2, **CALLED), awaited)
        for each in ({}, *again)
    ]
    stub.serve("48213", *lists)
    stub.serve_result("1", fetched)
    stub.serve_result("3", single(3, **UNRECORDED, **end))
    return reader.wait("48213", poll_interval=10)


@pytest.mark.parametrize(("record", "outcome"), REPLACING.values(), ids=REPLACING)
def test_a_fetched_record_still_replaces_the_listed_one_after_the_next_poll(
    reader: Reader, stub: Stub, clock: ManualClock, record: dict[str, Any], outcome: Outcome
) -> None:
    run = _polled_twice(reader, stub, clock, single(1, **record))
    assert run.results[0].outcome is outcome


def test_a_fetched_record_replaces_every_copy_of_the_listed_one(reader: Reader, stub: Stub) -> None:
    copy = builders.result(1, **UNRECORDED)
    stub.serve("48213", listed(copy, copy))
    stub.serve_result("1", single(1, **CALLED))
    run = reader.retrieve("48213", complete=True)
    assert [each.outcome for each in run.results] == [Outcome.PASSED] * 2


def test_a_list_with_new_signed_urls_is_not_newer_than_a_fetched_record(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    run = _polled_twice(
        reader, stub, clock, single(1, **NOT_REACHED), {"audio_url": "https://files.test/a?sig=2"}
    )
    assert run.results[0].outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("record", "doubt"),
    [
        ({"status": "ERROR"}, "status is COMPLETED in the list and ERROR in the record fetched by id"),
        (NOT_REACHED, "goal_success is True in the list and False in the record fetched by id"),
        ({"digital_human_id": 99}, "digital_human_id is 5 in the list and 99 in the record fetched by id"),
    ],
)
def test_a_contradiction_between_list_and_fetched_record_is_a_doubt(
    reader: Reader, stub: Stub, record: dict[str, Any], doubt: str
) -> None:
    caller = {"digital_human_id": 5}
    stub.serve("48213", listed(builders.result(1, **EMPTY | caller), builders.result(2, **CALLED)))
    stub.serve_result("1", single(1, **CALLED | caller | record))
    assert reader.retrieve("48213", complete=True).results[0].doubt == doubt


def test_a_list_that_changes_to_match_the_fetched_record_ends_the_doubt(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    run = _polled_twice(reader, stub, clock, single(1, **NOT_REACHED), NOT_REACHED)
    assert run.results[0].doubt == ""


def test_a_fetched_record_replaces_the_bytes_of_the_listed_one(reader: Reader, stub: Stub) -> None:
    listed = builders.encoded(
        builders.response(builders.result(1, **CALLED), builders.result(2, **UNRECORDED))
    )
    record = b'{ "id": 2, "status": "COMPLETED", "evaluations": %b, "tool_calls": %b }' % (
        builders.encoded([builders.evaluation()]),
        builders.encoded(CALLED["tool_calls"]),
    )
    stub.serve("48213", Answer(listed))
    stub.serve_result("2", Answer(b'{"simulation_result": %b}' % record))
    run = reader.retrieve("48213", complete=True)
    assert run.results[1].outcome is Outcome.PASSED
    assert run.responses[0].body == listed.replace(builders.encoded(builders.result(2, **UNRECORDED)), record)
    assert run.raw_list == listed
    assert run.results[1].raw == record
    saved = SimulationRun.from_bytes(run.raw)
    assert [each.outcome for each in saved.results] == [each.outcome for each in run.results]


@pytest.mark.parametrize(
    ("record", "note"),
    [
        (single(2, **CALLED), "the fetch by id returned conversation 2, so the listed record is used"),
        (Answer(status=404), "could not be fetched by id, so the listed record is used (404: "),
        (single(1, status="FAILED", **CALLED), "status is COMPLETED in the list and FAILED in the record"),
        (single(1, **NOT_REACHED, **UNRECORDED), "goal_success is True in the list and False in the record"),
    ],
)  # fmt: skip
def test_a_failed_or_contradicting_fetch_is_in_the_notes(
    make_reader: MakeReader, stub: Stub, record: Answer, note: str
) -> None:
    stub.serve("48213", listed(builders.result(1, **UNRECORDED)))
    stub.serve_result("1", record)
    run = make_reader(retries=0).retrieve("48213", complete=True)
    assert [each for each in run.notes if each.startswith(f"conversation 1: {note}")], run.notes


def test_a_conversation_that_could_not_be_fetched_stays_incomplete(
    make_reader: MakeReader, stub: Stub
) -> None:
    stub.serve("48213", listed(builders.result(1, **UNRECORDED)))
    stub.serve_result("1", Answer(b"", status=404))
    run = make_reader(retries=0).retrieve("48213", complete=True)
    assert run.responses[0].body == run.raw_list
    assert [each.id for each in run.incomplete] == [1]


def test_a_fetched_record_with_fewer_calls_does_not_replace_the_listed_one(
    reader: Reader, stub: Stub
) -> None:
    """The second list contains the calls that the first one lacks."""
    first = listed(builders.result(1, **UNRECORDED), builders.result(2, **EMPTY))
    caught_up = listed(builders.result(1, **UNRECORDED), builders.result(2, **CALLED))
    stub.serve("48213", first, caught_up)
    stub.serve_result("1", single(1, **UNRECORDED), single(1, **CALLED))
    stub.serve_result("2", single(2, **UNRECORDED))
    assert [each.outcome for each in reader.wait("48213").results] == [Outcome.PASSED, Outcome.PASSED]


def test_calls_in_a_later_list_do_not_contradict_the_fetched_record(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    lacking, whole = (builders.result(1, **each, **ended(clock)) for each in (UNRECORDED, CALLED))
    stub.serve("48213", listed(lacking), listed(whole))
    run = reader.wait("48213")
    assert fetched_ids(stub) == ["1"]
    assert run.results[0].outcome is Outcome.PASSED
    assert run.notes == ()


def test_an_invalid_fetched_record_is_a_violation_and_can_be_collected(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", listed(builders.result(1), builders.result(2, **UNRECORDED)))
    stub.serve_result("2", single(2, duration="long", **CALLED))
    with pytest.raises(ContractViolationError, match=r"\$\.simulation_result\.duration"):
        reader.retrieve("48213", complete=True)
    run = reader.retrieve("48213", complete=True, on_violation="collect")
    assert [each.path for each in run.violations] == ["$.simulation_results[1].duration"]


@pytest.mark.parametrize(
    ("record", "note"),
    [
        (Answer(b"", status=404), "conversation 2: could not be fetched by id (404: "),
        (single(3), "conversation 2: the fetch by id returned conversation 3"),
    ],
)
def test_a_note_names_no_listed_record_of_a_conversation_that_is_not_listed(
    make_reader: MakeReader, stub: Stub, record: Answer, note: str
) -> None:
    stub.serve_queue(Answer.json(QUEUED))
    stub.serve("48213", listed(builders.result(1)))
    stub.serve_result("2", record)
    reader = make_reader(retries=0)
    notes = reader.wait(reader.queue("731")).notes
    assert [each for each in notes if each.startswith(note)], notes
    assert not [each for each in notes if "the listed record is used" in each]


def test_queued_conversations_that_are_not_listed_are_fetched_by_id(reader: Reader, stub: Stub) -> None:
    stub.serve_queue(Answer.json(QUEUED))
    stub.serve("48213", listed(builders.result(1)))
    stub.serve_result("2", Answer(b"", status=404), single(2))
    run = reader.wait(reader.queue("731"))
    assert [each.id for each in run.results] == [1, 2]
    assert [each["id"] for each in json.loads(run.raw)["simulation_results"]] == [1, 2]
    assert [each.id for each in SimulationRun.from_bytes(run.raw_list).results] == [1]
