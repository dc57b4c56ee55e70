"""Every way in which a call of a client can end, one scene each."""

import asyncio
import json
from functools import partial
from typing import Any

from attrs import field, frozen
from bluejay_api.models import QueueSimulationRunRequest
from bluejay_results import RunProgress

from .. import builders
from ..faults._certificates import Certificate, tls
from ..faults._connection import Script
from ..faults._http import response
from ..faults._scripts import answers, ends_after, silent
from ..faults._server import Door, FaultServer
from ..overlay.conftest import ManualClock, Reader
from ..passed_in import HTTP_CLIENTS, library
from .canary import KEY, SHORT_SIGNED_URL, SIGNED_URL

_SAID = f"{'See ' * 70}{SIGNED_URL} for {KEY}"
"""The message of a careless server, long enough to be shortened in the middle of the key."""


class _Failing(library.BaseTransport, library.AsyncBaseTransport):
    """A user's own transport that raises an error while a variable contains the headers."""

    def __init__(self, failure: BaseException) -> None:
        self._failure = failure

    def handle_request(self, request: library.Request) -> library.Response:
        headers = request.headers.raw
        raise self._failure if headers else AssertionError

    async def handle_async_request(self, request: library.Request) -> library.Response:
        return self.handle_request(request)


@frozen
class Scene:
    """A call and its service.

    Attributes:
        script: What the service does; None if nobody listens.
        raises: The name of the error's class; empty if the call returns.
        method: The client's method.
        argument: The first argument of the call.
        settings: Arguments of the client.
        options: Arguments of the call.
        is_tls: Whether the service has a certificate that nobody trusts.
        failure: What the transport of the user's own HTTP client raises; None for our own client.
    """

    script: Script | None
    raises: str = ""
    method: str = "retrieve"
    argument: Any = "48213"
    settings: dict[str, Any] = field(factory=dict)
    options: dict[str, Any] = field(factory=dict)
    is_tls: bool = False
    failure: BaseException | None = None

    def play(self, kind: Any, **settings: Any) -> object:
        """Make the call with a client of this class."""
        context = tls(Certificate.VALID) if self.is_tls else None
        door = Door.OPEN if self.script else Door.SHUT
        if self.failure:
            settings["http"] = partial(HTTP_CLIENTS[kind], transport=_Failing(self.failure))
        with FaultServer(self.script or silent, tls=context, door=door) as server:
            usual: dict[str, Any] = {"api_key": KEY, "base_url": server.url, "clock": ManualClock()}
            reader = Reader(kind, **usual | self.settings | settings)
            return reader.call(self.method, self.argument, **self.options)


def _body(document: Any, *headers: str, status: int = 200) -> bytes:
    return response(json.dumps(document).encode(), *headers, status=status)


def _status(status: int, raises: str, method: str = "retrieve", detail: Any = _SAID) -> Scene:
    return Scene(answers(_body({"detail": detail}, "retry-after: 0", status=status)), raises, method)


def _broken(document: Any, method: str = "retrieve", raises: str = "ContractViolationError") -> Scene:
    return Scene(answers(_body(document)), raises, method)


def _sending(error: BaseException, raises: str = "") -> Scene:
    return Scene(None, raises or type(error).__name__, failure=error)


def _waiting(*responses: bytes, raises: str = "", **options: Any) -> Scene:
    return Scene(answers(_RUNNING, *responses), raises, "wait", options={"timeout": 30} | options)


def _refuse(progress: RunProgress) -> None:
    raise KeyError(progress.status)


_SETTLED = _body(builders.response(builders.result()))
_RUNNING = _body(builders.response(status="RUNNING"))
_DOWN = _body({"detail": _SAID}, status=500)
_QUEUED = {"simulation_run_id": "48213", "simulation_result_ids": ["1"], "agent_id": "7"}
_WITH_METADATA = QueueSimulationRunRequest("731", livekit_metadata={"token": SIGNED_URL})
_REJECTED = "RequestRejectedError"

