"""One interface for both clients."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Stub
from bluejay_results import AsyncBluejayClient, BluejayClient

from ..clock import START as START
from ..clock import ManualClock as ManualClock
from ..clock import stop_time as stop_time
from ..passed_in import HTTP_CLIENTS, PASSED_IN
from ..virtual import InProcess, stub_of_this_process

MakeReader = Callable[..., "Reader"]
"""Takes client settings and returns a reader; the fixture determines the kind of client."""


class Reader:
    """Makes each call with a new client, blocking or asynchronous, and blocks until the call ends.

    `http` creates the HTTP client to pass in, which is closed after the call. With `transport`, an HTTP
    client with this transport is passed in.
    """

    def __init__(
        self,
        kind: type[BluejayClient] | type[AsyncBluejayClient],
        *,
        http: Callable[[], Any] | None = None,
        transport: Any = None,
        **settings: Any,
    ) -> None:
        self._kind = kind
        if transport:
            http = partial(HTTP_CLIENTS[kind], transport=transport)
        self._settings = {"api_key": "test-key", **settings}
        self._http: Callable[[], Any] = http or (
            nullcontext if "http_client" in settings else PASSED_IN.get(kind, nullcontext)
        )

    def __getattr__(self, method: str) -> Any:
        """Return a function that calls this method of the client."""
        return partial(self.call, method)

    def call(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Call a method and return its result; for `retrieve_many`, a dictionary of its results."""

        async def run() -> Any:
            async with (
                self._http() as http,
                AsyncBluejayClient(**{"http_client": http} | self._settings) as client,
            ):
                called = getattr(client, method)(*arguments, **options)
                return {key: each async for key, each in called} if is_many else await called

        is_many = method == "retrieve_many"
        if self._kind is AsyncBluejayClient:
            return asyncio.run(run())
        with self._http() as http, BluejayClient(**{"http_client": http} | self._settings) as client:
            called = getattr(client, method)(*arguments, **options)
            return dict(called) if is_many else called


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def stub(clock: ManualClock) -> Stub:
    """A stub without sockets, whose time passes only while a client sleeps."""
    stub = stub_of_this_process()
    stub.restart(clock)
    return stub


def _made_by(kind: Any, stub: Stub, clock: ManualClock) -> MakeReader:
    def make(**settings: Any) -> Reader:
        if not settings.keys() & {"base_url", "transport"}:
            settings |= {"base_url": stub.url, "transport": InProcess(stub)}
        return Reader(kind, **{"clock": clock, "base_url": stub.url, **settings})

    return make


@pytest.fixture
def make_reader(stub: Stub, clock: ManualClock) -> MakeReader:
    """Return a function that makes a reader, by default with the stub and the manual clock.

    The reader uses the blocking client. The two clients differ only in I/O, so most tests need only one.
    """
    return _made_by(BluejayClient, stub, clock)


@pytest.fixture(params=[BluejayClient, AsyncBluejayClient], ids=["sync", "async"])
def make_either(request: pytest.FixtureRequest, stub: Stub, clock: ManualClock) -> MakeReader:
    """Return a function that makes a reader. A test with this fixture runs once for each client."""
    return _made_by(request.param, stub, clock)


@pytest.fixture
def reader(make_reader: MakeReader) -> Reader:
    return make_reader()


@pytest.fixture
def either(make_either: MakeReader) -> Reader:
    return make_either()


@pytest.fixture
def har(tmp_path: Path) -> Path:
    return tmp_path / "run.har"
