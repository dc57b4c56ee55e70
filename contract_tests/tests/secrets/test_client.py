"""However a client call ends, nothing that it leaves behind contains the key."""

import gzip
import json
from collections.abc import Iterator
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import field, frozen
from bluejay_api.models import QueueSimulationRunRequest
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError
from bluejay_results._secrets import MASK
from contract_kit.tests.tables import table

from .. import builders
from ..clock import ManualClock
from ..faults._connection import Connection, Script
from ..faults._http import chunk, head, response
from ..faults._scripts import answers, ends_after, silent
from ..faults._server import FaultServer
from ..overlay.conftest import Reader
from .canary import KEY, SHORT_SIGNED_URL, SIGNED_URL, leaks
from .echoing import echo
from .evidence import left_by

_SAID = f"{'See ' * 70}URL for KEY"
"""A careless server's message, long enough to be truncated within the key."""


@frozen
class Scene:
    """A client call, and what the service does.

    Attributes:
        script: What the service does; None if nobody listens.
        raises: The name of the error's class; empty if the call returns.
        method: The client's method.
        argument: The first argument of the call.
        settings: Arguments of the client.
        options: Arguments of the call.
    """

    script: Script | None
    raises: str = ""
    method: str = "retrieve"
    argument: Any = "48213"
    settings: dict[str, Any] = field(factory=dict)
    options: dict[str, Any] = field(factory=dict)


def _body(document: Any, status: int = 200) -> bytes:
    """A response in which each `KEY` is the key, spelled in many ways; one header is the key, too."""
    return response(echo(document).body, f"x-request-id: {KEY}", "retry-after: 0", status=status)


def _sends(document: Any, raises: str = "ContractViolationError", method: str = "retrieve") -> Scene:
    return Scene(answers(_body(document)), raises, method)


def _refused(status: int, raises: str, method: str = "retrieve", detail: Any = _SAID) -> Scene:
    return Scene(answers(_body({"detail": detail}, status)), raises, method)


def _in_another_encoding(encoding: str) -> Scene:
    body = json.dumps({"detail": KEY}).encode(encoding)
    return Scene(answers(response(body, status=422)), "RequestRejectedError")


def _sending(error: BaseException, raises: str) -> Scene:
    """A transport that a user passes in raises an error, while a variable contains the request's headers."""

    def fail(request: httpx.Request) -> httpx.Response:
        headers = request.headers.raw
        raise error if headers else AssertionError

    return Scene(None, raises, settings={"transport": httpx.MockTransport(fail)})


_RUN = builders.response(builders.result(), summary="KEY")
_SETTLED = _body(_RUN)
_DOWN = _body({"detail": _SAID}, 500)
_WITH_METADATA = QueueSimulationRunRequest("731", livekit_metadata={"token": SIGNED_URL})
SCENES = {
    "a run after a failure": Scene(answers(_DOWN, _SETTLED)),
    "the key as a reason": Scene(answers(_SETTLED.replace(b"Some reason", KEY.encode()))),
    "a run queued": Scene(
        answers(_body({"simulation_run_id": "48213", "simulation_result_ids": [], "agent_id": "KEY"})),
        method="queue",
        argument=_WITH_METADATA,
    ),
    "401": _refused(401, "AuthenticationError"),
    "404": _refused(404, "RunNotFoundError"),
    "404 for a result": _refused(404, "NotFoundError", "retrieve_result"),
    "422": _refused(
        422, "RequestRejectedError", detail=[{"loc": ["KEY"], "msg": _SAID, "type": "KEY", "input": "KEY"}]
    ),
    "422 without a message": _refused(422, "RequestRejectedError", detail=[{"input": {"KEY": _SAID}}]),
    "422 in UTF-16": _in_another_encoding("utf-16"),
    "422 in UTF-32": _in_another_encoding("utf-32-be"),
    "429": _refused(429, "RateLimitError"),
    "503 for a queue": _refused(503, "ServerError", "queue"),
    "520": _refused(520, "UnexpectedStatusError"),
    "a violation": _sends(_RUN | {"simulation_run": {"created_at": "KEY", "id": SHORT_SIGNED_URL}}),
    "a time that Python can't represent": _sends(
        builders.response(created_at="0000-01-01T00:00:00Z"), "UnsupportedValueError"
    ),
    "a broken result": _sends({"simulation_result": {"start_time": "KEY"}}, method="retrieve_result"),
    "broken runs": _sends({"simulation_runs": [{"id": "URL", "KEY": "KEY"}]}, method="runs"),
    "a broken answer to queueing": _sends(
        {"simulation_run_id": ["KEY"], "simulation_result_ids": "URL", "agent_id": {"KEY": 1}}, method="queue"
    ),
    "no JSON": Scene(answers(response(KEY.encode())), "ContractViolationError"),
    "a wait through faults": Scene(
        answers(_body(builders.response(status="RUNNING")), _DOWN),
        "WaitTimeoutError",
        "wait",
        options={"timeout": 30},
    ),
    "a large body": Scene(answers(_SETTLED), "ResponseTooLargeError", settings={"max_body_bytes": 100}),
    "nobody listening": Scene(None, "ConnectionFailedError"),
    "no answer": Scene(silent, "RequestTimeoutError", settings={"request_timeout": 0.05}),
    "no HTTP": Scene(ends_after(b"HTTP/1.1 key " + KEY.encode() + b"\r\n\r\n"), "ConnectionFailedError"),
    "half an answer": Scene(ends_after(_SETTLED[:-9]), "ConnectionFailedError"),
    "an unknown encoding": Scene(
        answers(response(b"{}", f"content-encoding: {KEY}")), "ConnectionFailedError"
    ),
    "a key with a line break": Scene(None, "ConfigurationError", settings={"api_key": f"{KEY}\n"}),
    "a key in bytes": Scene(None, "ConfigurationError", settings={"api_key": KEY.encode()}),
    "a transport that fails": _sending(httpx.WriteError(f"not sent: {KEY}"), "ConnectionFailedError"),
    "Ctrl-C while sending": _sending(KeyboardInterrupt(), "KeyboardInterrupt"),
    "a transport with a bug": _sending(RuntimeError("x"), "RuntimeError"),
}


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient], ids=["sync", "async"])
@table("name", SCENES)
def test_no_call_leaves_a_secret_in_any_output(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, name: str, kind: Any
) -> None:
    """A scene must end as declared, because a call that fails too early would prove nothing."""
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    scene = SCENES[name]
    with FaultServer(scene.script) as server:
        usual: dict[str, Any] = {"api_key": KEY, "base_url": server.url, "clock": ManualClock()}
        client = Reader(kind, **usual | scene.settings)
        ended, left = left_by(lambda: client.call(scene.method, scene.argument, **scene.options), caplog)
    assert (type(ended).__name__ if isinstance(ended, BaseException) else "") == scene.raises
    assert [place for place, each in left.items() if leaks(each)] == []


