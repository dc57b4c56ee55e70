"""Which conversations are fetched by id, and when."""

import datetime
import gc
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import (
    ContractViolationError,
    Outcome,
    RunProgress,
)

from .. import builders
from .answers import CALLED, EMPTY, QUEUED, UNRECORDED, ended, fetched_ids, listed, pages, single
from .conftest import MakeReader, ManualClock, Reader

pytestmark = pytest.mark.usefixtures("one_time")


@pytest.mark.parametrize(
    ("results", "read"),
    [
        ([UNRECORDED, CALLED], ["1"]),
        ([CALLED, EMPTY, {"tool_calls": None}], ["2", "3"]),
        ([EMPTY, EMPTY], []),
        ([CALLED | {"digital_human_id": 5}, EMPTY | {"digital_human_id": 6}], ["2"]),
        ([{"evaluations": []}, {"evaluations": [builders.evaluation(goal_success=None)]}], ["1", "2"]),
        ([CALLED, {"tool_calls": [builders.tool_calls("a"), builders.tool_calls(actual=0)]}], ["2"]),
        ([CALLED, UNRECORDED | {"status": "NO_ANSWER"}, EMPTY | {"status": "CANCELLED"}], []),
        ([CALLED, UNRECORDED | {"status": "EVALUATING"}], []),
        ([CALLED, EMPTY | {"status": "CALL_DROPPED"}], ["2"]),
    ],
    ids=[
        "no call recorded", "none to call, others have some", "none to call in the run",
        "another caller", "no verdict", "one of two tools not called", "never connected", "under way",
        "cut off",
    ],
)  # fmt: skip
def test_the_option_complete_fetches_conversations_that_lack_a_verdict_or_may_lack_tool_calls(
    reader: Reader, stub: Stub, results: list[dict[str, Any]], read: list[str]
) -> None:
    stub.serve("48213", listed(*(builders.result(id_, **each) for id_, each in enumerate(results, 1))))
    run = reader.retrieve("48213")
    assert [str(each.id) for each in run.incomplete] == read
    assert fetched_ids(stub) == []
    run = reader.retrieve("48213", complete=True)
    assert sorted(fetched_ids(stub)) == read
    assert run.incomplete == ()


