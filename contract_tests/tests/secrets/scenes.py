"""Every way in which a call of a client can end, one scene each."""

import asyncio
import json
from typing import Any

from attrs import field, frozen
from bluejay_api.models import QueueSimulationRunRequest
from bluejay_contract.stub import SCENARIOS, Answer, run_list
from bluejay_results import (
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
    ContractViolationError,
    InvalidIdError,
    NotFoundError,
    RateLimitError,
    RequestRejectedError,
    RequestTimeoutError,
    ResponseTooLargeError,
    RunNotFoundError,
    RunProgress,
    ServerError,
    TLSError,
    UnexpectedStatusError,
    UnsupportedValueError,
    WaitTimeoutError,
)

from .. import builders
from ..passed_in import library
from .canary import KEY, SHORT_SIGNED_URL, SIGNED_URL

RUN_ID = "scene"
SETTLED = Answer(SCENARIOS["settled"].bodies[-1].replace(b'"id":"48213"', b'"id":"scene"'))
RUNNING = Answer(SCENARIOS["under_way"].bodies[-1].replace(b'"id":"48214"', b'"id":"scene"'))
DOWN = Answer(b"<html>", 502)
QUEUED = Answer.json({"simulation_run_id": "48213", "simulation_result_ids": ["1"], "agent_id": "7"})
ONE_RESULT = Answer.json({"simulation_result": builders.result()})
RUNS = Answer.json(run_list([builders.response()]))
_SAID = f"{'See ' * 70}{SIGNED_URL} for {KEY}"
"""The message of a careless server, long enough to be shortened in the middle of the key."""


class Transport(library.BaseTransport, library.AsyncBaseTransport):
    """A user's own transport that raises an error while a variable contains the headers."""

    failure: BaseException

    def handle_request(self, request: library.Request) -> library.Response:
        headers = request.headers.raw
        raise self.failure if headers else AssertionError

    async def handle_async_request(self, request: library.Request) -> library.Response:
        headers = request.headers.raw
        raise self.failure if headers else AssertionError


@frozen
class Scene:
    """A call and its environment.

    Attributes:
        answers: The stub's answers, one per request.
        raises: The error of the call; None if it returns a run.
        method: The client's method.
        run_id: The first argument of the call.
        settings: Arguments of the client.
        options: Arguments of the call.
        server: The misbehaving server to use instead of the stub.
        environment: The environment variables to set.
        transport: The transport of the user's own HTTP client; None for our own client.
    """

    answers: tuple[Answer, ...] = (SETTLED,)
    raises: type[BaseException] | None = None
    method: str = "retrieve"
    run_id: Any = RUN_ID
    settings: dict[str, Any] = field(factory=dict)
    options: dict[str, Any] = field(factory=dict)
    server: str | None = None
    environment: dict[str, str] = field(factory=dict)
    transport: Transport | None = None


def _sending(error: BaseException, raises: type[BaseException] | None = None) -> Scene:
    transport = Transport()
    transport.failure = error
    return Scene(raises=raises or type(error), transport=transport)


def _refuse(progress: RunProgress) -> None:
    raise KeyError(progress.status)


def _rejected(entry: Any) -> Scene:
    return Scene((Answer.json({"detail": [entry]}, 422),), RequestRejectedError)


def _status(status: int, kind: type[BaseException], detail: Any = "no") -> Scene:
    return Scene((Answer(json.dumps({"detail": detail}).encode(), status, {"retry-after": "0"}),), kind)


def _queueing(answer: Answer, *, raises: type[BaseException]) -> Scene:
    return Scene((answer,), raises, "queue")


_WITH_METADATA = QueueSimulationRunRequest("731", livekit_metadata={"token": SIGNED_URL})


