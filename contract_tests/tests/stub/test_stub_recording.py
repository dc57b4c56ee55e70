"""What a stub remembers of its requests, and what it forgets."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import Answer, RecordedRequest, Stub
from bluejay_contract.stub.requests_and_answers import StubState

OPERATION = "/v1/retrieve-simulation-results"


def test_requests_are_recorded_in_order(stub: Stub, client: httpx.Client) -> None:
    client.get("48213")
    client.post("a%2Fb%20c?page=2")
    recorded = [(request.method, request.path, request.run_id) for request in stub.requests]
    assert recorded == [("GET", f"{OPERATION}/48213", "48213"), ("POST", f"{OPERATION}/a%2Fb%20c", "a/b c")]
    stub.requests.clear()
    assert len(stub.requests) == 2


@pytest.mark.parametrize("path", ["/", f"{OPERATION}/", f"{OPERATION}/a/b", f"/v2{OPERATION}/48213"])
def test_a_request_to_another_path_has_no_run_id(stub: Stub, path: str) -> None:
    httpx.get(stub.url + path, trust_env=False)
    assert [request.run_id for request in stub.requests] == [None]
    assert "x-api-key" not in stub.requests[0].headers


def test_headers_are_recorded_in_lower_case_with_equal_names_joined(stub: Stub, client: httpx.Client) -> None:
    client.get("48213", headers=[("User-Agent", "Me/1"), ("Accept", "a/b"), ("Accept", "c/d")])
    headers = stub.requests[0].headers
    assert headers["user-agent"] == "Me/1"
    assert headers["accept"] == "a/b, c/d"


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
    with pytest.raises(TypeError, match=r"^serve accepts only Answer objects, got bytes$"):
        stub.serve("run-1", Answer(), body)
