"""Retrieving a run once, over real HTTP: the request, the run, and the errors."""

import pickle
from functools import partial
from pathlib import Path
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
    SimulationRun,
    UnexpectedStatusError,
    UsageError,
)

from .. import builders
from ..passed_in import library
from .answers import listed
from .conftest import MakeReader, Reader


def test_a_run_keeps_the_exact_bytes_of_its_response(either: Reader, stub: Stub) -> None:
    body = b" \r\n" + builders.encoded(builders.response(summary=5)) + b"\n\t "
    stub.serve("48213", Answer(body=body))
    run = either.retrieve("48213", on_violation="collect")
    assert run.responses[0].body == body
    assert [violation.path for violation in run.violations] == ["$.simulation_run.summary"]
    (request,) = stub.requests
    assert request.key_accepted
    assert request.headers["user-agent"].startswith("bluejay-results/")


@pytest.mark.parametrize("run_id", ["../secret", "%2e%2e", "run?x=1#y", "лес", "..."])
def test_a_run_id_is_percent_encoded(reader: Reader, stub: Stub, run_id: str) -> None:
    with pytest.raises(RunNotFoundError):
        reader.retrieve(run_id)
    assert stub.requests[0].run_id == run_id


@pytest.mark.parametrize(
    ("method", "end"), [("retrieve", ""), ("retrieve", "/"), ("retrieve", "?tab=calls"), ("wait", "/#top")]
)
def test_a_runs_app_url_is_accepted_instead_of_its_id(
    reader: Reader, stub: Stub, method: str, end: str
) -> None:
    stub.serve("a:b", listed(builders.result(), id="a:b"))
    url = f"https://app.getbluejay.ai/simulations/731/runs/a%3Ab{end}"
    assert reader.call(method, url).id == "a:b"


@pytest.mark.parametrize("method", ["retrieve", "wait"])
def test_a_run_is_refused_if_the_app_url_names_another_simulation(
    reader: Reader, stub: Stub, tmp_path: Path, method: str
) -> None:
    """A recording of the call is refused too."""
    stub.serve("48213", listed(builders.result(), id="48213", simulation_id="733"))
    url, har = "https://app.getbluejay.ai/simulations/{}/runs/48213", tmp_path / "run.har"
    reader.call(method, url.format(733), record=har)
    har.write_text(har.read_text().replace('"simulation_id":"733"', '"simulation_id":"731"'))
    for call in (partial(reader.call, method, url.format(731)), partial(SimulationRun.from_file, har)):
        with pytest.raises(ContractViolationError) as caught:
            call()
        assert caught.value.path == "$.simulation_run.simulation_id"


@pytest.mark.parametrize("method", ["retrieve", "wait", "retrieve_result", "runs"])
@pytest.mark.parametrize(
    ("id_", "options", "error"),
    [
        ("..", {}, InvalidIdError),
        ("7", {"on_violation": "ignore"}, ConfigurationError),
        ("7", {"timeout": 0}, ConfigurationError),
    ],
    ids=["id", "on_violation", "timeout"],
)
def test_an_invalid_argument_is_refused_before_any_request(
    reader: Reader, stub: Stub, method: str, id_: str, options: dict[str, Any], error: type[BluejayError]
) -> None:
    with pytest.raises(error):
        reader.call(method, id_, **options)
    assert stub.requests == []


def test_a_url_that_does_not_belong_to_a_run_is_refused(reader: Reader) -> None:
    for page in ("https://app.getbluejay.ai/simulations/731", "http://a.example/runs/7"):
        with pytest.raises(UsageError, match="not the URL of a run"):
            reader.retrieve(page)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *[(401, AuthenticationError), (403, AuthenticationError), (404, RunNotFoundError)],
        *[(422, RequestRejectedError), (429, RateLimitError), (500, ServerError), (503, ServerError)],
        *((status, UnexpectedStatusError) for status in (302, 418, 520)),
    ],
)
def test_an_error_status_raises_its_error_class_with_the_responses_data(
    make_reader: MakeReader, stub: Stub, status: int, kind: type[BluejayError]
) -> None:
    headers = {"x-request-id": "req-x", "retry-after": "7"}
    stub.serve("a/b:c", Answer(body=b"<html>down</html>", status=status, headers=headers))
    with pytest.raises(BluejayError) as caught:
        make_reader(retries=0).retrieve("a/b:c")
    error = caught.value
    assert type(error) is kind
    assert (error.status_code, error.body, error.run_id) == (status, b"<html>down</html>", "a/b:c")
    assert error.url == f"{stub.url}/v1/retrieve-simulation-results/a%2Fb%3Ac?limit=100&offset=0"
    assert error.request_id == error.headers["x-request-id"] == "req-x"
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is kind
    assert (str(copy), copy.__dict__) == (str(error), error.__dict__)


