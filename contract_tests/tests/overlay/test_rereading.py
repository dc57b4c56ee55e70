"""Conversations that are read singly: which, when, and which record stands. By either client."""

import datetime
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import (
    ConfigurationError,
    ContractViolationError,
    Outcome,
    SimulationRun,
    WaitTimeoutError,
)

from .. import builders
from .conftest import ManualClock, Reader

MakeReader = Callable[..., Reader]
CALLED = {"tool_calls": [builders.tool_calls()]}
UNRECORDED = {"tool_calls": [builders.tool_calls(actual=0)]}
EMPTY: dict[str, Any] = {"tool_calls": []}


@pytest.fixture(autouse=True)
def _one_time(clock: ManualClock, bluejay_stub: Stub) -> Iterator[None]:
    """Let the stub's clock go along with the client's; time passes only where somebody sleeps."""
    bluejay_stub.now = datetime.datetime(2026, 11, 19, 16, 4, tzinfo=datetime.UTC)
    clock.stub = bluejay_stub
    yield
    clock.stub = None


def _ended(clock: ManualClock, seconds_ago: float = 0) -> dict[str, Any]:
    assert clock.stub
    return {"end_time": (clock.stub.now - datetime.timedelta(seconds=seconds_ago)).isoformat()}


def _list(*results: builders.Document, **run: Any) -> Answer:
    return Answer.json(builders.response(*results, **run))


def _single(id_: int = 1, **fields: Any) -> Answer:
    return Answer.json({"simulation_result": builders.result(id_, **fields)})


def _singles(stub: Stub) -> list[str]:
    return [each.resource_id for each in stub.requests if each.operation == "retrieve_simulation_result"]


