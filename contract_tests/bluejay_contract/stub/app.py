"""The HTTP service: its routes, its key check, and its record of every request."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import FastAPI, Header, HTTPException, Query, Response
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.requests import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bluejay_contract.operations import LARGEST, QUEUE, RESULT, RESULTS, RUNS, Page, operation_at

from .answer import Answer
from .requests_and_answers import StubState

_MOST_REPEATS = 100
"""The maximum `runs_per_digital_human`, which keeps requests from exhausting a stub's memory."""
_REMEMBERED_OF_A_BODY = 8_192
"""The maximum number of request body bytes that a stub keeps."""
_KEY_HEADER = "x-api-key"
_Key = Annotated[str, Header(alias="X-API-Key")]


class _QueueRequest(BaseModel):
    simulation_id: str
    agent_version_id: UUID | None = None
    prompt_id: UUID | None = None
    knowledge_base_id: UUID | None = None
    digital_human_ids: list[str] | None = None
    phone_number: str | None = None
    sip_uri: str | None = None
    livekit_agent_name: str | None = None
    livekit_metadata: dict[str, Any] | None = None
    pipecat_agent_name: str | None = None
    pipecat_agent_configuration: dict[str, Any] | None = None
    pipecat_room_properties: dict[str, Any] | None = None
    eleven_labs_agent_id: str | None = None
    retell_agent_id: str | None = None
    vapi_assistant_id: str | None = None
    runs_per_digital_human: Annotated[int, Field(ge=1, le=_MOST_REPEATS)] | None = None


def create_app(state: StubState) -> FastAPI:
    """Build the service. It responds with 422 to a missing key, like FastAPI, and with 401 to a wrong key."""
    app = FastAPI(title="Bluejay stub", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_Recorder, state=state)
    app.exception_handler(RequestValidationError)(_rejected)
    app.exception_handler(400)(_unreadable)

    def check_key(key: str) -> None:
        if key != state.api_key:
            raise HTTPException(401, "Invalid API key")

    # The recorder has already sent the known responses. Only requests that must be rejected arrive here.
    def refusing(detail: str) -> Callable[..., Awaitable[Response]]:
        async def refuse(
            x_api_key: _Key,
            _limit: Annotated[int, Query(alias="limit", ge=1, le=LARGEST)] = LARGEST,
            _offset: Annotated[int, Query(alias="offset", ge=0)] = 0,
        ) -> Response:
            check_key(x_api_key)
            raise HTTPException(404, f"{detail} not found")

        return refuse

    app.get(RESULTS.path)(refusing("Simulation run"))
    app.get(RESULT.path)(refusing("Simulation result"))
    app.get(RUNS.path)(refusing("Simulation"))

    @app.post(QUEUE.path)
    async def queue_simulation_run(body: _QueueRequest, x_api_key: _Key) -> Response:
        check_key(x_api_key)
        if body.prompt_id and body.agent_version_id not in (None, body.prompt_id):
            return JSONResponse({"detail": "prompt_id and agent_version_id differ"}, 400)
        callers = [_caller(each) for each in body.digital_human_ids or ()]
        # A JSON string can contain characters that UTF-8 can't encode.
        simulation_id = body.simulation_id.encode(errors="replace").decode()
        served = state.take(QUEUE, "", Page(), key_accepted=True)
        return _Delayed(served or state.queue(simulation_id, callers, body.runs_per_digital_human or 1))

    return app


def _caller(digital_human_id: str) -> int:
    # The id is a string in requests and a number in results. The service uses digits; other ids are hashed.
    is_number = digital_human_id.isascii() and digital_human_id.isdecimal() and len(digital_human_id) < 16
    return int(digital_human_id) if is_number else zlib.crc32(digital_human_id.encode(errors="replace"))


async def _rejected(request: Request, error: RequestValidationError) -> Response:
    """Respond like FastAPI, but leave out the invalid input if it can't be encoded as JSON."""
    try:
        return await request_validation_exception_handler(request, error)
    except ValueError:
        detail = [{key: each[key] for key in ("type", "loc", "msg")} for each in error.errors()]
        return JSONResponse({"detail": detail}, 422)


async def _unreadable(_request: Request, error: HTTPException) -> Response:
    """Respond to a body that isn't text with the documented status rather than FastAPI's 400."""
    return JSONResponse({"detail": [{"type": "json_invalid", "loc": ["body"], "msg": error.detail}]}, 422)


class _Recorder:
    """Records each request, routes it by its encoded path, and adds a date and a request id to the response.

    Starlette decodes a path before routing, so a run id with an encoded slash would become two segments.
    """

    def __init__(self, app: ASGIApp, state: StubState) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        body = b""
        if "content-length" in headers or "transfer-encoding" in headers:
            body, receive = await _read(receive)
        path, query = scope["raw_path"].decode("ascii"), scope["query_string"].decode("latin-1")
        operation, resource_id = operation_at(path)
        redacted = {_KEY_HEADER: "<redacted>"} if _KEY_HEADER in headers else {}
        request = self._state.record(
            method=scope["method"],
            path=path,
            query=dict(parse_qsl(query, keep_blank_values=True)),
            operation=operation,
            resource_id=resource_id,
            headers={name: ", ".join(headers.getlist(name)) for name in headers} | redacted,
            body=body[:_REMEMBERED_OF_A_BODY],
            key_accepted=headers.get(_KEY_HEADER) == self._state.api_key,
        )
        if operation is not RESULTS or not self._state.pages:
            query = ""
        answer, page = None, Page.asked(query)
        # FastAPI does the rest: it rejects requests without a response, and handles requests to queue a run.
        queues = operation is QUEUE and request.key_accepted
        if operation and page and request.method == operation.method and not queues:
            answer = self._state.take(operation, resource_id, page, key_accepted=request.key_accepted)
        respond = _Delayed(answer) if answer else self._app
        scope = {
            **scope,
            "path": path,
            "query_string": query.encode("latin-1"),
            "state": {"date": timedelta()},
        }
        await respond(scope, receive, self._stamped(send, scope, request.request_id))

    def _stamped(self, send: Send, scope: Scope, request_id: str) -> Send:
        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers, date = MutableHeaders(scope=message), scope["state"]["date"]
                headers.setdefault("x-request-id", request_id)
                if isinstance(date, timedelta):
                    date = format_datetime(self._state.now + date, usegmt=True)
                if date is not None:
                    headers.setdefault("date", date)
            await send(message)

        return stamped


async def _read(receive: Receive) -> tuple[bytes, Receive]:
    """Read as much of the body as arrives. Return the body, and a function that replays it to the app."""
    chunks, more = [], True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    body = b"".join(chunks)
    again: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return again.pop() if again else await receive()

    return body, replay


class _Delayed(Response):
    """A response after a delay. The delay ends early if the client disconnects or the stub stops."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body, answer.status, answer.headers)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["date"] = self._answer.date
        if self._answer.delay:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._answer.delay):
                    while (await receive())["type"] != "http.disconnect":
                        pass
        await super().__call__(scope, receive, send)
