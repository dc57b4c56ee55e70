"""Retrieving a run once with either client, over real HTTP; and what is kept of an invalid body."""

import pickle
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    AuthenticationError,
    BluejayClient,
    BluejayError,
    ConfigurationError,
    ContractViolationError,
    FieldError,
    InvalidIdError,
    RateLimitError,
    RequestRejectedError,
    RunNotFoundError,
    ServerError,
    UnexpectedStatusError,
    UsageError,
    WaitTimeoutError,
)

from .. import builders
from ..passed_in import library
from .conftest import MakeReader, Reader

BODY = builders.encoded(builders.response(builders.result()))
GOOD = Answer(body=BODY)


@pytest.mark.parametrize(
    "document", [builders.response(), builders.response(summary=5)], ids=["sound", "broken"]
)
def test_retrieve_returns_the_run_with_the_exact_bytes(
    reader: Reader, stub: Stub, document: builders.Document
) -> None:
    body = b" \r\n" + builders.encoded(document) + b"\n\t "
    stub.serve("48213", Answer(body=body))
    assert reader.retrieve("48213", on_violation="collect").responses[0].body == body


def test_a_request_sends_the_key_and_the_user_agent_of_this_package(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", GOOD)
    reader.retrieve("48213")
    (request,) = stub.requests
    assert request.key_accepted
    assert request.headers["user-agent"].startswith("bluejay-results/")


def test_key_and_url_come_from_the_environment(
    make_reader: MakeReader, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLUEJAY_API_KEY", "test-key")
    monkeypatch.setenv("BLUEJAY_API_URL", f"{stub.url}/v1")
    stub.serve("48213", GOOD)
    assert make_reader(api_key=None, base_url=None).retrieve("48213").responses[0].body == BODY


@pytest.mark.parametrize("run_id", ["../secret", "%2e%2e", "run?x=1#y", "лес", "..."])
def test_a_run_id_is_percent_encoded(reader: Reader, stub: Stub, run_id: str) -> None:
    stub.serve(run_id, Answer.json(builders.response(id=run_id)))
    assert reader.retrieve(run_id).id == run_id
    assert stub.requests[0].run_id == run_id


@pytest.mark.parametrize("run_id", ["", ".", "..", "\x00", "a\x7f", "\ud800", None])
def test_an_invalid_run_id_is_refused_before_any_request(reader: Reader, stub: Stub, run_id: Any) -> None:
    for call in (reader.retrieve, reader.wait):
        with pytest.raises(InvalidIdError, match="run id"):
            call(run_id)
    assert stub.requests == []


@pytest.mark.parametrize("method", ["retrieve", "wait"])
@pytest.mark.parametrize("end", ["", "/", "?tab=calls", "/#top"])
def test_the_app_url_of_a_run_may_be_given_instead_of_its_id(
    reader: Reader, stub: Stub, method: str, end: str
) -> None:
    stub.serve("a/b", Answer.json(builders.response(builders.result(), id="a/b")))
    url = f"https://app.getbluejay.ai/simulations/731/runs/a%2Fb{end}"
    assert reader.call(method, url).id == "a/b"


@pytest.mark.parametrize("method", ["retrieve", "wait"])
@pytest.mark.parametrize("page", ["https://app.getbluejay.ai/simulations/731", "http://a.example/runs/7"])
def test_the_url_of_another_page_is_refused_before_any_request(
    reader: Reader, stub: Stub, method: str, page: str
) -> None:
    with pytest.raises(UsageError, match=r"is not the URL of a run in the app\. Give a run id"):
        reader.call(method, page)
    assert stub.requests == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *[(401, AuthenticationError), (403, AuthenticationError), (404, RunNotFoundError)],
        *[(422, RequestRejectedError), (429, RateLimitError), (500, ServerError), (503, ServerError)],
        *((status, UnexpectedStatusError) for status in (302, 418, 520)),
    ],
)
def test_an_error_status_raises_its_error_class_with_the_body_the_url_and_the_run(
    make_reader: MakeReader, stub: Stub, status: int, kind: type[BluejayError]
) -> None:
    stub.serve("a/b c", Answer(body=b"<html>down</html>", status=status))
    with pytest.raises(BluejayError) as caught:
        make_reader(retries=0).retrieve("a/b c")
    error = caught.value
    assert type(error) is kind
    assert error.status_code == status
    assert error.body == b"<html>down</html>"
    assert error.run_id == "a/b c"
    assert error.url == f"{stub.url}/v1/retrieve-simulation-results/a%2Fb%20c?limit=100&offset=0"


@pytest.mark.parametrize(
    ("detail", "errors"),
    [
        ([{"loc": ["header", "X"], "msg": "a", "type": "b"}], (FieldError("header.X", "a", "b"),)),
        (
            [{"loc": ["body", 3], "msg": "a", "type": "b"}, {"loc": [], "msg": "c", "type": "d"}],
            (FieldError("body.3", "a", "b"), FieldError("", "c", "d")),
        ),
        ("not a number", (FieldError("", "not a number", ""),)),
        ({"msg": "odd", "loc": "path"}, (FieldError("path", "odd", ""),)),
        ({"code": 7}, (FieldError("", '{"code": 7}', ""),)),
        ([5], (FieldError("", "5", ""),)),
        (None, ()),
        ([], ()),
    ],
)
def test_the_errors_of_a_422_are_listed_whatever_its_shape(
    reader: Reader, stub: Stub, detail: Any, errors: tuple[FieldError, ...]
) -> None:
    stub.serve("48213", Answer.json({"detail": detail}, status=422))
    with pytest.raises(RequestRejectedError) as caught:
        reader.retrieve("48213")
    assert caught.value.errors == errors