@pytest.mark.parametrize(
    ("detail", "errors"),
    [
        (
            [{"loc": ["body", 3], "msg": "a", "type": "b"}, {"loc": [], "msg": "c", "type": "d"}],
            (FieldError("body.3", "a", "b"), FieldError("", "c", "d")),
        ),
        ("not a number", (FieldError("", "not a number", ""),)),
        ({"msg": "odd", "loc": "path"}, (FieldError("path", "odd", ""),)),
        ({"code": 7}, (FieldError("", '{"code": 7}', ""),)),
        (None, ()),
    ],
)
def test_the_errors_in_a_422_response_are_listed_whatever_the_bodys_shape(
    reader: Reader, stub: Stub, detail: Any, errors: tuple[FieldError, ...]
) -> None:
    stub.serve("48213", Answer.json({"detail": detail}, status=422))
    with pytest.raises(RequestRejectedError) as caught:
        reader.retrieve("48213")
    assert caught.value.errors == errors


def test_a_200_response_raises_an_error_if_the_body_breaks_the_contract(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", answer := listed(builders.result(duration="long")))
    with pytest.raises(ContractViolationError) as caught:
        reader.retrieve("48213")
    assert caught.value.path == "$.simulation_results[0].duration"
    assert (caught.value.status_code, caught.value.run_id) == (200, "48213")
    assert caught.value.body == answer.body


@pytest.mark.parametrize(
    ("status", "detail", "data"),
    [
        (418, None, "."),
        (403, {"code": 7}, "."),
        (422, "Quota\nused up", ": Quota used up"),
        (500, "key test-key", ": key <redacted>"),
        (422, [{"loc": ["path", "id"], "msg": "too long"}, {"msg": "no key"}], ": path.id: too long; no key"),
        (500, "x" * 300, f": {'x' * 300}"),
        (500, "x" * 301, f": {'x' * 300}…"),
        (500, "x" * 65_536, "."),
    ],
)
def test_an_error_message_contains_the_run_id_and_the_responses_detail(
    make_reader: MakeReader, stub: Stub, status: int, detail: Any, data: str
) -> None:
    stub.serve("48213", Answer.json({"detail": detail}, status=status))
    with pytest.raises(BluejayError) as caught:
        make_reader(retries=0).retrieve("48213")
    assert str(caught.value) == f"Run 48213: {caught.value.reason}"
    assert caught.value.reason.startswith(f"HTTP {status}: ")
    assert caught.value.reason.endswith(data)


def test_the_users_own_httpx_client_is_used_and_left_open(stub: Stub) -> None:
    with library.Client(headers={"x-own": "1"}) as own:
        with BluejayClient("test-key", stub.url, http_client=own) as client:
            client.retrieve("48213")
        assert not own.is_closed
    assert stub.requests[0].headers["x-own"] == "1"


@pytest.mark.parametrize("method", ["retrieve", "retrieve_result", "runs"])
def test_a_key_that_the_server_sends_back_is_masked(reader: Reader, stub: Stub, method: str) -> None:
    stub.serve("1", listed(id="1", created_at="test-key"))
    stub.serve_result("1", Answer.json({"simulation_result": builders.result(start_time="test-key")}))
    run = {"id": 1, "experiment_id": 1, "created_at": "test-key", "status": "RUNNING"}
    stub.serve_runs("1", Answer.json({"simulation_runs": [run]}))
    (violation,) = reader.call(method, "1", on_violation="collect").violations
    assert violation.message.endswith('got "<redacted>"')
