"""Every row of the fault matrix ends as declared. A row that ends differently is reported."""

import socket
import time
from itertools import count
from typing import Any

import pytest
from attrs import evolve
from bluejay_results import AsyncBluejayClient, BluejayClient, Clock, ServerError, UnexpectedStatusError

from .. import builders
from ..overlay.conftest import Reader
from ..passed_in import library
from . import __main__ as program
from . import _running
from ._http import RUN_ID, response
from ._row import KEY, Row, Way
from ._running import Ending, deviations, in_use, run, run_cell
from ._scripts import answers, silent, silent_after
from ._server import FaultServer, wait_for
from .catalogue import SECTIONS

FINE = Row("fine", answers(response()), timeout=5, ways=(Way.RETRIEVE,))
REFUSAL = answers(response(b"", status=502))


@pytest.mark.parametrize("section", SECTIONS)
def test_every_call_recovers_or_ends_with_one_typed_error(section: str) -> None:
    assert [str(cell) for cell in run(SECTIONS[section]) if cell.wrong] == []


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_a_wait_continues_if_the_system_time_jumps_by_a_day(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, days = time.time, count()
    monkeypatch.setattr(time, "time", lambda: real() + 86_400 * next(days))
    runs = (builders.encoded(builders.response(id=RUN_ID, status=each)) for each in ("RUNNING", "COMPLETED"))
    with FaultServer(answers(response(b"", status=502), *map(response, runs))) as server:
        reader = Reader(kind, base_url=server.url, clock=Clock())
        assert reader.wait(RUN_ID, timeout=600, poll_interval=0.1).is_settled


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (evolve(FINE, ends=ServerError), "returned, expected ServerError"),
        (evolve(FINE, script=REFUSAL, ends=UnexpectedStatusError), "requests for what no other attempt"),
        (evolve(FINE, script=lambda _: 1 / 0), "the script failed: ZeroDivisionError"),
        (evolve(FINE, max_mib=0.001), "MiB of memory, 0 are"),
        (evolve(FINE, script=silent, retries=0), "hung, expected returned"),
    ],
    ids=["outcome", "asked again", "script", "memory", "hung"],
)
def test_a_fault_row_is_reported_if_the_call_does_not_end_as_declared(
    row: Row, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if says.startswith("hung"):
        monkeypatch.setattr(_running, "SLACK", 0.1 - row.timeout)
        monkeypatch.setattr(_running, "GRACE", 0.0)
    assert any(says in each for each in run_cell(row, Way.RETRIEVE).wrong)


def _failed(message: str = "", *, may_exist: bool = True) -> Ending:
    error = ServerError(message, status_code=502)
    error.run_may_exist = may_exist
    return Ending("ServerError", error)


@pytest.mark.parametrize(
    ("ending", "posts", "says"),
    [
        (_failed(), 2, "2 requests may have queued a run, 0 were refused"),
        (_failed(may_exist=False), 1, "run_may_exist is False"),
        (_failed(), 0, "run_may_exist is True"),
        (_failed(KEY), 1, "its text shows the key"),
        (evolve(_failed(), busy=1), 1, "1 connections did not go back"),
    ],
    ids=["sent twice", "may exist", "can't exist", "key", "connection"],
)
def test_a_queue_call_is_reported_if_it_does_not_end_as_declared(
    ending: Ending, posts: int, says: str
) -> None:
    with FaultServer(silent) as server:
        server.log.requests += [b"POST /"] * posts
        row = evolve(FINE, queue_ends=ServerError)
        assert [each for each in deviations(row, Way.QUEUE, ending, server) if says in each]


def test_the_fault_server_counts_connections_that_stay_open() -> None:
    with FaultServer(silent) as server, socket.create_connection(server.address):
        assert wait_for(lambda: server.log.accepted, 60)
        assert server.left_open(0.1) == 1


def test_a_connection_counts_as_in_use_only_while_a_response_is_open() -> None:
    with FaultServer(silent_after(response()[:200])) as server, library.Client() as http:
        with http.stream("GET", server.url):
            assert in_use(http)
        assert not in_use(http)


@pytest.mark.parametrize(("row", "code"), [(FINE, 0), (evolve(FINE, ends=ServerError), 1)])
def test_the_exit_code_of_make_faults_is_1_if_a_call_does_not_end_as_declared(
    monkeypatch: pytest.MonkeyPatch, row: Row, code: int
) -> None:
    monkeypatch.setattr(program, "SECTIONS", {"one": (row,)})
    assert program.main() == code