def test_a_200_that_breaks_the_contract_raises_an_error_with_path_and_bytes(
    reader: Reader, stub: Stub
) -> None:
    body = BODY.replace(b'"id": 1', b'"id": "1"')
    stub.serve("48213", Answer(body=body))
    with pytest.raises(ContractViolationError, match="Expected `int`, got `str`") as caught:
        reader.retrieve("48213")
    assert caught.value.status_code == 200
    assert caught.value.body == body
    assert caught.value.run_id == "48213"
    assert caught.value.path == "$.simulation_results[0].id"


@pytest.mark.parametrize(
    ("status", "detail", "message"),
    [
        (418, None, "418: The service doesn't document this status. Check BLUEJAY_API_URL."),
        (403, {"code": 7}, "403: The API key has no access to this run. Check that the right key is set."),
        (401, None, "401: The API key was refused. Check that the right key is set."),
        (422, None, "422: The request is not valid."),
        (422, "Quota\nused up", "422: The request is not valid. The service said: Quota used up"),
        (500, "key test-key", "500: The service failed. Try again later. The service said: key <redacted>"),
        (
            422,
            [{"loc": ["path", "id"], "msg": "too long"}, {"msg": "no key"}],
            "422: The request is not valid. The service said: path.id: too long; no key",
        ),
        (500, "x" * 300, f"500: The service failed. Try again later. The service said: {'x' * 300}"),
        (500, "x" * 301, f"500: The service failed. Try again later. The service said: {'x' * 300}…"),
    ],
)
def test_an_error_message_contains_advice_and_the_detail_of_the_response(
    make_reader: MakeReader, stub: Stub, status: int, detail: Any, message: str
) -> None:
    stub.serve("48213", Answer.json({"detail": detail}, status=status))
    with pytest.raises(BluejayError) as caught:
        make_reader(retries=0).retrieve("48213")
    assert str(caught.value) == f"Run 48213: {message}"
    assert caught.value.reason == message


def test_the_users_own_httpx_client_is_used_and_left_open(stub: Stub) -> None:
    seen: list[library.Request] = []
    stub.serve("48213", GOOD)
    with library.Client(event_hooks={"request": [seen.append]}) as own:
        with BluejayClient("test-key", stub.url, http_client=own) as client:
            client.retrieve("48213")
        assert not own.is_closed
    assert len(seen) == 1


def test_a_pickled_error_keeps_all_its_attributes(make_reader: MakeReader, stub: Stub) -> None:
    stub.serve("violation", Answer(body=b"{}"))
    stub.serve("limited", Answer(body=b"", status=429, headers={"retry-after": "7"}))
    stub.serve("rejected", Answer.json({"detail": "no"}, status=422))
    for run_id in ("violation", "limited", "rejected", "unknown"):
        with pytest.raises(BluejayError) as caught:
            make_reader(retries=0).retrieve(run_id)
        error = caught.value
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        assert type(copy) is type(error)
        assert str(copy) == str(error)
        assert copy.__dict__ == error.__dict__


@pytest.mark.parametrize("call", ["retrieve", "wait"])
def test_an_unknown_value_of_on_violation_is_refused_before_any_request(
    reader: Reader, stub: Stub, call: str
) -> None:
    with pytest.raises(ConfigurationError, match="on_violation"):
        getattr(reader, call)("48213", on_violation="ignore")
    assert stub.requests == []


@pytest.mark.parametrize("call", ["retrieve", "wait"])
def test_a_client_collects_the_valid_parts_of_a_body(reader: Reader, stub: Stub, call: str) -> None:
    body = builders.encoded(builders.response(builders.result(), summary=5))
    stub.serve("48213", Answer(body=body))
    run = getattr(reader, call)("48213", on_violation="collect")
    assert [violation.path for violation in run.violations] == ["$.simulation_run.summary"]
    assert run.id == "48213"
    assert run.responses[0].body == body


def test_a_wait_timeout_counts_the_violations(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", Answer.json(builders.response(None)))  # type: ignore[arg-type]  # the fault
    with pytest.raises(WaitTimeoutError, match="last seen COMPLETED, violations of the contract: 1"):
        reader.wait("48213", timeout=60, on_violation="collect")


def test_a_key_that_the_server_sends_back_in_an_invalid_value_is_masked(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", Answer.json(builders.response(created_at="test-key")))
    with pytest.raises(ContractViolationError, match='got "<redacted>"'):
        reader.retrieve("48213")
    (violation,) = reader.retrieve("48213", on_violation="collect").violations
    assert violation.path == "$.simulation_run.created_at"
    assert violation.message[-16:] == 'got "<redacted>"'
