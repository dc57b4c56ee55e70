"""Which conversations are fetched by id, and when, with either client."""

import datetime
from typing import Any, cast

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import (
    ConfigurationError,
    Outcome,
    RunProgress,
    SimulationResult,
    WaitTimeoutError,
)
from bluejay_results.results.result import to_fetch_by_id

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._scripts import lists
from ..faults._server import FaultServer
from ..runs import run_of
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
    reader: Reader, bluejay_stub: Stub, results: list[dict[str, Any]], read: list[str]
) -> None:
    bluejay_stub.serve(
        "48213", listed(*(builders.result(id_, **each) for id_, each in enumerate(results, 1)))
    )
    run = reader.retrieve("48213")
    assert [str(each.id) for each in run.incomplete] == read
    assert fetched_ids(bluejay_stub) == []
    run = reader.retrieve("48213", complete=True)
    assert sorted(fetched_ids(bluejay_stub)) == read
    assert run.incomplete == ()


class _Counted:
    """A conversation that counts how often its attributes are read."""

    reads = 0

    def __init__(self, result: SimulationResult) -> None:
        self._result = result

    def __getattr__(self, name: str) -> Any:
        type(self).reads += 1
        return getattr(self._result, name)


def test_the_search_for_incomplete_conversations_reads_each_only_a_few_times() -> None:
    """If each conversation were compared with all others of its caller, the search would be quadratic."""
    empty = (builders.result(number, digital_human_id=5, **EMPTY) for number in range(299))
    run = run_of(*empty, builders.result(299, digital_human_id=5, **CALLED))
    found = to_fetch_by_id([cast("SimulationResult", _Counted(each)) for each in run.results])
    assert len(found) == 299
    assert _Counted.reads < 20 * 300


