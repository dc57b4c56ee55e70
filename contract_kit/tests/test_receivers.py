"""Webhook receivers: slow and broken connections, and signing. `matrices/` contains the deliveries."""

import socket
import struct
import time
import tracemalloc
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from contract_kit.errors import KitError
from contract_kit.judge.verdicts import Verdict
from contract_kit.serve.clients import Outcome
from contract_kit.serve.signing import scheme

from .receivers import answered, call, delivered, receiving, strict
from .tables import table

SLOW = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
HUGE = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000_000


def test_a_receiver_that_verifies_and_validates_has_no_must_faults() -> None:
    for name in ("standard-webhooks", "github"):
        results = delivered(partial(strict, name), name)
        assert (results.failures, results.controls) == ([], ())
        assert results.counts[Verdict.REFUSED] == 3


@table("beginning", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 100 Continue\r\nX: ", SLOW])
def test_a_receiver_that_sends_its_response_too_slowly_counts_as_hung(beginning: bytes) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(beginning)
        with suppress(OSError):
            while True:
                connection.sendall(b"x")
                time.sleep(0.01)

    assert answered(drip, timeout=0.2).outcome is Outcome.HUNG


def test_a_receiver_that_does_not_respond_in_time_counts_as_hung() -> None:
    is_over = Event()
    found = answered(lambda _: is_over.wait(0.5), timeout=0.1)
    assert (found.outcome, found.detail) == (Outcome.HUNG, "took more than 0.1 s")


def test_a_long_response_is_read_and_discarded() -> None:
    tracemalloc.start()
    assert answered(lambda connection: connection.sendall(HUGE)).outcome is Outcome.ACCEPTED
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_connection_reset_counts_as_a_crash() -> None:
    def reset(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert answered(reset).outcome is Outcome.CRASHED


def test_a_response_that_is_sent_before_the_body_is_read_is_accepted() -> None:
    refused = b"HTTP/1.1 413 Too long\r\nContent-Length: 0\r\n\r\n"
    found = answered(lambda connection: connection.sendall(refused), body=b"x" * 50_000_000)
    assert found.detail == "status 413"


def test_the_result_is_inconclusive_if_the_receiver_has_stopped() -> None:
    with receiving(lambda *_: 204) as url:
        pass
    assert call(url).outcome is Outcome.INCONCLUSIVE


def test_a_user_supplied_function_can_sign_deliveries(folder: Path) -> None:
    (folder / "signer.py").write_text("sign = lambda *given: {'X-Signed': '%s %d %s %s' % given}")
    sign, key = scheme("signer:sign", b"key")
    assert sign("id", 7, b"body", key) == {"x-signed": "id 7 b'body' b'key'"}


@pytest.mark.parametrize("body", ["int(secret)", "{}[secret]", "None", "{1: 'one'}"])
def test_a_signing_functions_error_message_contains_no_secret(folder: Path, body: str) -> None:
    name = f"signer_{body.encode().hex()}"
    (folder / f"{name}.py").write_text(f"def sign(id, time, body, secret): return {body}")
    sign, key = scheme(f"{name}:sign", b"s3cret!")
    with pytest.raises(KitError, match=name) as caught:
        sign("id", 7, b"body", key)
    assert "s3cret!" not in f"{caught.value}"
