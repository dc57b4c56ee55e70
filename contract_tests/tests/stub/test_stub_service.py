"""The stub's responses over HTTP."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub

RUN = "/v1/retrieve-simulation-results/run-1"
RESULT = "/v1/retrieve-simulation-result/482130001"
JSON = {"content-type": "application/json"}
MISSING = [{"type": "missing", "loc": ["header", "X-API-Key"], "msg": "Field required", "input": None}]


@pytest.mark.parametrize(
    ("path", "key", "status", "detail"),
    [
        (RUN, None, 422, MISSING),
        (RUN, "wrong", 401, "Invalid API key"),
        (RUN, "test-key", 404, "Simulation run not found"),
        (RESULT, None, 422, MISSING),
        (RESULT, "wrong", 401, "Invalid API key"),
        (RESULT.replace("0001", "9999"), "test-key", 404, "Simulation result not found"),
        ("/v1/get-simulation-runs/x", "test-key", 404, "Simulation not found"),
        ("/", "test-key", 404, "Not Found"),
        (RUN.replace("/v1", ""), "test-key", 404, "Not Found"),
        (RUN.replace("run-1", "a/b"), "test-key", 404, "Not Found"),
    ],
)
def test_a_refused_request_gets_the_same_body_as_from_fastapi(
    stub: Stub, path: str, key: str | None, status: int, detail: Any
) -> None:
    stub.serve("a/b", Answer(b"here"))
    response = httpx.get(stub.url + path, headers={"X-API-Key": key} if key else {}, trust_env=False)
    assert (response.status_code, response.json()) == (status, {"detail": detail})


@pytest.mark.parametrize("run_id", ["a/b", "a%2Fb", "100%", "a+b", "a?b#c", "übung", "a\nb", "a;b,c"])
def test_an_encoded_run_id_arrives_as_one_parameter(stub: Stub, client: httpx.Client, run_id: str) -> None:
    stub.serve(run_id, Answer(b"here"))
    assert client.get(quote(run_id, safe="")).content == b"here"


@pytest.mark.parametrize(
    ("answer", "headers"),
    [
        *((Answer(status=status), JSON) for status in (301, 520, 599)),
        (Answer.json({"detail": "zu früh", "wait": [1, 2]}, status=425), JSON),
        (Answer(b"\x00\xff {not json\r\n"), JSON),
        (Answer(headers={"Retry-After": "7"}), {"retry-after": "7"}),
    ],
)
def test_the_stub_sends_an_answer_unchanged(
    stub: Stub, client: httpx.Client, answer: Answer, headers: dict[str, str]
) -> None:
    stub.serve("run-1", answer)
    response = client.get("run-1")
    ours = response.headers.keys() & {"content-type", "retry-after"}
    assert (response.status_code, response.content) == (answer.status, answer.body)
    assert {name: response.headers[name] for name in ours} == headers


def test_the_stub_sends_documents_as_compact_json_in_utf_8() -> None:
    assert Answer.json({"detail": "zu früh", "wait": [1]}).body == '{"detail":"zu früh","wait":[1]}'.encode()


@pytest.mark.parametrize("authenticated", [True, False])
def test_an_answer_is_sent_after_its_delay(stub: Stub, client: httpx.Client, authenticated: bool) -> None:
    late = Answer(b"late", delay=60, authenticated=authenticated)
    stub.serve("run-1", late, Answer.json("in time", delay=0.01))
    with pytest.raises(httpx.ReadTimeout):
        client.get("run-1", timeout=0.1)
    while not stub.requests:
        time.sleep(0.01)
    assert client.get("run-1").content == b'"in time"'


@pytest.mark.parametrize(
    ("answer", "date"),
    [
        (Answer(), "Thu, 19 Nov 2026 16:"),
        (Answer(date=timedelta(hours=-1)), "Thu, 19 Nov 2026 15:"),
        (Answer(date="soon"), "soon"),
        (Answer(headers={"Date": "soon"}), "soon"),
        (Answer(date=None), None),
    ],
)
@pytest.mark.parametrize("authenticated", [True, False])
def test_the_stubs_clock_sets_the_date_header_unless_the_answer_sets_it(
    stub: Stub, client: httpx.Client, answer: Answer, date: str | None, authenticated: bool
) -> None:
    stub.now = datetime(2026, 11, 19, 16, 5, tzinfo=UTC)
    stub.serve("run-1", replace(answer, authenticated=authenticated))
    dates = client.get("run-1", headers={} if authenticated else {"X-API-Key": "no"}).headers.get_list("date")
    assert [each[: len(date)] for each in dates] == [date] if date else dates == []


def test_every_response_has_a_unique_request_id_which_is_recorded(stub: Stub, client: httpx.Client) -> None:
    stub.serve("run-1", Answer(), Answer(headers={"X-Request-ID": "mine"}))
    ids = [client.get(path).headers["x-request-id"] for path in ("run-1", "unknown", "/a/b", "run-1")]
    assert len(set(ids)) == 4
    assert ids == [*(each.request_id for each in stub.requests[:3]), "mine"]


PATHS = (
    "retrieve-simulation-results/48213",
    "retrieve-simulation-result/482130001",
    "get-simulation-runs/733",
)


@pytest.mark.parametrize("path", PATHS)
def test_the_stub_serves_answers_in_turn_and_then_repeats_the_last_one(
    stub: Stub, api: httpx.Client, path: str
) -> None:
    for bodies in ([b"1", b"2"], [b"3", b"4"]):
        answers = [Answer(body, 500) for body in bodies]
        stub.serve("48213", *answers)
        stub.serve_result("482130001", *answers)
        stub.serve_runs("733", *answers)
        api.get(path, headers={"X-API-Key": "wrong"})  # a request with a wrong key uses up no answer
        assert [api.get(path).content for _ in range(3)] == [*bodies, bodies[-1]]


def test_an_answer_that_requires_no_key_is_sent_even_if_the_key_is_wrong(stub: Stub) -> None:
    stub.serve("run-1", *(Answer(b"%d" % number, status=203, authenticated=False) for number in range(3)))
    keys: list[dict[str, str]] = [{}, {"X-API-Key": "wrong"}, {"X-API-Key": "test-key"}]
    assert httpx.post(stub.url + RUN, trust_env=False).status_code == 405
    answers = [httpx.get(stub.url + RUN, headers=headers, trust_env=False) for headers in keys]
    assert [(each.status_code, each.content) for each in answers] == [(203, b"0"), (203, b"1"), (203, b"2")]
