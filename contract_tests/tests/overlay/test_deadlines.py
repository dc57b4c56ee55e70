"""Every operation of a socket gets what is left of a call's deadline, and no more."""

from __future__ import annotations

import ssl
from typing import Any
from unittest.mock import Mock, call

import httpcore
import httpx
import pytest
from bluejay_results._clock import Deadline
from bluejay_results._http.deadlines import apply_deadlines, within
from bluejay_results._http.patch_httpcore import pools

from .conftest import ManualClock

TLS = ssl.create_default_context()


@pytest.fixture
def network() -> Mock:
    """The network below a client, which is its own backend and its own stream."""
    network = Mock(["connect_tcp", "read", "write", "start_tls", "get_extra_info"])
    network.connect_tcp.return_value = network.start_tls.return_value = network
    return network


@pytest.fixture
def backend(network: Mock) -> httpcore.NetworkBackend:
    """The way to the network of a client that keeps to deadlines."""
    with httpx.Client() as client:
        (pool,) = pools(client)
        pool._network_backend = network
        apply_deadlines(client)
        capped: httpcore.NetworkBackend = pool._network_backend
    return capped


@pytest.mark.parametrize(("left", "timeout", "given"), [(3, 5, 3), (3, None, 3), (3, 2, 2), (9, 9.5, 9)])
def test_each_operation_of_a_socket_times_out_when_the_call_does(
    backend: httpcore.NetworkBackend,
    network: Mock,
    clock: ManualClock,
    left: float,
    timeout: Any,
    given: float,
) -> None:
    with within(Deadline(clock, left)):
        stream = backend.connect_tcp("host", 80, timeout, "local", [(1, 2, 3)])
        stream.write(b"sent", timeout)
        stream.read(7, timeout)
        stream.start_tls(TLS, "name", timeout).read(8, timeout)
    assert network.mock_calls == [
        call.connect_tcp("host", 80, given, "local", [(1, 2, 3)]),
        call.write(b"sent", given),
        call.read(7, given),
        call.start_tls(TLS, "name", given),
        call.read(8, given),
    ]


def test_without_a_deadline_everything_is_handed_through(
    backend: httpcore.NetworkBackend, network: Mock
) -> None:
    stream = backend.connect_tcp("host", 80, 5)
    assert stream.read(7, None) is network.read.return_value
    assert stream.get_extra_info("socket") is network.get_extra_info.return_value
    assert network.mock_calls[:2] == [call.connect_tcp("host", 80, 5), call.read(7, None)]


def test_after_the_deadline_no_operation_is_begun(
    backend: httpcore.NetworkBackend, network: Mock, clock: ManualClock
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
            stream.start_tls(TLS)
    assert len(network.mock_calls) == 1
