"""Faults of fetches by id, in a run whose list lacks only tool calls."""

import asyncio
import time
from collections.abc import Callable
from threading import Barrier, Event, Lock
from typing import Any

import pytest
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    Clock,
    Outcome,
    WaitTimeoutError,
)

from .. import builders
from ..overlay.conftest import ManualClock, Reader
from . import _process
from ._call import RUN_ID, Call, Options, Way
from ._connection import Connection, Script
from ._http import HTML, JSON, head, response
from ._process import run_command
from ._scripts import lists
from ._server import FaultServer

LACKING = {"tool_calls": [builders.tool_calls(actual=0)]}
both_clients = pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
Answer = Callable[[Connection], object]


def _valid(connection: Connection) -> None:
    record = builders.result(int(connection.run_id), tool_calls=[builders.tool_calls()])
    connection.send(response(builders.encoded({"simulation_result": record})))


def _serving(gaps: int, single: Answer) -> Script:
    """List a run whose conversations all lack their tool calls, and handle each fetch by id with `single`."""
    listed = builders.response(*(builders.result(number, **LACKING) for number in range(gaps)), id=RUN_ID)
    return lists(response(builders.encoded(listed)), single)


def _cut(connection: Connection) -> None:
    connection.send(head(JSON, "Content-Length: 99") + b"{").end()


FAULTS: dict[str, tuple[Answer, str]] = {
    "404": (lambda each: each.send(response(b"", status=404)), "404"),
    "500": (lambda each: each.send(response(b"<html>", status=500, media_type=HTML)), "500"),
    "reset": (Connection.reset, "Error: "),
    "cut in the body": (_cut, "without sending complete message body"),
    "silence": (Connection.hold, "ReadTimeout"),
}


@both_clients
@pytest.mark.parametrize("fault", FAULTS)
def test_a_record_that_cannot_be_fetched_stays_as_listed(kind: Any, fault: str) -> None:
    answer, reason = FAULTS[fault]

    def single(connection: Connection) -> None:
        (answer if connection.run_id == "1" else _valid)(connection)

    with FaultServer(_serving(3, single)) as server:
        reader = Reader(kind, base_url=server.url, clock=ManualClock(), retries=1, request_timeout=1)
        run = reader.wait(RUN_ID, tool_call_grace=0)
        assert server.left_open(30) == 0
    assert [each.outcome for each in run.results] == [Outcome.PASSED, Outcome.UNKNOWN, Outcome.PASSED]
    note = str(run.notes[-1])
    assert note.startswith("conversation 1 could not be fetched by id: ")
    assert reason in note


class _Eight:
    """Waits until 8 fetches are under way at once."""

    def __init__(self) -> None:
        self.most_at_once = 0
        self._lock, self._asked, self._under_way = Lock(), 0, 0
        self._all_here = Barrier(8, timeout=60)

    def single(self, connection: Connection) -> None:
        with self._lock:
            self._asked += 1
            self._under_way += 1
            is_early = self._asked <= 8
            self.most_at_once = max(self.most_at_once, self._under_way)
        if is_early:
            self._all_here.wait()
            time.sleep(0.05)  # if one fetch too many is sent, it arrives meanwhile
        with self._lock:
            self._under_way -= 1
        _valid(connection)


@both_clients
def test_eight_fetches_run_at_once(kind: Any) -> None:
    eight = _Eight()
    with FaultServer(_serving(12, eight.single)) as server:
        run = Reader(kind, base_url=server.url).retrieve(RUN_ID, complete=True)
    assert server.failures == []
    assert {each.outcome for each in run.results} == {Outcome.PASSED}
    assert eight.most_at_once == 8


class _Pause(ManualClock):
    """A clock that counts the requests that a server received before the end of the first pause."""

    def __init__(self, received: list[str]) -> None:
        super().__init__()
        self._received = received
        self.has_begun = Event()
        self.requests_before_its_end: int | None = None

    def sleep(self, seconds: float) -> None:
        self.has_begun.set()
        time.sleep(0.05)  # if a request is sent during the pause, it arrives meanwhile
        self._end(seconds)

    async def sleep_async(self, seconds: float) -> None:
        self.has_begun.set()
        await asyncio.sleep(0.05)
        self._end(seconds)

    def _end(self, seconds: float) -> None:
        if self.requests_before_its_end is None:
            self.requests_before_its_end = len(self._received)
        super().sleep(seconds)


@both_clients
def test_after_a_429_no_fetch_is_sent_before_the_pause_is_over(kind: Any) -> None:
    """The first fetch gets a 429. The next seven end during its pause."""
    received = list[str]()
    pause = _Pause(received)

    def single(connection: Connection) -> None:
        received.append(connection.run_id)
        if connection.run_id == "0" and not pause.has_begun.is_set():
            connection.send(response(b"", "Retry-After: 3", status=429))
        else:
            assert pause.has_begun.wait(60)
            _valid(connection)

    with FaultServer(_serving(12, single)) as server:
        run = Reader(kind, base_url=server.url, clock=pause).retrieve(RUN_ID, complete=True)
    assert server.failures == []
    assert {each.outcome for each in run.results} == {Outcome.PASSED}
    assert pause.requests_before_its_end is not None
    assert pause.requests_before_its_end <= 8


@both_clients
def test_fetches_that_are_never_answered_end_at_the_deadline_of_the_wait(kind: Any) -> None:
    with FaultServer(_serving(20, Connection.hold)) as server:
        with pytest.raises(WaitTimeoutError) as caught:
            Reader(kind, base_url=server.url, clock=Clock()).wait(RUN_ID, timeout=2)
        assert server.left_open(30) == 0
    assert caught.value.run
    assert {each.outcome for each in caught.value.run.results} == {Outcome.UNDER_WAY}
    assert server.log.accepted <= 8


@pytest.mark.parametrize("words", [("wait",), ("wait", "--timeout", "2")], ids=["Ctrl-C", "the deadline"])
def test_ctrl_c_and_the_deadline_end_a_command_whose_fetches_hang(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command may take 15 s to end; a fetch hangs for 30 s."""
    monkeypatch.setattr(_process, "LIMIT", 15)
    with FaultServer(_serving(20, Connection.hold)) as server:
        call = Call(Way.COMMAND, server.url, Options())
        ended = run_command(words, call, None if words[1:] else server.log.reached)
        assert server.left_open(30) == 0
    assert ended.what == ("exit 4" if words[1:] else "exit 130")