PLAIN = {
    "a run": Scene(),
    "a run after retries": Scene((DOWN, DOWN, SETTLED)),
    "a run queued": Scene((QUEUED,), method="queue", run_id=_WITH_METADATA),
    "a queue that fails": _queueing(DOWN, raises=ServerError),
    "a queue that is refused": _queueing(Answer(b"", 401), raises=AuthenticationError),
    "a queue whose answer is broken": _queueing(Answer(b"{}"), raises=ContractViolationError),
    "one result": Scene((ONE_RESULT,), method="retrieve_result", run_id="1"),
    "one result that is not there": Scene((Answer(b"", 404),), NotFoundError, "retrieve_result", "1"),
    "one result that is broken": Scene((Answer(b"{}"),), ContractViolationError, "retrieve_result", "1"),
    "the runs of a simulation": Scene((RUNS,), method="runs", run_id="731"),
    "the runs of a simulation that is broken": Scene((Answer(b"[]"),), ContractViolationError, "runs", "731"),
    "a wait for a run": Scene((RUNNING, DOWN, SETTLED), method="wait"),
    "401": Scene((Answer(b"", 401, authenticated=False),), AuthenticationError),
    "403": _status(403, AuthenticationError),
    "404": Scene(raises=RunNotFoundError, run_id="unknown"),
    "422": _rejected({"loc": ["path", "id"], "msg": "no", "type": "x"}),
    "429": _status(429, RateLimitError),
    "500 and every retry": _status(500, ServerError),
    "520": _status(520, UnexpectedStatusError),
    "302": Scene((Answer(b"", 302, {"location": "/x"}),), UnexpectedStatusError),
    "a violation": Scene((Answer(b"{}"),), ContractViolationError),
    "a time that Python can't represent": Scene(
        (Answer(SETTLED.body.replace(b"2026-11-19T16:04:00Z", b"0000-01-01T00:00:00Z")),),
        UnsupportedValueError,
    ),
    "a body that is not JSON": Scene((Answer(b"<html>"),), ContractViolationError),
    "a wait that times out": Scene((RUNNING,), WaitTimeoutError, "wait", options={"timeout": 30}),
    "a wait through faults": Scene((RUNNING, DOWN), WaitTimeoutError, "wait", options={"timeout": 30}),
    "a wait that is refused": Scene((RUNNING, Answer(b"", 403)), AuthenticationError, "wait"),
    "an on_update that raises": Scene((RUNNING,), KeyError, "wait", options={"on_update": _refuse}),
    "a body that is too large": Scene(raises=ResponseTooLargeError, settings={"max_body_bytes": 1000}),
    "nobody listening": Scene(raises=ConnectionFailedError, server="closed"),
    "no answer": Scene(raises=RequestTimeoutError, server="silent", settings={"request_timeout": 0.05}),
    "no HTTP": Scene(raises=ConnectionFailedError, server="garbled"),
    "an unknown authority": Scene(raises=TLSError, server="untrusted"),
    "half an answer": Scene(raises=ConnectionFailedError, server="broken off"),
    "a key with a line break": Scene(raises=ConfigurationError, settings={"api_key": f"{KEY}\n"}),
    "a key with a line break in the environment": Scene(
        raises=ConfigurationError, settings={"api_key": None}, environment={"BLUEJAY_API_KEY": f"{KEY}\n"}
    ),
    "a key in bytes": Scene(raises=ConfigurationError, settings={"api_key": KEY.encode()}),
    "an invalid base URL": Scene(raises=ConfigurationError, settings={"base_url": "ftp://x"}),
    "a negative number of retries": Scene(raises=ConfigurationError, settings={"retries": -1}),
    "a negative timeout": Scene(raises=ConfigurationError, options={"timeout": -1}),
    "an invalid run id": Scene(raises=InvalidIdError, run_id=".."),
    "a transport that fails": _sending(library.WriteError("not sent"), ConnectionFailedError),
    "Ctrl-C while sending": _sending(KeyboardInterrupt()),
    "cancellation while sending": _sending(asyncio.CancelledError()),
    "a transport with a bug": _sending(RuntimeError("x")),
}
"""Scenes in which the service never sends the key back."""

ECHOED = {
    "403": _status(403, AuthenticationError, _SAID),
    "429": _status(429, RateLimitError, f"{SIGNED_URL} {KEY}"),
    "500 and every retry": _status(500, ServerError, _SAID),
    "422 in a message": _rejected({"loc": ["header", KEY], "msg": f"{SIGNED_URL} {KEY}", "type": KEY}),
    "422 without a message": _rejected({"input": {"X-API-Key": KEY, "url": SIGNED_URL}}),
    "422 with a text as its detail": Scene((Answer.json({"detail": _SAID}, 422),), RequestRejectedError),
    "a violation": Scene(
        (Answer(SETTLED.body.replace(b'"2026-11-19T16:04:00Z"', json.dumps(KEY).encode())),),
        ContractViolationError,
    ),
    "a violation with a URL": Scene(
        (Answer(SETTLED.body.replace(b'"2026-11-19T16:04:00Z"', json.dumps(SHORT_SIGNED_URL).encode())),),
        ContractViolationError,
    ),
    "a wait through faults": Scene(
        (RUNNING, Answer.json({"detail": _SAID}, 500)), WaitTimeoutError, "wait", options={"timeout": 30}
    ),
    "no HTTP": Scene(raises=ConnectionFailedError, server="echoing"),
    "a queue that fails": _queueing(Answer.json({"detail": _SAID}, 503), raises=ServerError),
    "a queue whose answer is broken": _queueing(
        Answer.json({"simulation_run_id": [KEY], "simulation_result_ids": SIGNED_URL, "agent_id": {KEY: 1}}),
        raises=ContractViolationError,
    ),
    "another object in place of the runs": Scene(
        (Answer.json({KEY: SIGNED_URL}),), ContractViolationError, "runs", "731"
    ),
    "runs that are broken": Scene(
        (Answer.json({"simulation_runs": [{"id": SIGNED_URL, KEY: KEY}]}),),
        ContractViolationError,
        "runs",
        "731",
    ),
    "one result that is broken": Scene(
        (Answer.json({"simulation_result": builders.result(start_time=KEY, audio_url=7)}),),
        ContractViolationError,
        "retrieve_result",
        "1",
    ),
}
"""Scenes in which the service sends the key and a signed URL in its texts."""
