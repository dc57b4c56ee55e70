"""Every row of the fault matrix ends as declared, and a row that doesn't is reported."""

import asyncio
import gc
import socket
import threading
import time
from contextlib import closing
from itertools import chain, count
from typing import Any
from unittest.mock import Mock

import httpx
import httpx2
import pytest
from attrs import evolve
from bluejay_results import AsyncBluejayClient, BluejayClient, Clock, ServerError, UnexpectedStatusError

from .. import builders
from ..overlay.conftest import Reader
from ..passed_in import library
from . import __main__ as program
from . import _performing, _running
from ._http import RUN_ID, response
from ._performing import Ending
from ._row import KEY, Row, Way
from ._running import left_running, run, run_row, wrong
from ._scripts import answers, silent, silent_after
from ._server import FaultServer, wait_for
from .catalogue import SECTIONS

FINE = Row("fine", answers(response()), timeout=5, ways=(Way.RETRIEVE,))
REFUSAL = answers(response(b"", status=502))


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("section", SECTIONS)
def test_every_call_recovers_or_ends_in_one_typed_error(section: str) -> None:
    before = threading.enumerate()
    results = run(SECTIONS[section])
    gc.collect()  # closes the connections of rows that leak, so that no other test gets the warning
    assert [wrong for each in results for wrong in each.wrong] == []
    assert left_running(before) == []


def test_faults_of_connections_end_as_declared_with_a_client_of_httpx2(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`make test-httpx2` tests every row with a client of httpx2."""
    monkeypatch.setattr(_performing, "PASSED_IN", {"httpx2"})
    monkeypatch.setattr(_performing, "library", httpx2)
    assert [wrong for each in run(SECTIONS["connection"]) for wrong in each.wrong] == []


def test_every_row_has_a_unique_name() -> None:
    names = [row.name for row in chain.from_iterable(SECTIONS.values())]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_a_system_time_that_jumps_by_a_day_ends_no_wait(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real, days = time.time, count()
    monkeypatch.setattr(time, "time", lambda: real() + 86_400 * next(days))
    running, settled = (builders.response(id=RUN_ID, status=each) for each in ("RUNNING", "COMPLETED"))
    script = answers(
        response(b"", status=502), *(response(builders.encoded(each)) for each in (running, settled))
    )
    with FaultServer(script) as server:
        reader = Reader(kind, base_url=server.url, clock=Clock())
        assert reader.wait(RUN_ID, timeout=600, poll_interval=0.1).is_settled


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (evolve(FINE, ends=ServerError), "returned, expected ServerError"),
        (evolve(FINE, script=REFUSAL, ends=UnexpectedStatusError), "requests for what no other attempt"),
        (evolve(FINE, script=lambda _: 1 / 0), "the script failed: ZeroDivisionError"),
        (evolve(FINE, max_mib=0.001), "MiB of memory, 0 are"),
        (evolve(FINE, script=silent, timeout=0.1, retries=0), "hung, expected returned"),
    ],
    ids=["outcome", "asked again", "script", "memory", "hung"],
)
def test_a_fault_row_that_does_not_end_as_it_declares_is_reported(
    row: Row, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    if says.startswith("hung"):
        monkeypatch.setattr(_running, "SLACK", 0.1)
        monkeypatch.setattr(_running, "perform", lambda *_: over.wait() and [])
    found = run_row(row).wrong
    over.set()
    assert any(says in each for each in found)


def _failed(message: str = "", status: int = 502, url: str = "", *, may_exist: bool = True) -> Ending:
    error = ServerError(message, status_code=status, url=url)
    error.run_may_exist = may_exist
    return Ending("ServerError", error)


@pytest.mark.parametrize(
    ("ending", "posts", "says"),
    [
        (_failed(), 2, "2 requests may have queued a run, 0 were refused"),
        (_failed(may_exist=False), 1, "run_may_exist is False"),
        (_failed(), 0, "run_may_exist is True"),
        (_failed(status=503), 1, "expected ServerError 502"),
        (_failed(url="http://other"), 1, "the URL is http://other"),
        (_failed(KEY), 1, "its text shows the key"),
        (evolve(_failed(), tasks=1), 1, "1 tasks still run"),
        (evolve(_failed(), busy=1), 1, "1 connections did not go back"),
        (evolve(_failed(), transports=1), 1, "1 are open"),
        (evolve(_failed(), run_id="7"), 1, "the run is 7"),
    ],
    ids=[
        "sent twice",
        "may exist",
        "can't exist",
        "status",
        "URL",
        "key",
        "task",
        "connection",
        "transport",
        "run",
    ],
)
def test_a_wrong_ending_of_queueing_a_run_is_reported(ending: Ending, posts: int, says: str) -> None:
    row = evolve(FINE, queue_ends=ServerError, status=502)
    with FaultServer(silent) as server:
        server.log.requests += [b"POST /"] * posts
        assert [each for each in wrong(row, Way.QUEUE, ending, server) if says in each]


def test_a_connection_that_stays_open_is_counted() -> None:
    with FaultServer(silent) as server, socket.create_connection(server.address):
        assert wait_for(lambda: server.log.accepted, 60)
        assert server.left_open(0.1) == 1


def test_a_connection_in_use_is_counted() -> None:
    with FaultServer(silent_after(response()[:200])) as server, library.Client() as http:
        with http.stream("GET", server.url):
            assert _performing.in_use(http)
        assert not _performing.in_use(http)


def test_a_probe_that_finds_no_pool_or_no_list_of_transports_fails() -> None:
    """Without a pool or a list of transports, the probe would report no open connection."""
    with (
        httpx.Client(transport=httpx.MockTransport(Mock())) as http,
        pytest.raises(LookupError),
    ):
        _performing.in_use(http)
    loop = asyncio.new_event_loop()
    del loop._transports  # type: ignore[attr-defined]  # asyncio's own
    with closing(loop), pytest.raises(AttributeError, match="_transports"):
        loop.run_until_complete(_performing.left_open())


@pytest.mark.parametrize(("row", "code"), [(FINE, 0), (evolve(FINE, ends=ServerError), 1)])
def test_make_faults_fails_if_a_row_does_not_end_as_declared(
    monkeypatch: pytest.MonkeyPatch, row: Row, code: int
) -> None:
    monkeypatch.setattr(program, "SECTIONS", {"one": (row,)})
    assert program.main() == code
