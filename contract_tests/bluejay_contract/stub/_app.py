import re
from typing import Annotated
from urllib.parse import unquote

from fastapi import FastAPI, Header, HTTPException, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ._answer import Answer
from ._exchange import Exchange, RecordedRequest

_OPERATION = "/v1/retrieve-simulation-results/{simulation_run_id}"
_OPERATION_PATH = re.compile(r"/v1/retrieve-simulation-results/([^/]+)")
_KEY_HEADER = "x-api-key"


def create_app(exchange: Exchange) -> FastAPI:
    """Build the service; without a key or with a wrong one it answers as FastAPI does."""
    app = FastAPI(title="Bluejay stub", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_Recorder, exchange=exchange)

    @app.get(_OPERATION)
    async def retrieve_simulation_results(
        simulation_run_id: str, x_api_key: Annotated[str, Header(alias="X-API-Key")]
    ) -> Response:
        if not exchange.accepts(x_api_key):
            raise HTTPException(401, "Invalid API key")
        answer = exchange.take(unquote(simulation_run_id), key_accepted=True)
        if answer is None:
            raise HTTPException(404, "Simulation run not found")
        return _response(answer)

    return app


class _Recorder:
    """Records each request, and routes it by its path as it was sent.

    Starlette decodes a path before it looks for the route, which makes two segments of one run id with
    an encoded slash. Here the path reaches the router encoded, so a segment stays a segment.
    """

    def __init__(self, app: ASGIApp, exchange: Exchange) -> None:
        self._app = app
        self._exchange = exchange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = self._recorded(scope)
        self._exchange.record(request)
        answer = self._open_answer(request)
        respond = self._app if answer is None else _response(answer)
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
            key_accepted=self._exchange.accepts(headers.get(_KEY_HEADER)),
        )

    def _open_answer(self, request: RecordedRequest) -> Answer | None:
        # What a test serves for another method or for every key goes out from here; all else is for
        # FastAPI to answer, or to refuse in its own way.
        if request.run_id is None or (request.method == "GET" and request.key_accepted):
            return None
        return self._exchange.take(request.run_id, key_accepted=request.key_accepted, method=request.method)


def _redacted(headers: Headers) -> dict[str, str]:
    names = headers.keys()
    return {name: "<redacted>" if name == _KEY_HEADER else ", ".join(headers.getlist(name)) for name in names}


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, answer.headers)
