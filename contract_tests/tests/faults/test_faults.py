"""Every row of the fault matrix ends as declared, and a row that doesn't is reported."""

import asyncio
import gc
import socket
import threading
from contextlib import closing
from itertools import chain
from unittest.mock import Mock

import attrs
import httpx
import httpx2
import pytest
from bluejay_results import ServerError

from . import __main__ as program
from . import _call, _performing, _running, _scene
from ._call import KEY, Call, Ending, Options, Way
from ._connection import Log
from ._http import response
from ._judging import wrong, wrong_command
from ._row import LIBRARY, RECOVERED, RETRIEVE, Row, fails
from ._running import left_running, run, run_row
from ._scene import Scene
from ._scripts import answers
from ._server import wait_for
from .catalogue import SECTIONS

FINE = Row("fine", answers(response()), RECOVERED, Options(timeout=5), ways=(Way.RETRIEVE,))
REFUSAL = answers(response(b"", status=502))


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("section", SECTIONS)
def test_every_call_recovers_or_ends_in_one_typed_error(section: str) -> None:
    """Each row is tested with `wait`, `queue` and one other operation; `make faults` tests all ways."""
    before = threading.enumerate()
    some = (
        (Way.WAIT, Way.QUEUE_ASYNC, Way.RUNS),
        (Way.WAIT_ASYNC, Way.QUEUE, Way.RESULT_ASYNC),
        (Way.WAIT, Way.QUEUE_ASYNC, Way.RESULT),
        (Way.WAIT_ASYNC, Way.QUEUE, Way.RUNS_ASYNC),
    )
    results = run(SECTIONS[section], *((*RETRIEVE, *each) for each in some))
    gc.collect()  # closes the connections of rows that leak, so that no other test gets the warning
    assert [f"{each.row.name}: {wrong}" for each in results for wrong in each.wrong] == []
    assert left_running(before) == []


def test_faults_of_connections_end_as_declared_with_a_client_of_httpx2(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`make test-httpx2` tests every row with a client of httpx2."""
    monkeypatch.setattr(_performing, "PASSED_IN", {"httpx2"})
    monkeypatch.setattr(_performing, "library", httpx2)
    rows = [attrs.evolve(each, command=()) for each in SECTIONS["connection"] if not each.is_apart]
    assert [f"{each.row.name}: {wrong}" for each in run(rows, LIBRARY) for wrong in each.wrong] == []


def test_every_row_has_a_unique_name() -> None:
    names = [row.name for row in chain.from_iterable(SECTIONS.values())]
    assert len(set(names)) == len(names) >= 60


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (attrs.evolve(FINE, ends=fails(ServerError, 502)), "recovered, expected ServerError 502"),
        (attrs.evolve(FINE, script=REFUSAL), "ServerError 502, expected recovered"),
        (attrs.evolve(FINE, script=REFUSAL, ends=fails(ServerError, 502)), "3 req"),
        (attrs.evolve(FINE, script=lambda _: 1 / 0), "the script failed: ZeroDivisionError"),
        (attrs.evolve(FINE, options=Options(traces_memory=True), most_mib=0.001), "MiB of memory, 0 are"),
    ],
    ids=["recovered", "failed", "asked again", "script", "memory"],
)
def test_a_fault_row_that_does_not_end_as_it_declares_is_reported(row: Row, says: str) -> None:
    assert any(says in each for each in run_row(row).wrong)


@pytest.mark.parametrize(
    ("posts", "may_exist", "says"),
    [
        (2, True, "2 requests may have queued a run, 0 were refused"),
        (1, False, "run_may_exist is False"),
        (0, True, "run_may_exist is True"),
    ],
)
def test_a_repeated_queue_request_or_a_wrong_run_may_exist_is_reported(
    posts: int, may_exist: bool, says: str
) -> None:
    row = attrs.evolve(FINE, ends=fails(ServerError, 502))
    call, log = Call(Way.QUEUE, "http://service.invalid", row.options), Log(requests=[b"POST /"] * posts)
    message = "Try again later. The run may have been queued anyway. Look at https://app.getbluejay.ai"
    ending = Ending("ServerError", 502, message if may_exist else message[:16], call.url)
    assert any(says in each for each in wrong(row, call, attrs.evolve(ending, run_may_exist=may_exist), log))


def test_a_call_that_hangs_is_abandoned_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(_call, "SLACK", 0.1)
    monkeypatch.setattr(_running, "perform", lambda _call, _point: over.wait() and [])
    result = run_row(attrs.evolve(FINE, options=Options(timeout=0.1)))
    over.set()
    assert "sync retrieve: hung, expected recovered: " in result.wrong


def test_a_connection_that_stays_open_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_scene, "GRACE", 0.1)
    with Scene(FINE, Way.RETRIEVE) as scene, socket.create_connection(scene.server.address):
        assert wait_for(lambda: scene.server.log.accepted, 60)
        assert scene.wrong() == ["1 connections are still open after close()"]


def test_a_probe_that_finds_no_pool_or_no_list_of_transports_fails() -> None:
    """Without a pool or a list of transports, the probe would report no open connection."""
    with (
        httpx.Client(transport=httpx.MockTransport(Mock())) as http,
        pytest.raises(LookupError, match="no pool"),
    ):
        _performing._busy(http)
    loop = asyncio.new_event_loop()
    del loop._transports  # type: ignore[attr-defined]  # asyncio's own
    with closing(loop), pytest.raises(AttributeError, match="_transports"):
        loop.run_until_complete(_performing.left_open())


def test_a_command_that_shows_the_key_is_reported() -> None:
    row = attrs.evolve(FINE, command=("show",))
    with Scene(row, Way.COMMAND) as scene:
        found = wrong_command(row, scene.call, Ending("exit 0", message=KEY))
    assert "stderr shows the key" in found


@pytest.mark.parametrize(("row", "code"), [(FINE, 0), (attrs.evolve(FINE, ends=fails(ServerError)), 1)])
def test_make_faults_fails_if_a_row_does_not_end_as_declared(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], row: Row, code: int
) -> None:
    monkeypatch.setattr(program, "SECTIONS", {"one": (row,)})
    assert program.main() == code
    calls = len(row.all_ways)
    expected = f"1 rows, {calls} calls, rows not as expected: {'1' if code else 'none'}"
    assert expected in capsys.readouterr().out
