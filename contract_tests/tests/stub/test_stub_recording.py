"""What a stub remembers of its requests, and what it forgets."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import Answer, RecordedRequest, Stub
from bluejay_contract.stub.requests_and_answers import StubState

OPERATION = "/v1/retrieve-simulation-results"
LONGEST_BODY = 8_192


def test_requests_are_recorded_in_order_with_their_paths_queries_and_ids(
    stub: Stub, client: httpx.Client
) -> None:
    client.get("48213?limit=5&offset=%31&limit=1000&x=")
    client.post("a%2Fb%20c")
    first, second = stub.requests
    assert (first.method, first.path, first.run_id) == ("GET", f"{OPERATION}/48213", "48213")
    assert (second.method, second.path, second.run_id) == ("POST", f"{OPERATION}/a%2Fb%20c", "a/b c")
    assert (first.query, second.query) == ({"limit": "1000", "offset": "1", "x": ""}, {})
    stub.requests.clear()
    assert len(stub.requests) == 2


def test_the_operation_and_the_start_of_the_body_are_recorded(stub: Stub, api: httpx.Client) -> None:
    api.post("queue-simulation-run", json={"simulation_id": "731", "phone_number": "7" * LONGEST_BODY})
    api.get("retrieve-simulation-result/a%2Fb")
    api.get("none")
    queued, single, none = stub.requests
    assert (queued.operation, queued.run_id, len(queued.body)) == ("queue_simulation_run", None, LONGEST_BODY)
    assert queued.body.startswith(b'{"simulation_id":"731","phone_number":"777')
    assert (single.operation, single.resource_id) == ("retrieve_simulation_result", "a/b")
    assert (none.operation, none.resource_id, none.body) == (None, "", b"")


@pytest.mark.parametrize("path", ["/", f"{OPERATION}/", f"{OPERATION}/a/b", f"/v2{OPERATION}/48213"])
def test_a_request_to_another_path_has_no_run_id(stub: Stub, path: str) -> None:
    httpx.get(stub.url + path, trust_env=False)
    assert [request.run_id for request in stub.requests] == [None]
    assert "x-api-key" not in stub.requests[0].headers


def test_headers_are_recorded_in_lower_case_with_equal_names_joined(stub: Stub, client: httpx.Client) -> None:
    client.get("48213", headers=[("User-Agent", "Me/1"), ("Accept", "a/b"), ("Accept", "c/d")])
    headers = stub.requests[0].headers
    assert (headers["user-agent"], headers["accept"]) == ("Me/1", "a/b, c/d")


@pytest.mark.parametrize(("key", "accepted"), [("test-key", True), ("s3cr3t-of-another-service", False)])
def test_the_stub_records_whether_a_key_was_accepted_but_not_the_key(
    stub: Stub, client: httpx.Client, key: str, accepted: bool
) -> None:
    client.get("48213", headers={"X-API-Key": key})
    [request] = stub.requests
    assert request.key_accepted == accepted
    assert request.headers["x-api-key"] == "<redacted>"
    assert key not in f"{stub!r} {stub.requests!r}"


def test_concurrent_polls_each_get_the_next_answer_and_are_recorded(stub: Stub, client: httpx.Client) -> None:
    bodies = [b"%d" % number for number in range(100)]
    stub.serve("run-1", *map(Answer, bodies))
    with ThreadPoolExecutor(8) as pool:
        got = [response.content for response in pool.map(client.get, ["run-1"] * 100)]
    assert sorted(got) == sorted(bodies)
    assert len(stub.requests) == 100


def test_reset_forgets_requests_answers_and_polls(stub: Stub, client: httpx.Client) -> None:
    first = client.get("48215").content
    stub.serve("run-1", Answer(b"here"))
    stub.reset()
    assert stub.requests == []
    assert client.get("run-1").status_code == 404
    assert client.get("48215").content == first


def test_the_last_10_000_requests_are_remembered() -> None:
    state = StubState("test-key")
    for number in range(10_001):
        state.record(
            RecordedRequest("GET", f"/{number}", {}, None, "", {}, b"", key_accepted=False, request_id="")
        )
    assert [state.requests[0].path, state.requests[-1].path] == ["/1", "/10000"]


def test_the_method_serve_refuses_anything_except_answers(stub: Stub) -> None:
    body: Any = b"<html>"
    with pytest.raises(TypeError, match="bytes"):
        stub.serve("run-1", Answer(), body)
