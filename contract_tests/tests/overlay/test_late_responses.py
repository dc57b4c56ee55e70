"""A late response to an earlier request of the same run: it never leads to a wrong verdict."""

from typing import Any
from urllib.parse import parse_qs

import pytest
from bluejay_results import SimulationRun, WaitTimeoutError
from bluejay_results.gate import Decision, gate

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._server import FaultServer
from .answers import conversations
from .conftest import MakeReader

FAILED = {"evaluations": [builders.evaluation(goal_success=False)]}
RESULTS = conversations(100) + conversations(50, 101, **FAILED)
"""A run whose first page would pass the gate; the whole run does not pass it."""


def _page(connection: Connection) -> bytes:
    query = parse_qs(connection.request.split(b" ", 2)[1].partition(b"?")[2].decode())
    [limit], [offset] = query["limit"], query["offset"]
    results = RESULTS[int(offset) : int(offset) + int(limit)]
    return response(builders.encoded(builders.response(*results, id="48213", total_tests=len(RESULTS))))


def _read(reader: Any, method: str) -> SimulationRun:
    try:
        run: SimulationRun = reader.call(method, "48213", timeout=600)
        return run
    except WaitTimeoutError as error:
        if error.run is None:
            raise
        return error.run


@pytest.mark.parametrize("is_once", [True, False])
@pytest.mark.parametrize(("method", "place"), [("retrieve", 2), ("wait", 2), ("wait", 3)])
def test_after_a_late_response_conversations_are_missing_or_the_run_is_read_again(
    make_reader: MakeReader, is_once: bool, method: str, place: int
) -> None:
    """Once, or from a request on, each request gets the response to the request before it."""

    def script(connection: Connection) -> None:
        before = b""
        while connection.read_request():
            answer, number = _page(connection), connection.request_number
            is_late = number == place or (number > place and not is_once)
            connection.send(before if is_late else answer)
            before = answer

    with FaultServer(script) as server:
        run = _read(make_reader(base_url=server.url, retries=0), method)
    whole = len(run.results) == len(RESULTS)
    assert run.missing_count == len(RESULTS) - len(run.results)
    assert whole or run.missing_count >= 50
    assert gate(run).decision is (Decision.DONT_SHIP if whole else Decision.INCONCLUSIVE)
