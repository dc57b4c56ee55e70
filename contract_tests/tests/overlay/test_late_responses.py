"""A late response to an earlier request: it never leads to a wrong verdict."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from bluejay_results import ContractViolationError, SimulationRun, WaitTimeoutError
from bluejay_results.gate import Decision, gate

from .. import builders
from ..faults._connection import Connection, Script
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


def always_late(place: int) -> Script:
    """From a request on, send the response to the request before it, as after a surplus response."""

    def script(connection: Connection) -> None:
        before = b""
        while connection.read_request():
            answer = _page(connection)
            connection.send(before if connection.request_number >= place else answer)
            before = answer

    return script


def once_late(place: int) -> Script:
    """Send the response to the request before, once."""

    def script(connection: Connection) -> None:
        before = b""
        while connection.read_request():
            answer = _page(connection)
            connection.send(before if connection.request_number == place else answer)
            before = answer

    return script


def _read(make_reader: MakeReader, script: Script, method: str) -> SimulationRun:
    options: dict[str, Any] = {"timeout": 600} if method == "wait" else {}
    with FaultServer(script) as server:
        try:
            run: SimulationRun = make_reader(base_url=server.url, retries=0).call(method, "48213", **options)
            return run
        except WaitTimeoutError as error:
            if error.run is None:
                raise
            return error.run


@pytest.mark.parametrize("late", [always_late, once_late])
@pytest.mark.parametrize(("method", "place"), [("retrieve", 2), ("wait", 2), ("wait", 3)])
def test_after_a_late_response_conversations_are_missing_or_the_run_is_read_again(
    make_reader: MakeReader, late: Callable[[int], Script], method: str, place: int
) -> None:
    run = _read(make_reader, late(place), method)
    verdict = gate(run)
    whole = len(run.results) == len(RESULTS)
    assert run.missing_count == len(RESULTS) - len(run.results)
    assert whole or run.missing_count >= 50
    assert verdict.decision is (Decision.DONT_SHIP if whole else Decision.INCONCLUSIVE)


def test_a_late_response_about_another_run_breaks_the_contract(make_reader: MakeReader) -> None:
    other = response(builders.encoded(builders.response(id="666")))

    def script(connection: Connection) -> None:
        while connection.read_request():
            connection.send(other)

    with (
        FaultServer(script) as server,
        pytest.raises(ContractViolationError, match="The service sent run 666, but 48213 was requested"),
    ):
        make_reader(base_url=server.url).retrieve("48213")


def test_a_late_response_about_another_conversation_breaks_the_contract(make_reader: MakeReader) -> None:
    other = response(builders.encoded({"simulation_result": builders.result(2)}))

    def script(connection: Connection) -> None:
        while connection.read_request():
            connection.send(other)

    with (
        FaultServer(script) as server,
        pytest.raises(
            ContractViolationError, match="The service sent conversation 2, but 1 was requested"
        ) as caught,
    ):
        make_reader(base_url=server.url).call("retrieve_result", "1")
    assert caught.value.status_code == 200
    assert caught.value.url
    assert [each.path for each in caught.value.violations] == ["$.simulation_result.id"]
