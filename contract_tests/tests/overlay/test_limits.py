"""Both clients limit a call's duration and the size of its responses, however slowly bytes arrive."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    AsyncBluejayClient,
    AuthenticationError,
    BluejayError,
    Clock,
    Outcome,
    RateLimitError,
    RequestTimeoutError,
    ResponseTooLargeError,
)
from bluejay_results._secrets import Secret
from bluejay_results.client.deadline import Deadline
from bluejay_results.client.http_clients import Allowance, Received
from contract_kit.tests.tables import table

from .. import builders
from .answers import CALLED, UNRECORDED, conversations, listed, single
from .conftest import MakeReader, ManualClock, Reader

BODY = builders.encoded(builders.response(builders.result()))


@table("seconds, to_send", [(60, 59), (10, 9), (5, 4.5), (0.1, 0.09)])
def test_no_request_starts_shortly_before_a_calls_deadline(
    clock: ManualClock, seconds: float, to_send: float
) -> None:
    deadline = Deadline(clock, seconds)
    assert (deadline.left(), deadline.seconds_to_send()) == pytest.approx((seconds, to_send))
    clock.sleep(seconds + 1)
    assert deadline.left() == 0


@pytest.mark.parametrize(("timeout", "silent"), [(60, 30), (5, 5)])
def test_a_request_can_wait_for_a_free_connection_until_its_deadline(
    make_reader: MakeReader, timeout: float, silent: float
) -> None:
    """`request_timeout` limits only the service's time; the wait for a free connection can be longer."""
    limits = list[Any]()

    def answer(request: httpx.Request) -> httpx.Response:
        limits.append(request.extensions["timeout"])
        return httpx.Response(200, content=BODY)

    make_reader(transport=httpx.MockTransport(answer)).retrieve("48213", timeout=timeout)
    assert limits == [{"connect": silent, "read": silent, "write": silent, "pool": timeout}]


