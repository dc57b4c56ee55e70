"""Webhook receivers: what the kit delivers to them, and how it judges their responses."""

import socket
import struct
import time
import tracemalloc
from collections import Counter
from contextlib import suppress
from email.message import Message
from threading import Event

import pytest

from contract_kit.derive.model import Strictness
from contract_kit.judge.results import Result
from contract_kit.judge.verdicts import Verdict
from contract_kit.serve.clients import Outcome

from .receivers import DOCUMENT, PAID, Respond, answered, call, delivered, is_allowed, receiving


def found_by(respond: Respond) -> Result:
    """Return the result for a body whose id is a boolean."""
    [found] = [each for each in delivered(respond).all if each.mutant.id == BROKEN]
    return found


BROKEN = "paid:webhook:type=boolean:/id"


def test_accepting_a_broken_body_is_a_fault_only_at_strictness_should() -> None:
    must, should = (delivered(lambda *_: 204, strictness=each) for each in list(Strictness)[:2])
    assert must.failures == []
    assert "paid:webhook:type=boolean:/id" in {each.mutant.id for each in should.failures}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((each, Outcome.ACCEPTED) for each in (200, 202, 204, 299)),
        *((each, Outcome.REFUSED) for each in (300, 302, 307, 400, 401, 404, 410, 422, 499)),
        (429, Outcome.INCONCLUSIVE),
        *((each, Outcome.CRASHED) for each in (500, 503, 599, 0)),
    ],
)
def test_the_response_status_determines_the_outcome_of_a_delivery(status: int, outcome: Outcome) -> None:
    assert found_by(lambda _, body: 204 if is_allowed(body) else status).outcome is outcome


@pytest.mark.parametrize("status", [204, 409])
def test_a_repeated_delivery_may_be_accepted_or_refused(status: int) -> None:
    seen: set[str] = set()

    def once(headers: Message, _: bytes) -> int:
        is_new = headers["X-Delivery"] not in seen
        seen.add(headers["X-Delivery"])
        return 204 if is_new else status

    [found] = [each for each in delivered(once).all if each.mutant.name == "delivered-twice"]
    assert found.verdict is Verdict.TOLERATED
    assert found.outcome is (Outcome.ACCEPTED if status == 204 else Outcome.REFUSED)


def test_a_crash_on_a_repeated_delivery_is_a_fault() -> None:
    seen: set[str] = set()

    def once(headers: Message, _: bytes) -> int:
        is_new = headers["X-Delivery"] not in seen
        seen.add(headers["X-Delivery"])
        return 204 if is_new else 500

    assert [each.mutant.name for each in delivered(once).failures] == ["delivered-twice"]


SLOW = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
HUGE = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000_000


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 100 Continue\r\nX: ", SLOW])
def test_a_receiver_that_sends_its_response_too_slowly_counts_as_hung(beginning: bytes) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(beginning)
        with suppress(OSError):
            while True:
                connection.sendall(b"x")
                time.sleep(0.01)

    assert answered(drip, timeout=0.3).outcome is Outcome.HUNG


def test_a_long_response_is_read_and_discarded() -> None:
    tracemalloc.start()
    assert answered(lambda connection: connection.sendall(HUGE)).outcome is Outcome.ACCEPTED
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("sent", [b"", b"\x00", b"HTTP/1.1 2", b"x" * 99_999])
def test_a_truncated_or_non_http_response_counts_as_a_crash(sent: bytes) -> None:
    assert answered(lambda connection: connection.sendall(sent)).outcome is Outcome.CRASHED


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


def test_the_result_is_inconclusive_if_the_receiver_refuses_the_valid_delivery() -> None:
    results = delivered(lambda *_: 400)
    assert [each.mutant.id for each in results.inconclusive] == ["paid:control"]


def test_a_receiver_that_does_not_respond_in_time_counts_as_hung() -> None:
    is_over = Event()
    results = delivered(lambda *_: 204 * is_over.wait(60), timeout=0.1)
    is_over.set()
    assert "0.1" in results.inconclusive[0].detail


def test_only_a_repeated_delivery_reuses_an_earlier_id() -> None:
    found: Counter[str] = Counter()

    def note(headers: Message, _: bytes) -> int:
        found.update(headers.get_all("X-Delivery", []))
        return 204

    delivered(note)
    assert sorted(found.values())[-2:] == [1, 2]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_callbacks_are_delivered_and_named_after_their_operation(version: str) -> None:
    bodies: list[bytes] = []

    def note(_: Message, body: bytes) -> int:
        bodies.append(body)
        return 204

    done = {"{$request.body#/url}": {"post": {"requestBody": PAID["requestBody"]}}}
    order = {"post": {"operationId": "order", "callbacks": {"done": done}, "responses": {}}}
    document = {"openapi": version, "info": DOCUMENT["info"], "paths": {"/orders": order}}
    results = delivered(note, document=document)
    assert {each.mutant.operation.id for each in results.all} == {"POST order done"}
    assert is_allowed(bodies[0])
    assert not all(map(is_allowed, bodies))
