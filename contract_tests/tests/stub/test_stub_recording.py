"""What a stub remembers of its requests, and what it forgets."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import Answer, RecordedRequest, Stub
from bluejay_contract.stub._exchange import Exchange

OPERATION = "/v1/retrieve-simulation-results"


def test_requests_are_recorded_in_order(stub: Stub, client: httpx.Client) -> None:
    client.get("48213")
    client.post("48214")
    recorded = [(request.method, request.path, request.run_id) for request in stub.requests]
    assert recorded == [("GET", f"{OPERATION}/48213", "48213"), ("POST", f"{OPERATION}/48214", "48214")]


def test_a_path_is_recorded_as_it_was_sent(stub: Stub, client: httpx.Client) -> None:
    client.get("a%2Fb%20c?page=2")
    assert stub.requests[0].path == f"{OPERATION}/a%2Fb%20c"


def test_a_run_id_is_recorded_decoded(stub: Stub, client: httpx.Client) -> None:
    client.get("a%2Fb%20c")
    assert stub.requests[0].run_id == "a/b c"


@pytest.mark.parametrize("path", ["/", f"{OPERATION}/", f"{OPERATION}/a/b", f"/v2{OPERATION}/48213"])
def test_another_path_has_no_run_id(stub: Stub, path: str) -> None:
    httpx.get(stub.url + path, trust_env=False)
    assert [request.run_id for request in stub.requests] == [None]


def test_header_names_are_recorded_in_lower_case(stub: Stub, client: httpx.Client) -> None:
    client.get("48213", headers={"User-Agent": "Tester/1"})
    assert stub.requests[0].headers["user-agent"] == "Tester/1"


def test_headers_of_one_name_are_joined(stub: Stub, client: httpx.Client) -> None:
    client.get("48213", headers=[("Accept", "application/json"), ("Accept", "text/html")])
    assert stub.requests[0].headers["accept"] == "application/json, text/html"


def test_an_accepted_key_is_recorded_as_accepted(stub: Stub, client: httpx.Client) -> None:
    client.get("48213")
    assert stub.requests[0].key_accepted


def test_a_wrong_key_is_recorded_as_not_accepted(stub: Stub, client: httpx.Client) -> None:
    client.get("48213", headers={"X-API-Key": "wrong"})
    assert not stub.requests[0].key_accepted


def test_a_request_without_a_key_is_recorded_without_the_header(stub: Stub) -> None:
    httpx.get(f"{stub.url}{OPERATION}/48213", trust_env=False)
    assert "x-api-key" not in stub.requests[0].headers


@pytest.mark.parametrize("key", ["test-key", "s3cr3t-of-another-service"])
def test_a_key_is_redacted_accepted_or_not(stub: Stub, client: httpx.Client, key: str) -> None:
    client.get("48213", headers={"X-API-Key": key})
    assert stub.requests[0].headers["x-api-key"] == "<redacted>"


@pytest.mark.parametrize("key", ["test-key", "s3cr3t-of-another-service"])
def test_no_repr_shows_a_key(stub: Stub, client: httpx.Client, key: str) -> None:
    client.get("48213", headers={"X-API-Key": key})
    assert key not in f"{stub!r} {stub.requests!r}"


def test_the_list_of_requests_is_the_callers_own(stub: Stub, client: httpx.Client) -> None:
    client.get("48213")
    stub.requests.clear()
    assert len(stub.requests) == 1


def test_no_request_of_many_at_once_is_lost(stub: Stub, client: httpx.Client) -> None:
    paths = [f"run-{number}" for number in range(100)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(client.get, paths))
    assert sorted(request.run_id or "" for request in stub.requests) == sorted(paths)


def test_many_polls_at_once_get_an_answer_each(stub: Stub, client: httpx.Client) -> None:
    bodies = [b"%d" % number for number in range(100)]
    first, *rest = map(Answer, bodies)
    stub.serve("run-1", first, *rest)
    with ThreadPoolExecutor(8) as pool:
        got = [response.content for response in pool.map(client.get, ["run-1"] * 100)]
    assert sorted(got) == sorted(bodies)


def test_reset_forgets_requests(stub: Stub, client: httpx.Client) -> None:
    client.get("48213")
    stub.reset()
    assert stub.requests == []


def test_reset_forgets_served_answers(stub: Stub, client: httpx.Client) -> None:
    stub.serve("run-1", Answer(b"here"))
    stub.reset()
    assert client.get("run-1").status_code == 404


def test_reset_forgets_polls(stub: Stub, client: httpx.Client) -> None:
    first = client.get("48215").content
    stub.reset()
    assert client.get("48215").content == first


def test_the_last_10_000_requests_are_remembered() -> None:
    exchange = Exchange("test-key")
    for number in range(10_001):
        exchange.record(RecordedRequest("GET", f"/{number}", None, {}, key_accepted=False))
    assert [exchange.requests[0].path, exchange.requests[-1].path] == ["/1", "/10000"]


def test_what_is_no_answer_is_refused_where_it_is_served(stub: Stub) -> None:
    """Not at the next request, deep in the server."""
    body: Any = b"<html>"
    with pytest.raises(TypeError, match=r"^serve takes an Answer for each request, got bytes$"):
        stub.serve("run-1", Answer(), body)