def test_wait_fetches_at_the_end_and_once_more_when_the_grace_is_over(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("48213", listed(builders.result(1, **UNRECORDED, **ended(clock))))
    started, times = clock.now(), list[float]()
    bluejay_stub.serve_result("1", single(1, **UNRECORDED, **ended(clock)))

    def note(_: RunProgress) -> None:
        times.extend([clock.now() - started] * (len(fetched_ids(bluejay_stub)) - len(times)))

    run = reader.wait("48213", poll_interval=7, on_update=note)
    assert times == [0, 180]
    assert run.is_settled
    assert run.incomplete == ()


def test_wait_starts_to_fetch_when_no_other_conversation_is_under_way(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    gap = builders.result(1, **UNRECORDED, **ended(clock))
    busy = [
        listed(gap, builders.result(2, **CALLED), status="RUNNING"),
        listed(gap, builders.result(2, status="EVALUATING")),
    ]
    bluejay_stub.serve("48213", *busy, listed(gap, builders.result(2, **CALLED)))
    bluejay_stub.serve_result("1", single(1, **CALLED))
    reader.wait("48213")
    assert pages(bluejay_stub) == [(1, 0), (1, 0), (100, 0), (100, 0)]
    assert bluejay_stub.requests[-1].operation == "retrieve_simulation_result"
    assert fetched_ids(bluejay_stub) == ["1"]


@pytest.mark.parametrize("off", [datetime.timedelta(hours=1), None])
def test_a_server_clock_that_is_ahead_or_missing_does_not_lengthen_a_wait(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock, off: datetime.timedelta | None
) -> None:
    gap = builders.response(builders.result(1, **UNRECORDED, **ended(clock)))
    bluejay_stub.serve("48213", Answer.json(gap, date=off))
    bluejay_stub.serve_result("1", single(1, **UNRECORDED, **ended(clock)))
    run = reader.wait("48213")
    assert run.is_settled
    assert len(fetched_ids(bluejay_stub)) >= 1
    assert sum(clock.slept) == (0 if off == datetime.timedelta(hours=1) else 180)


def test_without_a_grace_period_a_wait_fetches_once(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("48213", listed(builders.result(1, **UNRECORDED, **ended(clock))))
    bluejay_stub.serve_result("1", single(1, **UNRECORDED))
    run = reader.wait("48213", tool_call_grace=0)
    assert run.is_settled
    assert fetched_ids(bluejay_stub) == ["1"]
    assert clock.slept == []


def test_a_grace_period_that_is_not_a_duration_is_refused(reader: Reader) -> None:
    with pytest.raises(ConfigurationError, match="tool_call_grace must be a number of seconds from 0 up"):
        reader.wait("48213", tool_call_grace=-1)


def test_a_timeout_during_fetches_has_the_last_state_and_judges_no_conversation(
    make_reader: MakeReader, clock: ManualClock
) -> None:
    def answer_late(connection: Connection) -> None:
        clock.time += 60
        connection.send(response(b"{}"))

    run = response(builders.encoded(builders.response(builders.result(1, **UNRECORDED))))
    with FaultServer(lists(run, answer_late)) as server, pytest.raises(WaitTimeoutError) as caught:
        make_reader(base_url=server.url).wait("48213", timeout=60)
    assert caught.value.run
    assert caught.value.run.results[0].outcome is Outcome.UNDER_WAY


def test_each_incomplete_conversation_of_a_large_list_costs_one_request(
    reader: Reader, bluejay_stub: Stub
) -> None:
    run = reader.wait(SCENARIOS["gaps"].run_id)
    assert pages(bluejay_stub) == [(1, 0), (100, 0), (100, 100)]
    assert len(set(fetched_ids(bluejay_stub))) == len(fetched_ids(bluejay_stub)) == 49
    assert run.incomplete == ()


def test_wait_fetches_once_if_the_grace_is_already_over(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    end = ended(clock, seconds_ago=3600)
    bluejay_stub.serve("48213", listed(builders.result(1, **UNRECORDED, **end)))
    bluejay_stub.serve_result("1", single(1, **UNRECORDED, **end))
    assert reader.wait("48213").is_settled
    assert fetched_ids(bluejay_stub) == ["1"]
    assert clock.slept == []


@pytest.mark.parametrize(
    ("at_first", "later", "slept"),
    [((UNRECORDED, CALLED), (), 0), ((UNRECORDED, UNRECORDED), (CALLED,), 10)],
    ids=["fetched", "listed later"],
)
def test_wait_returns_as_soon_as_the_calls_are_recorded(
    reader: Reader,
    bluejay_stub: Stub,
    clock: ManualClock,
    at_first: tuple[dict[str, Any], dict[str, Any]],
    later: tuple[dict[str, Any], ...],
    slept: float,
) -> None:
    listed_first, fetched = at_first
    end = ended(clock)
    answers = [listed(builders.result(1, **each, **end)) for each in (listed_first, *later)]
    bluejay_stub.serve("48213", *answers)
    bluejay_stub.serve_result("1", single(1, **fetched, **end))
    assert reader.wait("48213", poll_interval=10).results[0].outcome is Outcome.PASSED
    assert sum(clock.slept) == slept
    assert fetched_ids(bluejay_stub) == ["1"]


def test_a_conversation_that_could_not_be_fetched_is_fetched_again_after_the_grace(
    make_reader: MakeReader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("48213", listed(builders.result(1, **UNRECORDED, **ended(clock))))
    bluejay_stub.serve_result("1", Answer(status=503), single(1, **CALLED))
    run = make_reader(retries=0).wait("48213", poll_interval=10)
    assert run.results[0].outcome is Outcome.PASSED
    assert sum(clock.slept) == 180
    assert run.notes == ()


@pytest.mark.parametrize("status", [404, 503])
def test_a_conversation_that_can_never_be_fetched_does_not_keep_the_run_unsettled(
    make_reader: MakeReader, bluejay_stub: Stub, clock: ManualClock, status: int
) -> None:
    bluejay_stub.serve("48213", listed(builders.result(1, **UNRECORDED, **ended(clock))))
    bluejay_stub.serve_result("1", Answer(status=status))
    run = make_reader(retries=0).wait("48213")
    assert run.results[0].outcome not in {Outcome.PASSED, Outcome.FAILED}
    assert fetched_ids(bluejay_stub) == ["1", "1"]
    assert sum(clock.slept) == 180


def test_only_the_date_of_a_200_shows_the_time_of_the_service(
    make_reader: MakeReader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    """A proxy, whose clock may be wrong, can respond with an error too."""
    bluejay_stub.serve("48213", listed(builders.result(1, **UNRECORDED, **ended(clock))))
    bluejay_stub.serve_result("1", Answer(status=503, date=datetime.timedelta(hours=1)))
    run = make_reader(retries=1).retrieve("48213", complete=True)
    assert run.results[0].outcome is Outcome.UNDER_WAY


def test_a_fetched_record_that_is_under_way_keeps_the_run_unsettled(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("48213", listed(builders.result(1, **EMPTY), builders.result(2, **CALLED)))
    bluejay_stub.serve_result("1", single(1, status="EVALUATING"))
    assert reader.wait("48213", poll_interval=10).is_settled
    assert clock.slept == [10]


def test_missing_conversations_are_not_fetched(reader: Reader, bluejay_stub: Stub) -> None:
    bluejay_stub.serve_queue(Answer.json(QUEUED))
    bluejay_stub.serve("48213", listed(builders.result(1), total_tests=2))
    assert reader.wait(reader.queue("731")).missing_count == 1
    assert fetched_ids(bluejay_stub) == []
