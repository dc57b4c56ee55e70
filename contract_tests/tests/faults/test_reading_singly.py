"""Faults that single reads meet while a run is complete but for them."""

import time
from collections.abc import Callable
from threading import Barrier, Lock
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
from ._server import FaultServer

LACKING = {"tool_calls": [builders.tool_calls(actual=0)]}
both_clients = pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
Answer = Callable[[Connection], object]


def _sound(connection: Connection) -> None:
    record = builders.result(int(connection.run_id), tool_calls=[builders.tool_calls()])
    connection.send(response(builders.encoded({"simulation_result": record})))


def _serving(gaps: int, single: Answer) -> Script:
    """List a run of which each conversation lacks its tool calls, and answer single reads in some way."""
    listed = builders.response(*(builders.result(number, **LACKING) for number in range(gaps)), id=RUN_ID)
    answer = response(builders.encoded(listed))

    def script(connection: Connection) -> None:
        while connection.read_request():
            if b"/retrieve-simulation-results/" in connection.request:
                connection.send(answer)
            else:
                single(connection.reach())

    return script


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
def test_a_record_that_can_not_be_read_stays_as_listed_and_the_others_are_read(kind: Any, fault: str) -> None:
    answer, reason = FAULTS[fault]

    def single(connection: Connection) -> None:
        (answer if connection.run_id == "1" else _sound)(connection)

    with FaultServer(_serving(3, single)) as server:
        reader = Reader(kind, base_url=server.url, clock=ManualClock(), retries=1, request_timeout=0.3)
        run = reader.wait(RUN_ID, tool_call_grace=0)
        assert server.left_open(5) == 0
    assert [each.outcome for each in run.results] == [Outcome.PASSED, Outcome.VOID, Outcome.PASSED]
    [note] = run.notes
    assert note.startswith("conversation 1: could not be fetched by id, so the listed record is used (")
    assert reason in note


class _Limiting:
    """Answers 429 to the first eight reads; twice it waits until as many have come as may at once."""

    def __init__(self) -> None:
        self.most_at_once = [0, 0]
        self._lock, self._asked, self._under_way = Lock(), 0, 0
        self._all_here = Barrier(8, timeout=10), Barrier(4, timeout=10)

    def single(self, connection: Connection) -> None:
        with self._lock:
            self._asked += 1
            self._under_way += 1
            number, is_later = self._asked, self._asked > 8
            self.most_at_once[is_later] = max(self.most_at_once[is_later], self._under_way)
        if number <= 12:
            self._all_here[is_later].wait()
            time.sleep(0.05)  # in which one too many would come
        with self._lock:
            self._under_way -= 1
        if is_later:
            _sound(connection)
        else:
            connection.send(response(b"", "Retry-After: 3", status=429))


@both_clients
def test_eight_are_read_at_once_and_four_after_a_429_and_the_pause_that_it_asks_for(kind: Any) -> None:
    limiting, clock = _Limiting(), ManualClock()
    with FaultServer(_serving(12, limiting.single)) as server:
        run = Reader(kind, base_url=server.url, clock=clock).retrieve(RUN_ID, complete=True)
    assert server.failures == []
    assert {each.outcome for each in run.results} == {Outcome.PASSED}
    assert (limiting.most_at_once, clock.slept) == ([8, 4], [3.0])


@both_clients
def test_reads_that_never_answer_end_at_the_deadline_of_the_wait_with_the_last_state(kind: Any) -> None:
    with FaultServer(_serving(20, Connection.hold)) as server:
        with pytest.raises(WaitTimeoutError) as caught:
            Reader(kind, base_url=server.url, clock=Clock()).wait(RUN_ID, timeout=0.7)
        assert server.left_open(5) == 0
    assert caught.value.run
    assert {each.outcome for each in caught.value.run.results} == {Outcome.UNDER_WAY}
    assert server.log.accepted <= 8


@pytest.mark.parametrize("words", [("wait",), ("wait", "--timeout", "0.7")], ids=["Ctrl-C", "the deadline"])
def test_the_command_ends_at_once_though_single_reads_hang(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read that hangs takes twice as long as the command is given to end."""
    monkeypatch.setattr(_process, "LIMIT", 15)
    with FaultServer(_serving(20, Connection.hold)) as server:
        call = Call(Way.COMMAND, server.url, Options())
        ended = run_command(words, call, None if words[1:] else server.log.reached)
        assert server.left_open(5) == 0
    assert ended.what == ("exit 4" if words[1:] else "exit 130")