def test_no_request_is_sent_after_a_calls_deadline(make_reader: MakeReader) -> None:
    sent = list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, content=BODY)

    reader = make_reader(transport=httpx.MockTransport(answer), clock=_TickingClock(), retries=0)
    with pytest.raises(RequestTimeoutError):
        reader.retrieve("48213", timeout=0.5)
    assert sent == []


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """An endless body, sent by a transport that a user passes in; each chunk takes a second."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self._clock.time += 1
            self.sent += 1
            yield b" " * 10

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


@pytest.mark.parametrize(
    ("timeout", "size", "error"),
    [(4, 1000, RequestTimeoutError), (60, 35, ResponseTooLargeError)],
    ids=["deadline", "size"],
)
def test_the_deadline_and_the_size_are_checked_while_a_body_arrives(
    make_either: MakeReader, timeout: float, size: int, error: type[BluejayError], clock: ManualClock
) -> None:
    body = _Body(clock)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=body))
    reader = make_either(transport=transport, max_body_bytes=size, retries=0)
    with pytest.raises(error):
        reader.retrieve("48213", timeout=timeout)
    assert body.sent == 4


def _received(*chunks: bytes, encoding: str = "gzip", clock: Clock | None = None) -> Received:
    received = Received(Secret("a key"), Deadline(clock or Clock(), 30), Allowance(1 << 30))
    stream = _Body(ManualClock())
    received.begin(httpx.Response(200, headers={"content-encoding": encoding}, stream=stream))
    for chunk in chunks:
        received.add(chunk)
    received.end()
    return received


class _TickingClock(ManualClock):
    """A clock that advances by a second each time it is read."""

    def now(self) -> float:
        self.time += 1
        return self.time


def test_the_deadline_is_checked_while_a_gzip_bomb_is_decompressed() -> None:
    """The body is one chunk of 40 MiB. Each decompressed MiB takes a second, and the limit is 30 s."""
    packed = gzip.compress(bytes(40 << 20))
    with pytest.raises(httpx.ReadTimeout):
        _received(packed, clock=_TickingClock())


@pytest.mark.parametrize("packed", [lambda body: body, gzip.compress], ids=["identity", "gzip"])
def test_a_decompressed_body_over_the_size_limit_is_refused_and_not_requested_again(
    make_either: MakeReader, stub: Stub, packed: Callable[[bytes], bytes]
) -> None:
    """A body exactly at the size limit is read, and its many pieces are joined."""
    body = builders.encoded(builders.response(summary="x" * 1_000_000))
    headers = {} if packed(body) == body else {"content-encoding": "gzip"}
    stub.serve("48213", Answer(packed(body), headers=headers))
    assert make_either(max_body_bytes=len(body)).retrieve("48213").responses[0].body == body
    with pytest.raises(ResponseTooLargeError, match=f"{len(body) - 1} bytes") as caught:
        make_either(max_body_bytes=len(body) - 1).retrieve("48213")
    assert (caught.value.status_code, caught.value.run_id) == (200, "48213")
    assert [each.headers["accept-encoding"] for each in stub.requests] == ["gzip", "gzip"]


@table(
    "encoding, body",
    [
        ("deflate", zlib.compress(BODY)),
        ("gzip, gzip", gzip.compress(gzip.compress(BODY))),
        ("gzip, identity", gzip.compress(BODY)),
        ("utf-8", BODY),
        ("gzip", gzip.compress(BODY)[:-1]),
        ("gzip", gzip.compress(BODY[:100]) + gzip.compress(BODY[100:])),
        ("gzip", gzip.compress(BODY) + b"more"),
        ("gzip", BODY),
    ],
)
def test_a_body_that_is_not_exactly_one_complete_gzip_member_is_refused(encoding: str, body: bytes) -> None:
    with pytest.raises(httpx.DecodingError):
        _received(body, encoding=encoding)


@pytest.mark.parametrize("encoding", ["gzip", "br"])
@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationError), (429, RateLimitError)])
def test_an_empty_body_needs_no_decoding(
    make_either: MakeReader, stub: Stub, status: int, error: type[BluejayError], encoding: str
) -> None:
    stub.serve_queue(Answer(b"", status, {"content-encoding": encoding}))
    with pytest.raises(error) as caught:
        make_either(retries=0).queue("731")
    assert not caught.value.run_may_exist


async def _pass_the_deadline(patch: pytest.MonkeyPatch) -> None:
    """Set the event loop's clock forward by an hour, so that the call's deadline has passed."""
    loop = asyncio.get_running_loop()
    now, passed = loop.time, asyncio.Event()
    loop.call_later(3600, passed.set)
    patch.setattr(loop, "time", lambda: now() + 3601)
    await passed.wait()


@pytest.mark.parametrize(
    ("events", "may_exist"),
    [
        ([], True),
        (["connection.connect_tcp.started"], False),
        (["connection.connect_tcp.complete", "http11.send_request_headers.started"], True),
    ],
)
def test_a_run_might_exist_after_a_timeout_if_the_queue_request_was_sent(
    events: list[str], may_exist: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        for each in events:
            await request.extensions["trace"](each, {})
        await _pass_the_deadline(monkeypatch)
        raise AssertionError(request)  # not reached: the call is cancelled

    with pytest.raises(RequestTimeoutError) as caught:
        Reader(AsyncBluejayClient, transport=httpx.MockTransport(answer)).queue("731")
    assert caught.value.run_may_exist is may_exist


class _SlowToClose(httpx.AsyncByteStream):
    """A response body. While the client closes the response, the call's deadline passes."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.is_closed = False
        self._patch = patch

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"[]"

    async def aclose(self) -> None:
        await _pass_the_deadline(self._patch)
        self.is_closed = True


def test_the_deadline_does_not_interrupt_closing_a_response(monkeypatch: pytest.MonkeyPatch) -> None:
    """If closing were interrupted, the response would occupy a pooled connection forever."""
    body = _SlowToClose(monkeypatch)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=body))
    with pytest.raises((ResponseTooLargeError, RequestTimeoutError)):
        Reader(AsyncBluejayClient, transport=transport, max_body_bytes=1, retries=0).retrieve("48213")
    assert body.is_closed


def test_the_size_limit_applies_to_all_pages_of_one_read(make_reader: MakeReader, stub: Stub) -> None:
    stub.serve("48213", listed(*conversations(199)))
    first, second = (len(each.body) for each in make_reader().retrieve("48213").responses)
    assert make_reader(max_body_bytes=first + second).retrieve("48213").is_settled
    with pytest.raises(ResponseTooLargeError):
        make_reader(max_body_bytes=first + second - 1).retrieve("48213")


def test_the_size_limit_applies_to_the_pages_and_the_fetches_by_id_together(
    make_reader: MakeReader, stub: Stub
) -> None:
    """The fetches run in parallel, so either one can be the one that is refused."""
    stub.serve("48213", listed(*(builders.result(each, **UNRECORDED) for each in (1, 2))))
    for each in (1, 2):
        stub.serve_result(str(each), single(each, **CALLED))
    run = make_reader().retrieve("48213", complete=True)
    size = sum(len(each.body) for each in run.responses)
    for limit, outcomes in ((size, {Outcome.PASSED}), (size - 1, {Outcome.PASSED, Outcome.UNKNOWN})):
        run = make_reader(max_body_bytes=limit).retrieve("48213", complete=True)
        assert {each.outcome for each in run.results} == outcomes