def test_wait_fetches_at_the_end_and_once_more_when_the_grace_is_over(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    stub.serve("48213", listed(builders.result(1, **UNRECORDED, **ended(clock))))
    started, times = clock.now(), list[float]()
    stub.serve_result("1", single(1, **UNRECORDED, **ended(clock)))

    def note(_: RunProgress) -> None:
        times.extend([clock.now() - started] * (len(fetched_ids(stub)) - len(times)))

    run = reader.wait("48213", poll_interval=7, on_update=note)
    assert times == [0, 180]
    assert run.is_settled
    assert run.incomplete == ()


@pytest.mark.parametrize(("grace", "seconds_ago"), [(0, 0), (180, 3600)])
def test_wait_fetches_once_if_there_is_no_grace_or_it_is_already_over(
    reader: Reader, stub: Stub, clock: ManualClock, grace: float, seconds_ago: float
) -> None:
    end = ended(clock, seconds_ago)
    stub.serve("48213", listed(builders.result(1, **UNRECORDED, **end)))
    stub.serve_result("1", single(1, **UNRECORDED, **end))
    assert reader.wait("48213", tool_call_grace=grace).is_settled
    assert fetched_ids(stub) == ["1"]
    assert clock.slept == []


def test_wait_starts_to_fetch_when_no_other_conversation_is_under_way(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    gap = builders.result(1, **UNRECORDED, **ended(clock))
    busy = [
        listed(gap, builders.result(2, **CALLED), status="RUNNING"),
        listed(gap, builders.result(2, status="EVALUATING")),
    ]
    stub.serve("48213", *busy, listed(gap, builders.result(2, **CALLED)))
    stub.serve_result("1", single(1, **CALLED))
    reader.wait("48213")
    assert pages(stub) == [(1, 0), (1, 0), (100, 0), (100, 0)]
    assert stub.requests[-1].operation == "retrieve_simulation_result"
    assert fetched_ids(stub) == ["1"]


@pytest.mark.parametrize(("off", "slept"), [(datetime.timedelta(hours=1), 0), (None, 180)])
def test_a_server_clock_that_is_ahead_or_missing_does_not_lengthen_a_wait(
    reader: Reader, stub: Stub, clock: ManualClock, off: datetime.timedelta | None, slept: float
) -> None:
    stub.serve("48213", listed(builders.result(1, **UNRECORDED, **ended(clock)), date=off))
    stub.serve_result("1", single(1, **UNRECORDED, **ended(clock)))
    assert reader.wait("48213").is_settled
    assert len(fetched_ids(stub)) >= 1
    assert sum(clock.slept) == slept


def test_each_incomplete_conversation_of_a_large_list_costs_one_request(reader: Reader, stub: Stub) -> None:
    run = reader.wait(SCENARIOS["gaps"].run_id)
    assert pages(stub) == [(1, 0), (100, 0), (100, 100)]
    assert len(set(fetched_ids(stub))) == len(fetched_ids(stub)) == 49
    assert run.incomplete == ()


@pytest.mark.parametrize(
    ("fetched", "later", "slept"),
    [(CALLED, (), 0), (UNRECORDED, (CALLED,), 10)],
    ids=["fetched", "listed later"],
)
def test_wait_returns_as_soon_as_the_calls_are_recorded(
    reader: Reader,
    stub: Stub,
    clock: ManualClock,
    fetched: dict[str, Any],
    later: tuple[dict[str, Any], ...],
    slept: float,
) -> None:
    end = ended(clock)
    stub.serve("48213", *(listed(builders.result(1, **each, **end)) for each in (UNRECORDED, *later)))
    stub.serve_result("1", single(1, **fetched, **end))
    assert reader.wait("48213", poll_interval=10).results[0].outcome is Outcome.PASSED
    assert sum(clock.slept) == slept
    assert fetched_ids(stub) == ["1"]


@pytest.mark.parametrize(
    ("answers", "outcome", "notes"),
    [
        ([Answer(status=503), single(1, **CALLED)], Outcome.PASSED, 0),
        ([Answer(status=503)], Outcome.UNKNOWN, 2),
        ([Answer(status=404)], Outcome.UNKNOWN, 2),
    ],
    ids=["once", "503", "404"],
)
def test_a_conversation_that_could_not_be_fetched_is_fetched_again_after_the_grace(
    make_reader: MakeReader,
    stub: Stub,
    clock: ManualClock,
    answers: list[Answer],
    outcome: Outcome,
    notes: int,
) -> None:
    """If it can never be fetched, it doesn't keep the run unsettled."""
    stub.serve("48213", listed(builders.result(1, **UNRECORDED, **ended(clock))))
    stub.serve_result("1", *answers)
    run = make_reader(retries=0).wait("48213", poll_interval=10)
    assert run.results[0].outcome is outcome
    assert fetched_ids(stub) == ["1", "1"]
    assert sum(clock.slept) == 180
    assert len(run.notes) == notes


def test_only_the_date_of_a_200_shows_the_time_of_the_service(
    make_reader: MakeReader, stub: Stub, clock: ManualClock
) -> None:
    """A proxy, whose clock may be wrong, can respond with an error too."""
    stub.serve("48213", listed(builders.result(1, **UNRECORDED, **ended(clock))))
    stub.serve_result("1", Answer(status=503, date=datetime.timedelta(hours=1)))
    run = make_reader(retries=1).retrieve("48213", complete=True)
    assert run.results[0].outcome is Outcome.UNDER_WAY


def test_a_fetched_record_that_is_under_way_keeps_the_run_unsettled(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    stub.serve("48213", listed(builders.result(1, **EMPTY), builders.result(2, **CALLED)))
    stub.serve_result("1", single(1, status="EVALUATING"))
    assert reader.wait("48213", poll_interval=10).is_settled
    assert clock.slept == [10]


def test_missing_conversations_are_not_fetched(reader: Reader, stub: Stub) -> None:
    stub.serve_queue(Answer.json(QUEUED))
    stub.serve("48213", listed(builders.result(1), total_tests=2))
    assert reader.wait(reader.queue("731")).missing_count == 1
    assert fetched_ids(stub) == []


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_after_a_fatal_error_no_more_conversations_are_fetched(either: Reader, stub: Stub) -> None:
    stub.serve("48213", listed(*(builders.result(each, **UNRECORDED) for each in range(40))))
    for number in range(40):
        stub.serve_result(str(number), Answer(b"{}"))
    with pytest.raises(ContractViolationError):
        either.retrieve("48213", complete=True)
    gc.collect()  # closes the connections of tasks that were cancelled while they connected
    assert len(stub.requests) <= 1 + 8
