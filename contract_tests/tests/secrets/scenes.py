"""Every way in which a client call can end, with one scene each."""

import json
from typing import Any

import httpx
from attrs import field, frozen
from bluejay_api.models import QueueSimulationRunRequest
from bluejay_results import RunProgress

from .. import builders
from ..faults._certificates import Certificate, tls
from ..faults._connection import Script
from ..faults._http import response
from ..faults._scripts import answers, ends_after, silent
from ..faults._server import FaultServer
from ..overlay.conftest import ManualClock, Reader
from .canary import KEY, SHORT_SIGNED_URL, SIGNED_URL

_SAID = f"{'See ' * 70}{SIGNED_URL} for {KEY}"
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
        is_tls: Whether the service has a certificate that nobody trusts.
    """

    script: Script | None
    raises: str = ""
    method: str = "retrieve"
    argument: Any = "48213"
    settings: dict[str, Any] = field(factory=dict)
    options: dict[str, Any] = field(factory=dict)
    is_tls: bool = False

    def play(self, kind: Any) -> object:
        """Make the call with a client of this class."""
        context = tls(Certificate.VALID) if self.is_tls else None
        with FaultServer(self.script, tls=context) as server:
            usual: dict[str, Any] = {"api_key": KEY, "base_url": server.url, "clock": ManualClock()}
            return Reader(kind, **usual | self.settings).call(self.method, self.argument, **self.options)


def _body(document: Any, *headers: str, status: int = 200) -> bytes:
    return response(json.dumps(document).encode(), *headers, status=status)


def _status(status: int, raises: str, method: str = "retrieve", *, detail: Any = _SAID) -> Scene:
    return Scene(answers(_body({"detail": detail}, "retry-after: 0", status=status)), raises, method)


def _broken(document: Any, method: str = "retrieve", raises: str = "ContractViolationError") -> Scene:
    return Scene(answers(_body(document)), raises, method)


def _sending(error: BaseException, raises: str) -> Scene:
    """A transport that a user passes in raises an error, while a variable contains the request's headers."""

    def fail(request: httpx.Request) -> httpx.Response:
        headers = request.headers.raw
        raise error if headers else AssertionError

    return Scene(None, raises, settings={"transport": httpx.MockTransport(fail)})


def _waiting(raises: str, **options: Any) -> Scene:
    return Scene(answers(_RUNNING, _DOWN), raises, "wait", options={"timeout": 30} | options)


def _refuse(progress: RunProgress) -> None:
    raise KeyError(progress.status)


_SETTLED = _body(builders.response(builders.result()))
_RUNNING = _body(builders.response(status="RUNNING"))
_DOWN = _body({"detail": _SAID}, status=500)
_QUEUED = {"simulation_run_id": "48213", "simulation_result_ids": ["1"], "agent_id": "7"}
_WITH_METADATA = QueueSimulationRunRequest("731", livekit_metadata={"token": SIGNED_URL})
_REJECTED = "RequestRejectedError"

SCENES = {
    "a run after a failure": Scene(answers(_DOWN, _SETTLED)),
    "a run whose request id is the key": Scene(
        answers(_body(builders.response(builders.result()), f"x-request-id: {KEY}"))
    ),
    "a run queued": Scene(answers(_body(_QUEUED)), method="queue", argument=_WITH_METADATA),
    "401": _status(401, "AuthenticationError"),
    "404": _status(404, "RunNotFoundError"),
    "404 for a result": _status(404, "NotFoundError", "retrieve_result"),
    "422 in a message": _status(
        422, _REJECTED, detail=[{"loc": ["header", KEY], "msg": f"{SIGNED_URL} {KEY}", "type": KEY}]
    ),
    "422 without a message": _status(
        422, _REJECTED, detail=[{"input": {"X-API-Key": KEY, "url": SIGNED_URL}}]
    ),
    "422 in UTF-16": Scene(
        answers(response(json.dumps({"detail": KEY}).encode("utf-16"), status=422)), _REJECTED
    ),
    "422 in UTF-32": Scene(
        answers(response(json.dumps({"detail": KEY}).encode("utf-32-be"), status=422)), _REJECTED
    ),
    "the key as a reason": Scene(answers(_SETTLED.replace(b"Some reason", KEY.encode()))),
    "429": _status(429, "RateLimitError"),
    "520": _status(520, "UnexpectedStatusError"),
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
    "runs that are broken": _broken({"simulation_runs": [{"id": SIGNED_URL, KEY: KEY}]}, "runs"),
    "a wait through faults": _waiting("WaitTimeoutError"),
    "an on_update that raises": _waiting("KeyError", on_update=_refuse),
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
    "an invalid run id": Scene(None, "InvalidIdError", argument=".."),
    "a transport that fails": _sending(httpx.WriteError(f"not sent: {KEY}"), "ConnectionFailedError"),
    "Ctrl-C while sending": _sending(KeyboardInterrupt(), "KeyboardInterrupt"),
    "a transport with a bug": _sending(RuntimeError("x"), "RuntimeError"),
}
"""The scenes by name. The services put the key and a signed URL into every text that they can choose."""
