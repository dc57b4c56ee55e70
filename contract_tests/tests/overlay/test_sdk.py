"""Headers and the log: the same for both clients."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import (
    BluejayClient,
    BluejayError,
)

from .. import builders
from ..faults._http import response
from ..faults._scripts import answers
from ..faults._server import FaultServer
from .conftest import MakeReader, Reader

RUN_ID = SCENARIOS["settled"].run_id


def test_an_error_has_the_headers_and_the_request_id(reader: Reader, stub: Stub) -> None:
    stub.serve("missing", Answer(status=404, headers={"x-request-id": "req-x"}))
    with pytest.raises(BluejayError) as caught:
        reader.retrieve("missing")
    assert caught.value.request_id == "req-x"
    assert caught.value.headers["x-request-id"] == "req-x"


def test_the_organization_is_sent_only_with_the_two_operations_that_read_results(
    make_reader: MakeReader, stub: Stub
) -> None:
    reader = make_reader(organization_id="org-7")
    reader.retrieve(RUN_ID)
    reader.call("retrieve_result", 482130001)
    reader.call("runs", "731")
    reader.queue("731")
    assert {(each.operation, each.headers.get("x-organization-id")) for each in stub.requests} == {
        ("retrieve_simulation_results", "org-7"),
        ("retrieve_simulation_result", "org-7"),
        ("get_simulation_runs", None),
        ("queue_simulation_run", None),
    }


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler, logger = logging.StreamHandler(stream), logging.getLogger("bluejay_results")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def test_the_log_has_one_line_per_request(reader: Reader, log: io.StringIO, stub: Stub) -> None:
    reader.retrieve(RUN_ID)
    [line] = log.getvalue().splitlines()
    start = f"GET {stub.url}/v1/retrieve-simulation-results/{RUN_ID}?limit=100&offset=0: 200, "
    assert line.startswith(start)
    assert re.search(r", request id req-1 in \d+\.\d{3} s$", line)


def test_the_log_escapes_terminal_commands(log: io.StringIO) -> None:
    body = builders.encoded({"detail": "a\x1b[31m"})
    answer = response(body, "x-request-id: a\x1b]8;;b\x07", "retry-after: 0", status=503)
    with FaultServer(answers(answer)) as server, pytest.raises(BluejayError):
        Reader(BluejayClient, base_url=server.url, retries=1).retrieve("48213")
    assert log.getvalue().count("request id a\\x1b]8;;b\\x07 in ") == 2
    assert "The service said: a\\x1b[31m\n" in log.getvalue()
    assert "\x1b" not in log.getvalue()


def test_a_conversation_fetched_by_id_has_its_own_unit_but_no_run_id(reader: Reader, stub: Stub) -> None:
    body = builders.encoded({"simulation_result": builders.result(7, extra=1)})
    stub.serve_result("7", Answer(body))
    result = reader.call("retrieve_result", "7")
    assert result.id == 7
    assert result.outcome == "passed"
    assert result.latency.unit == "ms"
    assert result.was_fetched_by_id
    assert result.run_id is None
