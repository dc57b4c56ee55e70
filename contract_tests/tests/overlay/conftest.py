"""Both clients behind one face, and a clock that the test drives."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import pytest
from bluejay_contract.stub import Stub
from bluejay_results import AsyncBluejayClient, BluejayClient, Clock, SimulationRun


class ManualClock(Clock):
    """A clock on which sleeping takes no time and is written down."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


class Reader(Protocol):
    """One of the two clients, every call blocking."""

    def retrieve(self, run_id: str, **options: Any) -> SimulationRun: ...
    def wait(self, run_id: str, **options: Any) -> SimulationRun: ...


class _SyncReader:
    def __init__(self, **settings: Any) -> None:
        self._settings = settings

    def retrieve(self, run_id: str, **options: Any) -> SimulationRun:
        with BluejayClient(**self._settings) as client:
            return client.retrieve(run_id, **options)

    def wait(self, run_id: str, **options: Any) -> SimulationRun:
        with BluejayClient(**self._settings) as client:
            return client.wait(run_id, **options)


class _AsyncReader:
    def __init__(self, **settings: Any) -> None:
        self._settings = settings

    def retrieve(self, run_id: str, **options: Any) -> SimulationRun:
        return self._call(lambda client: client.retrieve(run_id, **options))

    def wait(self, run_id: str, **options: Any) -> SimulationRun:
        return self._call(lambda client: client.wait(run_id, **options))

    def _call(self, method: Callable[[AsyncBluejayClient], Awaitable[SimulationRun]]) -> SimulationRun:
        async def call() -> SimulationRun:
            async with AsyncBluejayClient(**self._settings) as client:
                return await method(client)

        return asyncio.run(call())


@pytest.fixture
def clock() -> ManualClock:
    """A clock that only sleeping moves."""
    return ManualClock()


@pytest.fixture(params=[_SyncReader, _AsyncReader], ids=["sync", "async"])
def make_reader(
    request: pytest.FixtureRequest, bluejay_stub: Stub, clock: ManualClock
) -> Callable[..., Reader]:
    """Make a client of either kind; by default it asks the stub and goes by the manual clock."""

    def make(**settings: Any) -> Reader:
        defaults = {"api_key": "test-key", "base_url": bluejay_stub.url, "clock": clock}
        reader: Reader = request.param(**(defaults | settings))
        return reader

    return make


@pytest.fixture
def reader(make_reader: Callable[..., Reader]) -> Reader:
    """A client of either kind that asks the stub."""
    return make_reader()