METHODS: dict[str, Any] = {
    "queue": "731",
    "retrieve": "48213",
    "retrieve_many": ["48213"],
    "wait": "48213",
    "retrieve_result": "1",
    "runs": "731",
}
"""Each method with a valid first argument."""
VALUES: list[Any] = [KEY, KEY.encode(), [KEY], {KEY: KEY}, Path(KEY), f"https://x.io/?k={KEY}", f"{KEY}, x"]


def _all_arguments() -> Iterator[tuple[str, str]]:
    for method in ("__init__", *METHODS):
        parameters = signature(getattr(BluejayClient, method)).parameters
        yield from ((method, name) for name in parameters if name not in {"self", "clock"})


@table("method, name", _all_arguments())
def test_no_error_about_an_argument_contains_the_key(
    caplog: pytest.LogCaptureFixture, tmp_path: Path, method: str, name: str
) -> None:
    """The arguments could be swapped, so the URL is tried as the key too."""

    def call(key: str, value: Any) -> None:
        own = {name: value} if method == "__init__" else {}
        settings: dict[str, Any] = {"api_key": key, "base_url": "http://127.0.0.1:1", "retries": 0}
        with BluejayClient(**settings | own) as client:
            called = getattr(client, "runs" if own else method)
            first = next(iter(signature(called).parameters))
            list(called(**{first: METHODS.get(method, "731")} | ({} if own else {name: value})))

    for value in VALUES:
        for key in {KEY, "https://x.io"} if name == "base_url" else {KEY}:
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(tmp_path)
                _, left = left_by(partial(call, key, value), caplog)
            assert leaks(left["messages"]) == [], value


def _failing(key: str, url: str, headers: Any = ()) -> BluejayClient:
    answer = httpx.Response(500, headers=headers)
    http = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    return BluejayClient(key, url, http_client=http, retries=0)


def test_a_key_is_masked_in_the_names_and_values_of_headers_and_credentials_are_left_out() -> None:
    sent = {"X-Echo": "abc+efgh, abc%2Befgh", "x-abc+efgh": "é", "Set-Cookie": "a=b", "X-API-Key": "c"}
    headers = httpx.Headers([(name.encode(), value.encode("latin-1")) for name, value in sent.items()])
    with pytest.raises(BluejayError) as caught:
        _failing("abc+efgh", "http://a.b", headers).retrieve("48213")
    found = {name: value for name, value in caught.value.headers.items() if name != "content-length"}
    assert found == {"x-echo": f"{MASK}, {MASK}", f"x-{MASK}": "é"}


def test_a_key_in_the_base_url_never_appears_in_errors_or_recordings(tmp_path: Path) -> None:
    with pytest.raises(BluejayError) as caught:
        _failing("abc+efgh", "http://a.b/abc%2befgh").retrieve("48213", record=tmp_path / "run.har")
    assert f"{caught.value.url}".startswith(f"http://a.b/{MASK}/v1/retrieve-simulation-results/48213")
    assert "efgh" not in (tmp_path / "run.har").read_text()


@table("encoding", ["identity", "gzip"])
def test_a_key_is_masked_however_it_is_split_across_a_bodys_chunks(encoding: str) -> None:
    body = echo(_RUN).body
    packed = gzip.compress(body) if encoding == "gzip" else body
    chunks = b"".join(chunk(b"%c" % each) for each in packed)

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(head("Transfer-Encoding: chunked", f"Content-Encoding: {encoding}"))
        for start in range(0, len(chunks), 7):
            connection.send(chunks[start : start + 7])
        connection.send(chunk(b""))

    with FaultServer(script) as server, BluejayClient(KEY, server.url) as client:
        run = client.retrieve("48213")
    assert run.summary == MASK
    assert leaks(run.responses[0].body) == []
