"""The HTTP service: its one route, the check of the key, and the record of every request."""

import asyncio
import re
from contextlib import suppress
from typing import Annotated
from urllib.parse import unquote

from fastapi import FastAPI, Header, HTTPException, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ._answer import Answer
from ._state import RecordedRequest, StubState

_OPERATION = "/v1/retrieve-simulation-results/{simulation_run_id}"
_OPERATION_PATH = re.compile(r"/v1/retrieve-simulation-results/([^/]+)")
_KEY_HEADER = "x-api-key"


def create_app(state: StubState) -> FastAPI:
    """Build the service. It answers a missing key with 422, a wrong one with 401, as FastAPI does."""
    app = FastAPI(title="Bluejay stub", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_Recorder, state=state)

    @app.get(_OPERATION)
    async def retrieve_simulation_results(
        simulation_run_id: str, x_api_key: Annotated[str, Header(alias="X-API-Key")]
    ) -> Response:
        if not state.accepts(x_api_key):
            raise HTTPException(401, "Invalid API key")
        answer = state.take(unquote(simulation_run_id), key_accepted=True)
        if answer is None:
            raise HTTPException(404, "Simulation run not found")
        return _Delayed(answer)

    return app


class _Recorder:
    """Records each request, and routes it by its encoded path.

    Starlette decodes a path before it looks for the route: a run id with an encoded slash would become two
    segments.
    """

    def __init__(self, app: ASGIApp, state: StubState) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = self._recorded(scope)
        self._state.record(request)
        answer = self._open_answer(request)
        respond = self._app if answer is None else _Delayed(answer)
        await respond({**scope, "path": request.path}, receive, send)

    def _recorded(self, scope: Scope) -> RecordedRequest:
        path = scope["raw_path"].decode("ascii")
        match = _OPERATION_PATH.fullmatch(path)
        headers = Headers(scope=scope)
        return RecordedRequest(
            method=scope["method"],
            path=path,
            run_id=unquote(match[1]) if match else None,
            headers=_redacted(headers),
            key_accepted=self._state.accepts(headers.get(_KEY_HEADER)),
        )

    def _open_answer(self, request: RecordedRequest) -> Answer | None:
        # Sends the answers for another method or for every key; FastAPI answers or refuses the rest.
        if request.run_id is None or (request.method == "GET" and request.key_accepted):
            return None
        return self._state.take(request.run_id, key_accepted=request.key_accepted, method=request.method)


def _redacted(headers: Headers) -> dict[str, str]:
    names = headers.keys()
    return {name: "<redacted>" if name == _KEY_HEADER else ", ".join(headers.getlist(name)) for name in names}


class _Delayed(Response):
    """An answer after its delay. The delay ends early where the client hangs up, or the stub stops."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body, answer.status, answer.headers)
        self._delay = answer.delay

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._delay:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._delay):
                    while (await receive())["type"] != "http.disconnect":
                        pass
        await super().__call__(scope, receive, send)
