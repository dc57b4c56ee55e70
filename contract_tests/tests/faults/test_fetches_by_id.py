"""Faults during fetches by id, for a run whose list lacks only tool calls."""

import signal
import time
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from subprocess import DEVNULL
from threading import Barrier, Condition
from typing import Any

import pytest
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    Clock,
    Outcome,
    SimulationRun,
    WaitTimeoutError,
)
from bluejay_results.json_output import to_json
from bluejay_results.results.notes import NoteKind, notes
from bluejay_results.results.reason import Why

from .. import builders
from ..cli.command import COMMAND, Command
from ..fork_server import programs
from ..overlay.conftest import ManualClock, Reader
from ._connection import Connection, Script
from ._http import RUN_ID, response
from ._scripts import lists
from ._server import FaultServer

LACKING = {"tool_calls": [builders.tool_calls(actual=0)]}
both_clients = pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
Answer = Callable[[Connection], object]


def _valid(connection: Connection) -> None:
    record = builders.result(int(connection.run_id), tool_calls=[builders.tool_calls()])
    connection.send(response(builders.encoded({"simulation_result": record})))


def _serving(gaps: int, single: Answer) -> Script:
    """Send a run whose conversations all lack their tool calls; respond to each fetch by id with `single`."""
    listed = builders.response(*(builders.result(number, **LACKING) for number in range(gaps)), id=RUN_ID)
    return lists(response(builders.encoded(listed)), single)


@both_clients
def test_at_most_eight_conversations_are_fetched_by_id_in_parallel(kind: Any) -> None:
    """The first eight fetches get their responses only when all eight have arrived."""
    under_way: set[str] = set()
    at_once: list[int] = []
    all_here = Barrier(8, timeout=60)

    def single(connection: Connection) -> None:
        under_way.add(connection.run_id)
        at_once.append(len(under_way))
        if len(at_once) <= 8:
            all_here.wait()
            time.sleep(0.05)  # a ninth fetch would arrive in this time
        under_way.remove(connection.run_id)
        _valid(connection)

    with FaultServer(_serving(12, single)) as server:
        run = Reader(kind, base_url=server.url).retrieve(RUN_ID, complete=True)
    assert server.failures == []
    assert {each.outcome for each in run.results} == {Outcome.PASSED}
    assert max(at_once) == 8


@both_clients
def test_the_order_in_which_fetches_end_changes_no_result(kind: Any) -> None:
    """Four fetches end in every order; the last conversation's fetch fails."""
    order, turn, all_here = list[str](), Condition(), Barrier(4, timeout=60)

    def single(connection: Connection) -> None:
        all_here.wait()
        with turn:
            assert turn.wait_for(lambda: order[0] == connection.run_id, 60)
            del order[0]  # before the client can go on
            (Connection.reset if connection.run_id == "3" else _valid)(connection)
            turn.notify_all()

    with FaultServer(_serving(4, single)) as server:
        reader = Reader(kind, base_url=server.url, clock=ManualClock(), retries=0)
        found = set()
        for each in permutations("0123"):
            order[:] = each
            run = reader.wait(RUN_ID, tool_call_grace=0)
            failed = [note.data["ids"] for note in notes(run) if note.kind is NoteKind.NOT_FETCHED]
            fetched = tuple(result.was_fetched_by_id for result in run.results)
            found.add((to_json(run), str(failed), fetched))
    assert server.failures == []
    [(_, failed_fetches, were_fetched)] = found
    assert (failed_fetches, were_fetched) == ("[['3']]", (True, True, True, False))


@both_clients
@pytest.mark.parametrize("read", ["wait", "retrieve"])
def test_a_conversation_that_nobody_could_read_is_unknown(kind: Any, read: str, tmp_path: Path) -> None:
    """Its list has no tool calls, the others expect tools, and its fetch by id ends with 404."""
    called = {"tool_calls": [builders.tool_calls()]}
    results = [builders.result(number, **called) for number in range(3)]
    listed = builders.response(*results, builders.result(3, tool_calls=None), id=RUN_ID)
    missing = response(b'{"detail": "not found"}', status=404)
    with FaultServer(lists(response(builders.encoded(listed)), lambda it: it.send(missing))) as server:
        reader = Reader(kind, base_url=server.url, clock=ManualClock(), retries=0)
        options: dict[str, Any] = {"tool_call_grace": 0} if read == "wait" else {"complete": True}
        run = getattr(reader, read)(RUN_ID, **options)
    run.save(tmp_path / "run.har")
    for each in (run, SimulationRun.from_file(tmp_path / "run.har")):
        assert [result.outcome for result in each.results] == [Outcome.PASSED] * 3 + [Outcome.UNKNOWN]
        assert each.results[3].reason.why is Why.NOT_FETCHED
        assert "404" in str(each.results[3].reason)
        assert NoteKind.INCOMPLETE not in {note.kind for note in notes(each)}


@both_clients
def test_fetches_without_a_response_end_at_the_waits_deadline(kind: Any) -> None:
    with FaultServer(_serving(20, Connection.hold)) as server:
        with pytest.raises(WaitTimeoutError) as caught:
            Reader(kind, base_url=server.url, clock=Clock()).wait(RUN_ID, timeout=2)
        assert server.left_open(30) == 0
    assert caught.value.run
    assert {each.outcome for each in caught.value.run.results} == {Outcome.UNDER_WAY}
    assert server.log.accepted <= 8


def test_ctrl_c_does_not_wait_for_the_threads_of_hanging_fetches() -> None:
    """The fetches would hang for 30 s."""
    with FaultServer(_serving(20, Connection.hold)) as server:
        command = Command(server.url, programs() / COMMAND.name)
        with command.start("wait", RUN_ID, stdout=DEVNULL, stderr=DEVNULL) as process:
            assert server.log.reached.wait(60)
            process.send_signal(signal.SIGINT)
            try:
                assert process.wait(15) == 130
            finally:
                process.kill()
        assert server.left_open(30) == 0
