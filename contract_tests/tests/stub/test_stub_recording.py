"""Which requests a stub records, and when it forgets them."""

from typing import Any

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_contract.stub.requests_and_answers import StubState

OPERATION = "/v1/retrieve-simulation-results"
LONGEST_BODY = 8_192


def test_the_stub_records_all_requests_in_order(stub: Stub, api: httpx.Client) -> None:
    api.get("retrieve-simulation-results/a%2Fb%20c?limit=5&offset=%31&limit=1000&x=")
    api.post("queue-simulation-run", json={"simulation_id": "731", "phone_number": "7" * LONGEST_BODY})
    api.get("retrieve-simulation-result/a%2Fb")
    run, queued, single = stub.requests
    assert (run.method, run.path, run.run_id) == ("GET", f"{OPERATION}/a%2Fb%20c", "a/b c")
    assert (run.query, queued.query) == ({"limit": "1000", "offset": "1", "x": ""}, {})
    assert (queued.operation, queued.run_id, len(queued.body)) == ("queue_simulation_run", None, LONGEST_BODY)
    assert queued.body.startswith(b'{"simulation_id":"731","phone_number":"777')
    assert (single.operation, single.resource_id) == ("retrieve_simulation_result", "a/b")
    stub.requests.clear()
    assert len(stub.requests) == 3


@pytest.mark.parametrize("path", ["/", f"{OPERATION}/", f"{OPERATION}/a/b", f"/v2{OPERATION}/48213"])
def test_a_request_to_an_unknown_path_is_recorded_without_a_run_id(stub: Stub, path: str) -> None:
    httpx.get(stub.url + path, trust_env=False)
    [request] = stub.requests
    assert (request.run_id, request.operation, request.resource_id, request.body) == (None, None, "", b"")


@pytest.mark.parametrize(("key", "accepted"), [("test-key", True), ("s3cr3t-of-another-service", False)])
def test_the_stub_records_headers_but_redacts_the_key(
    stub: Stub, client: httpx.Client, key: str, accepted: bool
) -> None:
    client.get("48213", headers=[("Accept", "a/b"), ("Accept", "c/d"), ("X-API-Key", key)])
    [request] = stub.requests
    assert request.key_accepted == accepted
    assert (request.headers["accept"], request.headers["x-api-key"]) == ("a/b, c/d", "<redacted>")
    assert key not in f"{stub!r} {stub.requests!r}"


@pytest.mark.parametrize("pages", [True, False])
def test_resetting_a_stub_restores_its_initial_state(pages: bool) -> None:
    with Stub(pages=pages) as stub, httpx.Client(base_url=stub.url + OPERATION, trust_env=False) as client:
        client.headers["X-API-Key"] = stub.api_key
        first = client.get("48215")
        stub.serve("run-1", Answer(b"here"))
        stub.pages = not pages
        stub.reset()
        assert (stub.requests, stub.pages) == ([], pages)
        again = client.get("48215")
        assert again.content == first.content
        assert again.headers["x-request-id"] == first.headers["x-request-id"]
        assert client.get("run-1").status_code == 404


def test_the_last_10_000_requests_are_remembered() -> None:
    state = StubState("test-key")
    for number in range(10_001):
        path = f"/{number}"
        request: dict[str, Any] = {
            "method": "GET",
            "query": {},
            "operation": None,
            "resource_id": "",
            "headers": {},
        }
        state.record(path=path, body=b"", key_accepted=False, **request)
    assert [state.requests[0].path, state.requests[-1].path] == ["/1", "/10000"]


def test_the_stub_refuses_to_serve_an_object_that_is_not_an_answer(stub: Stub) -> None:
    body: Any = b"<html>"
    with pytest.raises(TypeError, match="bytes"):
        stub.serve("run-1", Answer(), body)