def test_a_newer_list_stands_where_an_older_record_fetched_by_id_has_as_many_calls(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    """The second conversation, whose calls arrive late, makes the wait read the list again."""
    ended = _ended(clock)
    not_reached = {"evaluations": [builders.evaluation(goal_success=False)]}
    first, second = builders.result(1, **UNRECORDED, **ended), builders.result(2, **UNRECORDED, **ended)
    newer = builders.result(1, **CALLED, **ended, **not_reached)
    bluejay_stub.serve("r", _list(first, second), _list(newer, builders.result(2, **CALLED, **ended)))
    bluejay_stub.serve_result("1", _single(1, **CALLED, **ended))
    bluejay_stub.serve_result("2", _single(2, **UNRECORDED, **ended))
    run = reader.wait("r", poll_interval=10)
    assert [each.goal_success for each in run.results] == [False, True]


REPLACING = {
    "goal not reached": ({"evaluations": [builders.evaluation(goal_success=False)]}, Outcome.FAILED),
    "status ERROR": ({"status": "ERROR"}, Outcome.VOID),
}


def _polled_twice(
    reader: Reader, stub: Stub, clock: ManualClock, fetched: Answer, *again: dict[str, Any]
) -> SimulationRun:
    """Wait for three conversations. The first is listed without tools, and the third is awaited for 180 s."""
    ended = _ended(clock)
    awaited = builders.result(3, **UNRECORDED, **ended)
    lists = [
        _list(builders.result(1, **EMPTY | each), builders.result(2, **CALLED), awaited)
        for each in ({}, *again)
    ]
    stub.serve("r", *lists)
    stub.serve_result("1", fetched)
    stub.serve_result("3", _single(3, **UNRECORDED, **ended))
    return reader.wait("r", poll_interval=10)


@pytest.mark.parametrize(("record", "outcome"), REPLACING.values(), ids=REPLACING)
def test_a_fetched_record_still_replaces_the_listed_one_after_the_next_poll(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock, record: dict[str, Any], outcome: Outcome
) -> None:
    run = _polled_twice(reader, bluejay_stub, clock, _single(1, **record))
    assert run.results[0].outcome is outcome


def test_a_fetch_that_fails_in_passing_is_repeated_though_no_grace_is_left(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    """A failed fetch counts as none: no conversation becomes void for missing tool calls."""
    ended = _ended(clock, seconds_ago=3600)
    bluejay_stub.serve("r", _list(builders.result(1, **UNRECORDED, **ended)))
    bluejay_stub.serve_result("1", *[Answer(status=503)] * 9, _single(1, **CALLED, **ended))
    run = reader.wait("r", poll_interval=10)
    assert run.results[0].outcome is Outcome.PASSED


@pytest.mark.parametrize("status", [404, 503])
def test_a_conversation_that_can_never_be_fetched_is_void_in_the_end(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock, status: int
) -> None:
    ended = _ended(clock, seconds_ago=3600)
    bluejay_stub.serve("r", _list(builders.result(1, **UNRECORDED, **ended)))
    bluejay_stub.serve_result("1", Answer(status=status))
    assert reader.wait("r", poll_interval=10).results[0].outcome is Outcome.VOID


def test_a_fetched_record_replaces_every_copy_of_the_listed_one(reader: Reader, bluejay_stub: Stub) -> None:
    copy = builders.result(1, **UNRECORDED)
    bluejay_stub.serve("r", _list(copy, copy))
    bluejay_stub.serve_result("1", _single(1, **CALLED))
    run = reader.retrieve("r", complete=True)
    assert [each.outcome for each in run.results] == [Outcome.PASSED] * 2


def test_a_list_with_new_signed_urls_is_not_newer_than_a_fetched_record(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    failed = _single(1, evaluations=[builders.evaluation(goal_success=False)])
    run = _polled_twice(reader, bluejay_stub, clock, failed, {"audio_url": "https://files.test/a?sig=2"})
    assert run.results[0].outcome is Outcome.FAILED


def test_a_fetched_record_that_is_under_way_is_fetched_again(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("r", _list(builders.result(1, **EMPTY), builders.result(2, **CALLED)))
    bluejay_stub.serve_result("1", _single(1, status="EVALUATING", evaluations=None), _single(1, **CALLED))
    run = reader.wait("r", poll_interval=10)
    assert run.results[0].outcome is Outcome.PASSED
    assert sum(clock.slept) == 30


@pytest.mark.parametrize(
    ("record", "doubt"),
    [
        ({"status": "ERROR"}, "status is COMPLETED in the list and ERROR fetched by id"),
        (
            {"evaluations": [builders.evaluation(goal_success=False)]},
            "goal_success is True in the list and False fetched by id",
        ),
        ({"digital_human_id": 99}, "digital_human_id is 5 in the list and 99 fetched by id"),
    ],
)
def test_a_list_and_a_fetched_record_that_contradict_each_other_make_the_conversation_doubtful(
    reader: Reader, bluejay_stub: Stub, record: dict[str, Any], doubt: str
) -> None:
    caller = {"digital_human_id": 5}
    bluejay_stub.serve("r", _list(builders.result(1, **EMPTY | caller), builders.result(2, **CALLED)))
    bluejay_stub.serve_result("1", _single(1, **CALLED | caller | record))
    assert reader.retrieve("r", complete=True).results[0].doubt == doubt


def test_a_list_that_changes_to_what_the_fetched_record_says_ends_the_doubt(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    failed = {"evaluations": [builders.evaluation(goal_success=False)]}
    run = _polled_twice(reader, bluejay_stub, clock, _single(1, **failed), failed)
    assert run.results[0].doubt == ""


@pytest.mark.parametrize(
    ("results", "read"),
    [
        ([UNRECORDED, CALLED], ["1"]),
        ([CALLED, EMPTY, {"tool_calls": None}], ["2", "3"]),
        ([EMPTY, EMPTY], []),
        ([CALLED | {"digital_human_id": 5}, EMPTY | {"digital_human_id": 6}], ["2"]),
        (
            [
                CALLED | {"digital_human_id": 5},
                EMPTY | {"digital_human_id": 6},
                EMPTY | {"digital_human_id": 6},
            ],
            [],
        ),
        ([CALLED | {"digital_human_id": 5}, EMPTY | {"digital_human_id": 5}], ["2"]),
        ([CALLED, UNRECORDED | {"status": "NO_ANSWER"}, EMPTY | {"status": "CANCELLED"}], []),
        ([CALLED, UNRECORDED | {"status": "EVALUATING"}], []),
        ([CALLED, EMPTY | {"status": "CALL_DROPPED"}], ["2"]),
    ],
    ids=[
        "no call recorded", "none to call, others have some", "none to call in the run",
        "another caller alone", "another caller, whose other conversation has none either",
        "the same caller", "void by status", "under way", "cut off",
    ],
)  # fmt: skip
def test_complete_reads_singly_once_what_the_list_may_have_left_out_and_nothing_else(
    reader: Reader, bluejay_stub: Stub, results: list[dict[str, Any]], read: list[str]
) -> None:
    bluejay_stub.serve("r", _list(*(builders.result(id_, **each) for id_, each in enumerate(results, 1))))
    run = reader.retrieve("r")
    assert [str(each.id) for each in run.incomplete] == read
    assert _singles(bluejay_stub) == []
    run = reader.retrieve("r", complete=True)
    assert sorted(_singles(bluejay_stub)) == read
    assert run.incomplete == ()


def test_a_record_read_singly_stands_in_place_of_the_listed_one_byte_for_byte(
    reader: Reader, bluejay_stub: Stub
) -> None:
    listed = builders.encoded(
        builders.response(builders.result(1, **CALLED), builders.result(2, **UNRECORDED))
    )
    record = b'{ "id": 2, "status": "COMPLETED", "evaluations": %b, "tool_calls": %b }' % (
        builders.encoded([builders.evaluation()]),
        builders.encoded(CALLED["tool_calls"]),
    )
    bluejay_stub.serve("r", Answer(listed))
    bluejay_stub.serve_result("2", Answer(b'{"simulation_result": %b}' % record))
    run = reader.retrieve("r", complete=True)
    assert run.results[1].outcome is Outcome.PASSED
    assert run.raw == listed.replace(builders.encoded(builders.result(2, **UNRECORDED)), record)
    assert (run.raw_list, run.results[1].raw) == (listed, record)
    saved = SimulationRun.from_bytes(run.raw)
    assert [each.outcome for each in saved.results] == [each.outcome for each in run.results]


@pytest.mark.parametrize(
    ("record", "note"),
    [
        (_single(2, **CALLED), "the fetch by id returned conversation 2, so the listed record is used"),
        (Answer(status=404), "could not be fetched by id, so the listed record is used (404: "),
        (Answer(status=500), "could not be fetched by id, so the listed record is used (500: "),
        (_single(1, status="FAILED", **CALLED), "status is COMPLETED in the list and FAILED fetched by id"),
        (
            _single(1, evaluations=[builders.evaluation(goal_success=False)], **UNRECORDED),
            "goal_success is True in the list and False fetched by id",
        ),
    ],
)  # fmt: skip
def test_a_single_read_that_fails_or_contradicts_the_list_is_in_the_notes(
    make_reader: MakeReader, bluejay_stub: Stub, record: Answer, note: str
) -> None:
    bluejay_stub.serve("r", _list(builders.result(1, **UNRECORDED)))
    bluejay_stub.serve_result("1", record)
    run = make_reader(retries=0).retrieve("r", complete=True)
    assert [each for each in run.notes if each.startswith(f"conversation 1: {note}")], run.notes


def test_a_conversation_that_could_not_be_read_stays_as_listed_and_incomplete(
    make_reader: MakeReader, bluejay_stub: Stub
) -> None:
    bluejay_stub.serve("r", _list(builders.result(1, **UNRECORDED)))
    bluejay_stub.serve_result("1", Answer(b"", status=404))
    run = make_reader(retries=0).retrieve("r", complete=True)
    assert (run.raw, [each.id for each in run.incomplete]) == (run.raw_list, [1])


def test_a_record_with_fewer_calls_than_the_list_does_not_stand(reader: Reader, bluejay_stub: Stub) -> None:
    """The list has caught up between the two reads."""
    listed = _list(builders.result(1, **UNRECORDED), builders.result(2, **EMPTY))
    caught_up = _list(builders.result(1, **UNRECORDED), builders.result(2, **CALLED))
    bluejay_stub.serve("r", listed, caught_up)
    bluejay_stub.serve_result("1", _single(1, **UNRECORDED), _single(1, **CALLED))
    bluejay_stub.serve_result("2", _single(2, **UNRECORDED))
    assert [each.outcome for each in reader.wait("r").results] == [Outcome.PASSED, Outcome.PASSED]


def test_wait_reads_what_lands_late_at_once_and_again_after_30_60_and_120_s_and_at_the_end_of_the_grace(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("r", _list(builders.result(1, **UNRECORDED, **_ended(clock))))
    started, times = bluejay_stub.now, list[float]()
    bluejay_stub.serve_result("1", _single(1, **UNRECORDED, **_ended(clock)))

    def note(_: SimulationRun) -> None:
        times.extend(
            [(bluejay_stub.now - started).total_seconds()] * (len(_singles(bluejay_stub)) - len(times))
        )

    run = reader.wait("r", poll_interval=10, on_update=note)
    assert times == pytest.approx([0, 30, 60, 120, 180], abs=2)  # its clock has seconds, and goes on itself
    assert run.results[0].outcome is Outcome.VOID
    assert run.incomplete == ()


def test_wait_returns_as_soon_as_the_calls_are_recorded(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    ended = _ended(clock)
    bluejay_stub.serve("r", _list(builders.result(1, **UNRECORDED, **ended)))
    bluejay_stub.serve_result("1", _single(1, **UNRECORDED, **ended), _single(1, **CALLED, **ended))
    run = reader.wait("r", poll_interval=7)
    assert (run.results[0].outcome, sum(clock.slept)) == (Outcome.PASSED, 30)


def test_calls_that_a_later_list_has_and_the_record_had_not_are_no_contradiction(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    lacking, whole = (builders.result(1, **each, **_ended(clock)) for each in (UNRECORDED, CALLED))
    bluejay_stub.serve("48213", _list(lacking), _list(whole))
    run = reader.wait("48213")
    assert (_singles(bluejay_stub), run.results[0].outcome, run.notes) == (["1"], Outcome.PASSED, ())


def test_wait_begins_to_read_singly_when_nothing_else_is_under_way(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    gap = builders.result(1, **UNRECORDED, **_ended(clock))
    busy = [
        _list(gap, builders.result(2, **CALLED), status="RUNNING"),
        _list(gap, builders.result(2, status="EVALUATING")),
    ]
    bluejay_stub.serve("r", *busy, _list(gap, builders.result(2, **CALLED)))
    bluejay_stub.serve_result("1", _single(1, **CALLED))
    reader.wait("r")
    assert [each.operation for each in bluejay_stub.requests] == [
        *["retrieve_simulation_results"] * 3,
        "retrieve_simulation_result",
    ]


@pytest.mark.parametrize("off", [datetime.timedelta(hours=1), -datetime.timedelta(hours=1), None])
def test_a_server_clock_that_is_off_or_not_sent_shortens_a_wait_and_never_lengthens_it(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock, off: datetime.timedelta | None
) -> None:
    gap = builders.response(builders.result(1, **UNRECORDED, **_ended(clock)))
    bluejay_stub.serve("r", Answer.json(gap, date=off))
    bluejay_stub.serve_result("1", _single(1, **UNRECORDED, **_ended(clock)))
    run = reader.wait("r")
    assert (run.results[0].outcome, len(_singles(bluejay_stub)) >= 1) == (Outcome.VOID, True)
    assert sum(clock.slept) == pytest.approx(0 if off == datetime.timedelta(hours=1) else 180, abs=1)


def test_without_a_grace_a_wait_reads_once_and_judges(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("r", _list(builders.result(1, **UNRECORDED, **_ended(clock))))
    bluejay_stub.serve_result("1", _single(1, **UNRECORDED))
    run = reader.wait("r", tool_call_grace=0)
    assert (run.results[0].outcome, _singles(bluejay_stub), clock.slept) == (Outcome.VOID, ["1"], [])


def test_a_grace_that_is_no_duration_is_refused(reader: Reader) -> None:
    with pytest.raises(ConfigurationError, match="tool_call_grace must be a number of seconds from 0 up"):
        reader.wait("r", tool_call_grace=-1)


def test_a_deadline_reached_while_reading_singly_raises_the_last_state_and_calls_nothing_void(
    make_reader: MakeReader, bluejay_stub: Stub
) -> None:
    bluejay_stub.serve("r", _list(builders.result(1, **UNRECORDED)))
    bluejay_stub.serve_result("1", Answer(b"", status=200, delay=5))
    from bluejay_results import Clock

    with pytest.raises(WaitTimeoutError) as caught:
        make_reader(clock=Clock()).wait("r", timeout=0.5)
    assert caught.value.run
    assert caught.value.run.results[0].outcome is Outcome.UNDER_WAY


def test_a_broken_record_is_a_violation_and_collected_where_that_is_asked_for(
    reader: Reader, bluejay_stub: Stub
) -> None:
    bluejay_stub.serve("r", _list(builders.result(1), builders.result(2, **UNRECORDED)))
    bluejay_stub.serve_result("2", _single(2, duration="long", **CALLED))
    with pytest.raises(ContractViolationError, match=r"\$\.simulation_result\.duration"):
        reader.retrieve("r", complete=True)
    run = reader.retrieve("r", complete=True, on_violation="collect")
    assert [each.path for each in run.violations] == ["$.simulation_results[1].duration"]


def test_conversations_that_were_queued_and_are_not_listed_are_read_singly(
    reader: Reader, bluejay_stub: Stub
) -> None:
    bluejay_stub.serve_queue(
        Answer.json({"simulation_run_id": "r", "simulation_result_ids": ["1", "2"], "agent_id": "7"})
    )
    bluejay_stub.serve("r", _list(builders.result(1)))
    bluejay_stub.serve_result("2", Answer(b"", status=404), _single(2))
    run = reader.wait(reader.queue("731"))
    assert [each.id for each in run.results] == [1, 2]
    assert [each["id"] for each in json.loads(run.raw)["simulation_results"]] == [1, 2]
    assert [each.id for each in SimulationRun.from_bytes(run.raw_list).results] == [1]


def test_fewer_are_read_at_a_time_after_429_and_all_are_read(
    make_reader: MakeReader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("r", _list(*(builders.result(id_, **UNRECORDED) for id_ in range(20))))
    limited = Answer(b"", status=429, headers={"retry-after": "3"})
    for id_ in range(20):
        answers = [limited] if id_ == 0 else []
        bluejay_stub.serve_result(str(id_), *answers, _single(id_, **CALLED))
    run = make_reader().retrieve("r", complete=True)
    assert {each.outcome for each in run.results} == {Outcome.PASSED}
    assert (len(_singles(bluejay_stub)), clock.slept) == (21, [3])


def test_the_gaps_of_a_large_list_cost_a_request_each_and_one_for_the_list(
    reader: Reader, bluejay_stub: Stub
) -> None:
    run = reader.wait(SCENARIOS["gaps"].run_id)
    assert len(bluejay_stub.requests) == 1 + 49
    assert run.results_by_outcome[Outcome.VOID] == ()
