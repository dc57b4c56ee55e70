"""Which conversations are fetched by id, and when, with either client."""

import datetime
from collections.abc import Callable
from typing import Any, cast

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import (
    ConfigurationError,
    Outcome,
    SimulationResult,
    SimulationRun,
    WaitTimeoutError,
)
from bluejay_results.results.incomplete import to_fetch_by_id

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._scripts import lists
from ..faults._server import FaultServer
from ..runs import run_of
from .answers import CALLED, EMPTY, UNRECORDED, ended, fetched_ids, listed, single
from .conftest import ManualClock, Reader

MakeReader = Callable[..., Reader]
pytestmark = pytest.mark.usefixtures("one_time")


def test_a_fetch_with_a_transient_error_is_repeated_after_the_grace_period(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    """A failed fetch doesn't count: no conversation becomes void for missing tool calls."""
    end = ended(clock, seconds_ago=3600)
    bluejay_stub.serve("48213", listed(builders.result(1, **UNRECORDED, **end)))
    bluejay_stub.serve_result("1", *[Answer(status=503)] * 9, single(1, **CALLED, **end))
    run = reader.wait("48213", poll_interval=10)
    assert run.results[0].outcome is Outcome.PASSED


@pytest.mark.parametrize("status", [404, 503])
def test_a_conversation_that_can_never_be_fetched_becomes_void(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock, status: int
) -> None:
    end = ended(clock, seconds_ago=3600)
    bluejay_stub.serve("48213", listed(builders.result(1, **UNRECORDED, **end)))
    bluejay_stub.serve_result("1", Answer(status=status))
    assert reader.wait("48213", poll_interval=10).results[0].outcome is Outcome.VOID


def test_a_fetched_record_that_is_under_way_is_fetched_again(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("48213", listed(builders.result(1, **EMPTY), builders.result(2, **CALLED)))
    bluejay_stub.serve_result("1", single(1, status="EVALUATING", evaluations=None), single(1, **CALLED))
    run = reader.wait("48213", poll_interval=10)
    assert run.results[0].outcome is Outcome.PASSED
    assert sum(clock.slept) == 30


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
def test_the_option_complete_fetches_only_conversations_that_may_lack_tool_calls(
    reader: Reader, bluejay_stub: Stub, results: list[dict[str, Any]], read: list[str]
) -> None:
    bluejay_stub.serve("48213", listed(*(builders.result(id_, **each) for id_, each in enumerate(results, 1))))
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


def test_wait_fetches_after_0_30_60_and_120_s_and_at_the_end_of_the_grace(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("48213", listed(builders.result(1, **UNRECORDED, **ended(clock))))
    started, times = clock.now(), list[float]()
    bluejay_stub.serve_result("1", single(1, **UNRECORDED, **ended(clock)))

    def note(_: SimulationRun) -> None:
        times.extend([clock.now() - started] * (len(fetched_ids(bluejay_stub)) - len(times)))

    run = reader.wait("48213", poll_interval=10, on_update=note)
    assert times == [0, 30, 60, 120, 180]
    assert run.results[0].outcome is Outcome.VOID
    assert run.incomplete == ()


def test_wait_returns_as_soon_as_the_calls_are_recorded(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    end = ended(clock)
    bluejay_stub.serve("48213", listed(builders.result(1, **UNRECORDED, **end)))
    bluejay_stub.serve_result("1", single(1, **UNRECORDED, **end), single(1, **CALLED, **end))
    run = reader.wait("48213", poll_interval=7)
    assert run.results[0].outcome is Outcome.PASSED
    assert sum(clock.slept) == 30


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
    assert [each.operation for each in bluejay_stub.requests] == [
        *["retrieve_simulation_results"] * 3,
        "retrieve_simulation_result",
    ]


@pytest.mark.parametrize("off", [datetime.timedelta(hours=1), -datetime.timedelta(hours=1), None])
def test_a_wrong_or_missing_server_clock_never_lengthens_a_wait(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock, off: datetime.timedelta | None
) -> None:
    gap = builders.response(builders.result(1, **UNRECORDED, **ended(clock)))
    bluejay_stub.serve("48213", Answer.json(gap, date=off))
    bluejay_stub.serve_result("1", single(1, **UNRECORDED, **ended(clock)))
    run = reader.wait("48213")
    assert run.results[0].outcome is Outcome.VOID
    assert len(fetched_ids(bluejay_stub)) >= 1
    assert sum(clock.slept) == (0 if off == datetime.timedelta(hours=1) else 180)


def test_without_a_grace_period_a_wait_fetches_once(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("48213", listed(builders.result(1, **UNRECORDED, **ended(clock))))
    bluejay_stub.serve_result("1", single(1, **UNRECORDED))
    run = reader.wait("48213", tool_call_grace=0)
    assert run.results[0].outcome is Outcome.VOID
    assert fetched_ids(bluejay_stub) == ["1"]
    assert clock.slept == []


def test_a_grace_period_that_is_not_a_duration_is_refused(reader: Reader) -> None:
    with pytest.raises(ConfigurationError, match="tool_call_grace must be a number of seconds from 0 up"):
        reader.wait("48213", tool_call_grace=-1)


def test_a_timeout_during_fetches_has_the_last_state_and_no_void_conversation(
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
    assert len(bluejay_stub.requests) == 1 + 49
    assert run.results_by_outcome[Outcome.VOID] == ()
