"""Several fetches by id at once: which errors end the others, with either client."""

import asyncio
import gc
import threading
from threading import Event, Thread
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import AsyncBluejayClient, BluejayClient, ContractViolationError

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._server import FaultServer, wait_for
from ..passed_in import library
from .answers import UNRECORDED
from .conftest import Reader


def _listed(count: int) -> bytes:
    """A run whose conversations must all be fetched by id."""
    results = (builders.result(each, **UNRECORDED) for each in range(count))
    return builders.encoded(builders.response(*results))


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_after_a_fatal_error_no_more_conversations_are_fetched(kind: Any, stub: Stub) -> None:
    stub.serve("48213", Answer(_listed(40)))
    for number in range(40):
        stub.serve_result(str(number), Answer(b"{}"))
    with pytest.raises(ContractViolationError):
        Reader(kind, base_url=stub.url).retrieve("48213", complete=True)
    gc.collect()  # closes the connections of tasks that were cancelled while they connected
    assert len(stub.requests) <= 1 + 8


def test_running_fetches_are_cancelled_after_a_fatal_error() -> None:
    """The second fetch gets its response only after the call has ended."""
    listed = _listed(2)
    has_ended, was_cancelled = Event(), list[bool]()

    def script(connection: Connection) -> None:
        while connection.read_request():
            if connection.run_id == "1":
                connection.reach()
                was_cancelled.append(has_ended.wait(30))
            elif connection.run_id == "0":
                assert server.log.reached.wait(60)
            connection.send(response(b"{}" if connection.run_id == "0" else listed))

    async def read() -> None:
        async with AsyncBluejayClient("key", server.url, request_timeout=60, retries=0) as client:
            with pytest.raises(ContractViolationError):
                await client.retrieve("48213", complete=True)
            has_ended.set()

    with FaultServer(script) as server:
        asyncio.run(read())
    assert was_cancelled == [True]


def test_after_an_exception_in_a_transport_no_more_conversations_are_fetched() -> None:
    listed = _listed(40)
    asked, failing = list[str](), list[Thread]()

    def answer(request: library.Request) -> library.Response:
        run_id = request.url.path.rpartition("/")[2]
        if run_id == "48213":
            return library.Response(200, content=listed)
        asked.append(run_id)
        if run_id == "0":
            failing.append(threading.current_thread())
            raise ZeroDivisionError
        assert wait_for(lambda: failing, 60)
        failing[0].join()
        return library.Response(404)

    http = library.Client(transport=library.MockTransport(answer))
    with pytest.raises(ZeroDivisionError):
        BluejayClient("key", http_client=http).retrieve("48213", complete=True)
    assert len(asked) <= 8
