"""Every operation of a socket gets what is left of a call's deadline, and no more."""

from __future__ import annotations

from typing import Any

import httpcore
import httpx
import pytest
from bluejay_results._clock import Deadline
from bluejay_results._http.deadlines import apply_deadlines, within
from bluejay_results._http.patch_httpcore import pools

from .conftest import ManualClock

TLS = object()


class Recorder(httpcore.NetworkBackend, httpcore.NetworkStream):
    """A network that writes down what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def connect_tcp(self, *arguments: Any) -> Recorder:
        self.asked.append(arguments)
        return self

    def read(self, *arguments: Any) -> bytes:
        self.asked.append(arguments)
        return b"read"

    def write(self, *arguments: Any) -> None:
        self.asked.append(arguments)

    def start_tls(self, *arguments: Any) -> Recorder:
        self.asked.append(arguments)
        return self

    def get_extra_info(self, info: str) -> str:
        return f"{info} of the network"


@pytest.fixture
def network() -> Recorder:
    """The network below a client."""
    return Recorder()


@pytest.fixture
def backend(network: Recorder) -> httpcore.NetworkBackend:
    """The way to it of a client that keeps to deadlines."""
    with httpx.Client() as client:
        (pool,) = pools(client)
        pool._network_backend = network
        apply_deadlines(client)
        capped: httpcore.NetworkBackend = pool._network_backend
    return capped


@pytest.mark.parametrize(("left", "timeout", "given"), [(3, 5, 3), (3, None, 3), (3, 2, 2), (9, 9.5, 9)])
def test_a_time_out_is_at_most_what_is_left(
    backend: httpcore.NetworkBackend,
    network: Recorder,
    clock: ManualClock,
    left: float,
    timeout: Any,
    given: float,
) -> None:
    with within(Deadline(clock, left)):
        stream = backend.connect_tcp("host", 80, timeout, "local", [(1, 2, 3)])
        stream.write(b"sent", timeout)
        stream.read(7, timeout)
        stream.start_tls(TLS, "name", timeout)  # type: ignore[arg-type]  # handed through
    assert network.asked == [
        ("host", 80, given, "local", [(1, 2, 3)]),
        (b"sent", given),
        (7, given),
        (TLS, "name", given),
    ]


def test_what_comes_after_tls_keeps_to_it_as_well(
    backend: httpcore.NetworkBackend, network: Recorder, clock: ManualClock
) -> None:
    with within(Deadline(clock, 3)):
        backend.connect_tcp("host", 80).start_tls(TLS).read(7)  # type: ignore[arg-type]  # handed through
    assert network.asked[-1] == (7, 3)


def test_without_a_deadline_a_time_out_stays_as_it_is(
    backend: httpcore.NetworkBackend, network: Recorder
) -> None:
    assert backend.connect_tcp("host", 80, 5).read(7, None) == b"read"
    assert network.asked == [("host", 80, 5, None, None), (7, None)]


def test_once_it_is_over_nothing_is_begun(
    backend: httpcore.NetworkBackend, network: Recorder, clock: ManualClock
) -> None:
    stream = backend.connect_tcp("host", 80)
    with within(Deadline(clock, 3)):
        clock.sleep(3)
        with pytest.raises(httpcore.ConnectTimeout):
            backend.connect_tcp("host", 80)
        with pytest.raises(httpcore.WriteTimeout):
            stream.write(b"sent")
        with pytest.raises(httpcore.ReadTimeout):
            stream.read(7)
        with pytest.raises(httpcore.ConnectTimeout):
            stream.start_tls(TLS)  # type: ignore[arg-type]  # handed through
    assert len(network.asked) == 1


def test_what_a_stream_knows_of_itself_is_handed_through(backend: httpcore.NetworkBackend) -> None:
    assert backend.connect_tcp("host", 80).get_extra_info("socket") == "socket of the network"
