"""One interface for both clients."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Stub
from bluejay_results import AsyncBluejayClient, BluejayClient

from ..clock import START as START
from ..clock import ManualClock as ManualClock
from ..clock import stop_time as stop_time
from ..virtual import InProcess, stub_of_this_process
from ..virtual import Reader as Reader

MakeReader = Callable[..., Reader]
"""Takes client settings and returns a reader; the fixture determines the kind of client."""


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
