"""Both clients behind one face, and a clock that the test drives."""

import asyncio
from collections.abc import Callable
from typing import Any

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


class Reader:
    """A client of either kind, new for each call; every call blocks."""

    def __init__(self, kind: type[BluejayClient] | type[AsyncBluejayClient], **settings: Any) -> None:
        self._kind = kind
        self._settings = {"api_key": "test-key", **settings}

    def retrieve(self, run_id: str, **options: Any) -> SimulationRun:
        return self._call("retrieve", run_id, options)

    def wait(self, run_id: str, **options: Any) -> SimulationRun:
        return self._call("wait", run_id, options)

    def _call(self, method: str, run_id: str, options: dict[str, Any]) -> SimulationRun:
        if self._kind is AsyncBluejayClient:
            return asyncio.run(self._call_async(method, run_id, options))
        with BluejayClient(**self._settings) as client:
            run: SimulationRun = getattr(client, method)(run_id, **options)
            return run

    async def _call_async(self, method: str, run_id: str, options: dict[str, Any]) -> SimulationRun:
        async with AsyncBluejayClient(**self._settings) as client:
            run: SimulationRun = await getattr(client, method)(run_id, **options)
            return run


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(params=[BluejayClient, AsyncBluejayClient], ids=["sync", "async"])
def make_reader(
    request: pytest.FixtureRequest, bluejay_stub: Stub, clock: ManualClock
) -> Callable[..., Reader]:
    """Make a client of either kind; by default it asks the stub and goes by the manual clock."""

    def make(**settings: Any) -> Reader:
        return Reader(request.param, **({"base_url": bluejay_stub.url, "clock": clock} | settings))

    return make


@pytest.fixture
def reader(make_reader: Callable[..., Reader]) -> Reader:
    return make_reader()
