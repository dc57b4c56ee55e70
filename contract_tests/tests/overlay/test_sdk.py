"""Headers, options, other operations and the log: the same for both clients."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    BluejayError,
    ConfigurationError,
    InvalidIdError,
)

from .. import builders
from ..faults._call import RESULT_ID
from ..faults._http import response
from ..faults._scripts import answers
from ..faults._server import FaultServer
from .conftest import MakeReader, Reader

RUN_ID = SCENARIOS["settled"].run_id


def test_runs_conversations_and_errors_have_the_headers_and_the_request_id(
    reader: Reader, stub: Stub
) -> None:
    stub.serve("missing", Answer(status=404, headers={"x-request-id": "req-x"}))
    run = reader.retrieve(RUN_ID)
    assert run.request_id == "req-1"
    assert reader.call("retrieve_result", 482130001).request_id == "req-2"
    assert reader.queue("731").request_id == "req-3"
    assert run.headers["content-type"] == "application/json"
    assert run.results[0].headers == run.headers
    with pytest.raises(BluejayError) as caught:
        reader.retrieve("missing")
    assert caught.value.request_id == "req-x"
    assert caught.value.headers["x-request-id"] == "req-x"


def test_default_headers_and_the_user_agent_suffix_are_sent(make_reader: MakeReader, stub: Stub) -> None:
    make_reader(default_headers={"X-Team": "voice"}, user_agent_suffix="ci/7").retrieve(RUN_ID)
    [request] = stub.requests
    assert request.headers["x-team"] == "voice"
    assert request.headers["user-agent"].startswith("bluejay-results/")
    assert request.headers["user-agent"].endswith(" ci/7")


def test_the_organization_is_sent_only_with_the_two_operations_that_read_results(
    make_reader: MakeReader, stub: Stub
) -> None:
    reader = make_reader(organization_id="org-7")
    reader.retrieve(RUN_ID)
    reader.call("retrieve_result", 482130001)
    reader.call("runs", "731")
    reader.queue("731")
    reader.call("request", "GET", f"/v1/retrieve-simulation-results/{RUN_ID}")
    assert {(each.operation, each.headers.get("x-organization-id")) for each in stub.requests[:4]} == {
        ("retrieve_simulation_results", "org-7"),
        ("retrieve_simulation_result", "org-7"),
        ("get_simulation_runs", None),
        ("queue_simulation_run", None),
    }
    assert "x-organization-id" not in stub.requests[4].headers


def test_a_client_with_other_options_keeps_the_organization(stub: Stub) -> None:
    with BluejayClient("test-key", stub.url, organization_id="org-7") as client:
        client.with_options(retries=0).retrieve(RUN_ID)
    assert stub.requests[0].headers["x-organization-id"] == "org-7"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"default_headers": {"X-Organization-ID": "a"}}, "default_headers can't set X-Organization-ID. "),
        ({"default_headers": {"x-api-key": "a"}}, "default_headers can't set x-api-key. Remove it."),
        ({"default_headers": {"User-Agent": "a"}}, "default_headers can't set User-Agent. Use user_agent_"),
        ({"default_headers": {"a b": "a"}}, "default_headers: 'a b' is not a valid header name."),
        ({"default_headers": {"a": "b\n"}}, "default_headers: the value of a must be one line of ASCII"),
        ({"user_agent_suffix": "ü"}, "user_agent_suffix must be one line of ASCII text."),
    ],
)  # fmt: skip
def test_an_invalid_header_is_refused(
    make_reader: MakeReader, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make_reader(**settings).retrieve(RUN_ID)
    assert str(caught.value).startswith(message)


def test_a_header_given_in_two_letter_cases_is_sent_once_with_the_last_value() -> None:
    with FaultServer(answers(response())) as server:
        client = BluejayClient("key", server.url, default_headers={"X-Team": "a", "x-team": "b"})
        client.retrieve_result(RESULT_ID)
        client.with_options(default_headers={"X-TEAM": "c"}).retrieve_result(RESULT_ID)
        client.close()
    sent = [re.findall(rb"(?i)\r\nx-team: (\w+)", each) for each in server.log.requests]
    assert sent == [[b"b"], [b"c"]]


def test_the_method_with_options_keeps_the_client_and_shares_its_connections(stub: Stub) -> None:
    stub.serve("48300", Answer(status=500))
    with BluejayClient("test-key", stub.url, default_headers={"X-A": "1"}) as client:
        other = client.with_options(retries=0, default_headers={"X-B": "2"})
        with other, pytest.raises(BluejayError):
            other.retrieve("48300")
        assert len(stub.requests) == 1
        assert client.retrieve(RUN_ID).id == RUN_ID  # closing the other client leaves the connections open
    first, second = stub.requests
    assert first.headers["x-a"] == "1"
    assert first.headers["x-b"] == "2"
    assert "x-b" not in second.headers
    with pytest.raises(ConfigurationError, match=r"^The client is closed\. Make a new one\.$"):
        other.retrieve(RUN_ID)
    with pytest.raises(ConfigurationError, match="retries must be 0 or more"):
        client.with_options(retries=-1)


def test_the_method_request_calls_an_operation_that_has_no_own_method(reader: Reader, stub: Stub) -> None:
    response = reader.call("request", "GET", f"/v1/retrieve-simulation-results/{RUN_ID}")
    assert response.status_code == 200
    assert response.content == SCENARIOS["settled"].bodies[0]
    assert response.headers["content-type"] == "application/json"
    response = reader.call("request", "post", "/v1/queue-simulation-run", json={"simulation_id": "7"})
    assert b"simulation_run_id" in response.content
    with pytest.raises(BluejayError, match="404: No such path: "):
        reader.call("request", "GET", "/v1/nothing")
    assert [each.method for each in stub.requests] == ["GET", "POST", "GET"]


def test_request_refuses_a_path_that_is_too_long(reader: Reader) -> None:
    with pytest.raises(InvalidIdError, match=r"^The path is too long for a URL\.$"):
        reader.call("request", "GET", f"/{'v' * 100_000}")


@pytest.mark.parametrize(("method", "requests"), [("GET", 4), ("POST", 1)])
def test_the_method_request_repeats_a_get_but_not_a_post(
    reader: Reader, stub: Stub, method: str, requests: int
) -> None:
    stub.serve("48213", Answer(status=503, method=method))
    with pytest.raises(BluejayError):
        reader.call("request", method, "/v1/retrieve-simulation-results/48213")
    assert len(stub.requests) == requests


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("GET", "v1"), {}, "path must start with a slash, such as /v1/simulations, got 'v1'."),
        (("G T", "/v1"), {}, "method must be an HTTP method such as GET, got 'G T'."),
        (("GET", "/v1\n"), {}, "path must be valid in a URL, got '/v1\\n': "),
        (("GET", "/v1/\ud800"), {}, "path must be valid in a URL, got '/v1/\\ud800': "),
        (
            ("GET", "/v1?key=test-key"),
            {},
            "path contains the API key. Remove it: the key is sent in a header.",
        ),
        (("GET", 7), {}, "path must be a string, got int."),
        (("POST", "/v1"), {"json": {"a": object()}}, "json can't be serialized as JSON: "),
    ],
)
def test_the_method_request_refuses_invalid_arguments(
    reader: Reader, stub: Stub, arguments: tuple[str, str], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        reader.call("request", *arguments, **options)
    assert str(caught.value).startswith(message)
    assert stub.requests == []


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


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_the_variable_bluejay_log_turns_on_the_log_and_refuses_unknown_levels(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLUEJAY_LOG", "loud")
    with pytest.raises(ConfigurationError, match="BLUEJAY_LOG must be debug or info, got 'loud'"):
        kind("test-key")
    logger = logging.getLogger("bluejay_results")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setenv("BLUEJAY_LOG", "info")
    kind("test-key")
    kind("test-key")
    assert logger.level == logging.INFO
    assert len(logger.handlers) == 1


def test_a_conversation_fetched_by_id_has_its_own_bytes_and_unit_but_no_run_id(
    reader: Reader, stub: Stub
) -> None:
    body = builders.encoded({"simulation_result": builders.result(7, extra=1)})
    stub.serve_result("7", Answer(body))
    result = reader.call("retrieve_result", "7")
    assert result.id == 7
    assert result.outcome == "passed"
    assert result.latency.unit == "ms"
    assert result.raw == builders.encoded(builders.result(7, extra=1))
    assert result.unknown_fields == {"$.extra": 1}
    assert result.was_fetched_by_id
    assert result.run_id is None