SCENES = {
    "a run": Scene(answers(_SETTLED)),
    "a run after retries": Scene(answers(_DOWN, _DOWN, _SETTLED)),
    "a run whose request id is the key": Scene(
        answers(_body(builders.response(builders.result()), f"x-request-id: {KEY}"))
    ),
    "a run queued": Scene(answers(_body(_QUEUED)), method="queue", argument=_WITH_METADATA),
    "one result": Scene(
        answers(_body({"simulation_result": builders.result()})), method="retrieve_result", argument="1"
    ),
    "the runs of a simulation": Scene(answers(_body({"simulation_runs": []})), method="runs"),
    "a wait for a run": _waiting(_DOWN, _SETTLED),
    "401": _status(401, "AuthenticationError"),
    "404": _status(404, "RunNotFoundError"),
    "404 for a result": _status(404, "NotFoundError", "retrieve_result"),
    "422 in a message": _status(
        422, _REJECTED, detail=[{"loc": ["header", KEY], "msg": f"{SIGNED_URL} {KEY}", "type": KEY}]
    ),
    "422 without a message": _status(
        422, _REJECTED, detail=[{"input": {"X-API-Key": KEY, "url": SIGNED_URL}}]
    ),
    "422 with a text as its detail": _status(422, _REJECTED),
    "429": _status(429, "RateLimitError", detail=f"{SIGNED_URL} {KEY}"),
    "500 and every retry": _status(500, "ServerError"),
    "520": _status(520, "UnexpectedStatusError"),
    "302": Scene(answers(response(b"", "location: /x", status=302)), "UnexpectedStatusError"),
    "a queue that fails": _status(503, "ServerError", "queue"),
    "a queue whose answer is broken": _broken(
        {"simulation_run_id": [KEY], "simulation_result_ids": SIGNED_URL, "agent_id": {KEY: 1}}, "queue"
    ),
    "a violation": _broken(builders.response(created_at=KEY)),
    "a violation with a URL": _broken(builders.response(created_at=SHORT_SIGNED_URL)),
    "a time that Python can't represent": _broken(
        builders.response(created_at="0000-01-01T00:00:00Z"), raises="UnsupportedValueError"
    ),
    "a body that is not JSON": Scene(answers(response(KEY.encode())), "ContractViolationError"),
    "one result that is broken": _broken(
        {"simulation_result": builders.result(start_time=KEY, audio_url=7)}, "retrieve_result"
    ),
    "another object in place of the runs": _broken({KEY: SIGNED_URL}, "runs"),
    "runs that are broken": _broken({"simulation_runs": [{"id": SIGNED_URL, KEY: KEY}]}, "runs"),
    "a wait that times out": _waiting(raises="WaitTimeoutError"),
    "a wait through faults": _waiting(_DOWN, raises="WaitTimeoutError"),
    "an on_update that raises": _waiting(raises="KeyError", on_update=_refuse),
    "a body that is too large": Scene(
        answers(_SETTLED), "ResponseTooLargeError", settings={"max_body_bytes": 100}
    ),
    "nobody listening": Scene(None, "ConnectionFailedError"),
    "no answer": Scene(silent, "RequestTimeoutError", settings={"request_timeout": 0.05}),
    "no HTTP": Scene(ends_after(b"HTTP/1.1 key " + KEY.encode() + b"\r\n\r\n"), "ConnectionFailedError"),
    "an unknown authority": Scene(silent, "TLSError", is_tls=True),
    "half an answer": Scene(ends_after(_SETTLED[:-9]), "ConnectionFailedError"),
    "a key with a line break": Scene(None, "ConfigurationError", settings={"api_key": f"{KEY}\n"}),
    "a key in bytes": Scene(None, "ConfigurationError", settings={"api_key": KEY.encode()}),
    "an invalid base URL": Scene(None, "ConfigurationError", settings={"base_url": "ftp://x"}),
    "a negative timeout": Scene(None, "ConfigurationError", options={"timeout": -1}),
    "an invalid run id": Scene(None, "InvalidIdError", argument=".."),
    "a transport that fails": _sending(library.WriteError(f"not sent: {KEY}"), "ConnectionFailedError"),
    "Ctrl-C while sending": _sending(KeyboardInterrupt()),
    "cancellation while sending": _sending(asyncio.CancelledError()),
    "a transport with a bug": _sending(RuntimeError("x")),
}
"""Wherever a service can send text, it sends the key and a signed URL."""
