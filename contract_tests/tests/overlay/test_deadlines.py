"""The system clock and deadlines: every socket operation is limited to the remaining time of the call."""

import asyncio
import queue
import socket
import ssl
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock, call

import httpcore
import httpx
import pytest
from bluejay_results import Clock
from bluejay_results.client.http.deadlines import apply_deadlines, within
from bluejay_results.client.http.patch_httpcore import pools
from bluejay_results.clock import Deadline

from .conftest import ManualClock

TLS = ssl.create_default_context()


@pytest.fixture
def network() -> Mock:
    """A fake network: it is both the backend and the stream."""
    network = Mock(["connect_tcp", "read", "write", "start_tls", "get_extra_info"])
    network.connect_tcp.return_value = network.start_tls.return_value = network
    return network


@pytest.fixture
def backend(network: Mock) -> httpcore.NetworkBackend:
    """The fake network behind a client with deadlines."""
    with httpx.Client() as client:
        (pool,) = pools(client)
        pool._network_backend = network
        apply_deadlines(client)
        capped: httpcore.NetworkBackend = pool._network_backend
    return capped


@pytest.mark.parametrize(("left", "timeout", "given"), [(3, 5, 3), (3, None, 3), (3, 2, 2), (9, 9.5, 9)])
def test_each_socket_operation_is_limited_by_the_deadline_of_the_call(
    backend: httpcore.NetworkBackend,
    network: Mock,
    clock: ManualClock,
    left: float,
    timeout: Any,
    given: float,
) -> None:
    with within(Deadline(clock, left)):
        stream = backend.connect_tcp("127.0.0.1", 80, timeout, "local", [(1, 2, 3)])
        stream.write(b"sent", timeout)
        stream.read(7, timeout)
        stream.start_tls(TLS, "name", timeout).read(8, timeout)
    assert network.mock_calls == [
        call.connect_tcp("127.0.0.1", 80, given, "local", [(1, 2, 3)]),
        call.write(b"sent", given),
        call.read(7, given),
        call.start_tls(TLS, "name", given),
        call.read(8, given),
    ]


def test_without_a_deadline_timeouts_are_passed_on_unchanged(
    backend: httpcore.NetworkBackend, network: Mock
) -> None:
    stream = backend.connect_tcp("127.0.0.1", 80, 5)
    assert stream.read(7, None) is network.read.return_value
    assert stream.get_extra_info("socket") is network.get_extra_info.return_value
    assert network.mock_calls[:2] == [call.connect_tcp("127.0.0.1", 80, 5), call.read(7, None)]


def _with_addresses(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"10.0.0.{number}", 80)) for number in range(count)]
    monkeypatch.setattr(socket, "getaddrinfo", Mock(return_value=found))


def test_the_addresses_of_a_host_share_the_connect_timeout(
    backend: httpcore.NetworkBackend, network: Mock, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_host: str, _port: int, timeout: float) -> None:
        clock.sleep(timeout)
        raise httpcore.ConnectTimeout

    _with_addresses(monkeypatch, 6)
    network.connect_tcp.side_effect = silent
    with within(Deadline(clock, 60)), pytest.raises(httpcore.ConnectTimeout):
        backend.connect_tcp("a.example", 80, 30)
    assert network.mock_calls == [call.connect_tcp(f"10.0.0.{number}", 80, 5) for number in range(6)]


def test_the_addresses_of_a_host_are_tried_until_one_accepts(
    backend: httpcore.NetworkBackend, network: Mock, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_addresses(monkeypatch, 3)
    network.connect_tcp.side_effect = [httpcore.ConnectError("refused"), network, network]
    with within(Deadline(clock, 60)):
        backend.connect_tcp("a.example", 80, 30)
    assert [each.args[2] for each in network.connect_tcp.mock_calls] == [10, 15]


def test_a_host_without_an_address_raises_connect_error(
    backend: httpcore.NetworkBackend, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Mock(side_effect=socket.gaierror("unknown")))
    with within(Deadline(clock, 60)), pytest.raises(httpcore.ConnectError, match="unknown"):
        backend.connect_tcp("a.example", 80, 30)


def test_a_large_body_is_written_in_slices_until_the_deadline(
    backend: httpcore.NetworkBackend, network: Mock, clock: ManualClock
) -> None:
    """The server reads slowly: each slice takes a second."""
    network.write.side_effect = lambda _data, _timeout: clock.sleep(1)
    stream = backend.connect_tcp("127.0.0.1", 80)
    data = bytes(range(256)) * 600
    stream.write(data)
    assert b"".join(each.args[0] for each in network.write.mock_calls) == data
    network.reset_mock()
    with within(Deadline(clock, 2)), pytest.raises(httpcore.WriteTimeout):
        stream.write(data)
    assert [len(each.args[0]) for each in network.write.mock_calls] == [65_536] * 2


def test_after_the_deadline_no_socket_operation_starts(
    backend: httpcore.NetworkBackend, network: Mock, clock: ManualClock
) -> None:
    stream = backend.connect_tcp("127.0.0.1", 80)
    with within(Deadline(clock, 3)):
        clock.sleep(3)
        with pytest.raises(httpcore.ConnectTimeout):
            backend.connect_tcp("127.0.0.1", 80)
        with pytest.raises(httpcore.WriteTimeout):
            stream.write(b"sent")
        with pytest.raises(httpcore.ReadTimeout):
            stream.read(7)
        with pytest.raises(httpcore.ConnectTimeout):
            stream.start_tls(TLS)
    assert len(network.mock_calls) == 1


@pytest.mark.parametrize(
    "sleep",
    [Clock.sleep, lambda clock, seconds: asyncio.run(clock.sleep_async(seconds))],
    ids=["sync", "async"],
)
def test_the_clock_sleeps_at_least_as_long_as_requested(sleep: Callable[[Clock, float], None]) -> None:
    clock = Clock()
    start = clock.now()
    sleep(clock, 0.01)
    assert clock.now() - start >= 0.01


async def _get_async(clock: Clock, *items: str) -> str | None:
    events = asyncio.Queue[str]()
    for each in items:
        events.put_nowait(each)
    return await clock.get_async(events, 0.01)


def _get(clock: Clock, *items: str) -> str | None:
    events = queue.Queue[str]()
    for each in items:
        events.put(each)
    return clock.get(events, 0.01)


@pytest.mark.parametrize(
    "get", [_get, lambda *arguments: asyncio.run(_get_async(*arguments))], ids=["sync", "async"]
)
def test_the_clock_returns_the_next_item_of_a_queue_or_none_if_no_item_comes(
    get: Callable[..., str | None],
) -> None:
    assert [get(Clock(), "first", "second"), get(Clock())] == ["first", None]


def test_the_time_left_before_a_deadline_never_falls_below_0() -> None:
    clock = ManualClock()
    deadline, left = Deadline(clock, 2), []
    for _ in range(4):
        left.append(deadline.left())
        clock.sleep(0.75)
    assert left == [2, 1.25, 0.5, 0]


@pytest.mark.parametrize(("seconds", "room"), [(60, 59), (10, 9), (5, 4.5), (0.1, 0.09)])
def test_no_request_starts_in_the_last_second_or_tenth_of_a_call(seconds: float, room: float) -> None:
    assert Deadline(ManualClock(), seconds).room() == pytest.approx(room)
