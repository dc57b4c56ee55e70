"""Calls in virtual time: a stub in this process, a clock that skips each sleep, and a trace of each call."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import cache, partial
from itertools import groupby
from typing import Any
from unittest.mock import patch

import httpx
from attrs import field, frozen
from bluejay_contract.operations import RESULTS
from bluejay_contract.stub import Answer, Stub
from bluejay_contract.stub.app import create_app
from bluejay_contract.stub.requests_and_answers import StubState
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    BluejayError,
    RunProgress,
)
from contract_kit.serve.loopback import Loopback

from .clock import ManualClock

HTTP_CLIENTS: dict[Any, Any] = {BluejayClient: httpx.Client, AsyncBluejayClient: httpx.AsyncClient}
"""For each of our clients, the class of HTTP client that can be passed in."""
BOTH: dict[str, Any] = {"sync": BluejayClient, "async": AsyncBluejayClient}
NOT_OURS = {"host", "connection", "content-length"}
"""The headers that the HTTP library adds."""
RAISES = b"x-raises"
"""The header of a response that isn't sent: the HTTP library raises the exception that it names."""
JITTER = 0.25
"""The random part of each pause of a traced call, in seconds."""


class InProcess(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Passes requests of httpx or httpx2 to a stub's application, which never suspends.

    Attributes:
        requests: The requests so far as text, with their headers and timeouts.
    """

    def __init__(self, stub: Stub) -> None:
        self._app = stub._app
        self.requests = list[str]()

    def handle_request(self, request: Any) -> Any:
        call = self.handle_async_request(request)
        try:
            call.send(None)
        except StopIteration as end:
            return end.value
        raise AssertionError("the stub suspended")

    async def handle_async_request(self, request: Any) -> Any:
        sent, library = list[dict[str, Any]](), sys.modules[type(request).__module__.partition(".")[0]]
        of_ours = {name: each for name, each in request.headers.items() if name not in NOT_OURS}
        timeout = request.extensions["timeout"]
        self.requests.append(f"{request.method} {request.url} {of_ours} {timeout} {request.content.decode()}")
        path, _, query = request.url.raw_path.partition(b"?")
        headers = [(name.lower(), each) for name, each in request.headers.raw]
        scope = {"type": "http", "method": request.method, "path": path.decode(), "raw_path": path}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": request.content}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self._app(scope | {"query_string": query, "headers": headers}, receive, send)
        body = b"".join(each.get("body", b"") for each in sent)
        for name, reason in sent[0]["headers"]:
            if name == RAISES:
                raise getattr(library, reason.decode())("no luck")
        stream = library.ByteStream(body)
        return library.Response(sent[0]["status"], headers=sent[0]["headers"], stream=stream)


class _Timed(StubState):
    """The state of a stub whose clock is a client's."""

    clock = ManualClock()
    now = property(lambda self: self.clock.utc_now())


class VirtualStub(Stub):
    """A stub without sockets; its clock is the client's."""

    def __init__(self) -> None:
        self._state = self._timed = _Timed("test-key")
        Loopback.__init__(self, create_app(self._state), name="stub")
        self._url = "http://stub"

    def restart(self, clock: ManualClock) -> None:
        """Forget everything, and follow this clock."""
        self._timed.clock = clock
        self.reset()


stub_of_this_process = cache(VirtualStub)


@frozen
class Call:
    """A call of a client's method, and the service's responses.

    Attributes:
        method: The method's name.
        argument: Its first argument.
        answers: The successive responses by what is requested: a run's id, the id, `@` and the offset of one
            page, `#` and a conversation's id, `runs`, or `queue`.
        options: The method's other arguments.
        settings: The client's settings.
        pages: Whether the service splits runs into pages.
    """

    method: str
    argument: Any = "48213"
    answers: Mapping[str, Sequence[Answer]] = field(factory=dict)
    options: Mapping[str, Any] = field(factory=dict)
    settings: Mapping[str, Any] = field(factory=dict)
    pages: bool = True

    def serve(self, stub: Stub) -> None:
        stub.pages = self.pages
        for name, answers in self.answers.items():
            run_id, _, offset = name.partition("@")
            if name.startswith("#"):
                stub.serve_result(name[1:], *answers)
            elif name == "queue":
                stub.serve_queue(*answers)
            elif name == "runs":
                stub.serve_runs(self.argument, *answers)
            else:
                stub.serve(run_id, *answers, offset=int(offset) if offset else None)


@frozen
class Played:
    """What a call did.

    Attributes:
        trace: The requests and pauses: `s` for the status, a page's offset, `#1` for a fetch by id,
            `+50` for a pause.
        ended: The result or the error; for `retrieve_many`, a dictionary.
        told: What the callbacks received.
        requests: The requests, with their headers and timeouts.
    """

    trace: str
    ended: Any
    told: tuple[str, ...]
    requests: tuple[str, ...]


class _Traced(ManualClock):
    """A clock that records the requests before each pause."""

    def __init__(self, stub: Stub) -> None:
        super().__init__()
        self._stub, self._seen = stub, 0
        self._steps = list[str]()

    def sleep(self, seconds: float) -> None:
        self._note_requests()
        self._steps.append(f"+{seconds:.6g}")
        super().sleep(seconds)

    @property
    def trace(self) -> str:
        """The steps so far; fetches by id that follow each other are sorted, because they run in parallel."""
        self._note_requests()
        groups = groupby(self._steps, lambda each: each.startswith("#"))
        return " ".join(each for is_fetch, group in groups for each in (sorted(group) if is_fetch else group))

    def _note_requests(self) -> None:
        requests = self._stub.requests
        for each in requests[self._seen :]:
            if each.operation == RESULTS:
                run = "" if each.resource_id == "48213" else f"{each.resource_id}:"
                self._steps.append(run + ("s" if each.query.get("limit") == "1" else each.query["offset"]))
            elif each.method == "POST":
                self._steps.append("queue")
            else:
                self._steps.append("runs" if "simulation-runs" in each.path else f"#{each.resource_id}")
        self._seen = len(requests)


class Reader:
    """Makes each call with a new client, blocking or asynchronous, and blocks until the call ends.

    `http` creates the HTTP client to pass in, which is closed after the call. With `transport`, an HTTP
    client with this transport is passed in.
    """

    def __init__(
        self, kind: Any, *, http: Callable[[], Any] | None = None, transport: Any = None, **settings: Any
    ) -> None:
        self._kind = kind
        self._http = partial(HTTP_CLIENTS[kind], transport=transport) if transport else http or nullcontext
        self._settings = {"api_key": "test-key", **settings}

    def __getattr__(self, method: str) -> Any:
        """Return a function that calls this method of the client."""
        return partial(self.call, method)

    def call(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Call a method and return its result; for `retrieve_many`, a dictionary of its results."""

        async def run() -> Any:
            async with self._http() as http, AsyncBluejayClient(http_client=http, **self._settings) as client:
                called = getattr(client, method)(*arguments, **options)
                return {key: each async for key, each in called} if is_many else await called

        is_many = method == "retrieve_many"
        if self._kind is AsyncBluejayClient:
            return asyncio.run(run())
        with self._http() as http, BluejayClient(http_client=http, **self._settings) as client:
            called = getattr(client, method)(*arguments, **options)
            return dict(called) if is_many else called


def play(kind: Any, call: Call, library: Any = httpx) -> Played:
    """Make a call in virtual time, with either client and with an HTTP client of httpx or httpx2."""
    stub, told = stub_of_this_process(), list[str]()
    clock, transport = _Traced(stub), InProcess(stub)
    stub.restart(clock)
    call.serve(stub)
    options = dict(call.options)
    if call.method in {"wait", "retrieve"}:
        options.setdefault("on_fault", lambda error: told.append(f"fault: {error}"))
    if call.method == "wait":
        options.setdefault("on_update", lambda each: told.append(f"update: {_progress(each)}"))
    settings = {"base_url": stub.url, "clock": clock, "organization_id": "org-7", **call.settings}
    http = partial(getattr(library, HTTP_CLIENTS[kind].__name__), transport=transport)
    with patch("bluejay_results.client.retries.random.uniform", lambda _, most: most * JITTER / 0.5):
        try:
            ended = Reader(kind, http=http, **settings).call(call.method, call.argument, **options)
        except BluejayError as error:
            ended = error
    return Played(clock.trace, ended, tuple(told), tuple(transport.requests))


def _progress(progress: RunProgress) -> str:
    read = "read" if progress.run else "not read"
    return f"{progress.status}, {progress.ended} of {progress.total}, {read}"
