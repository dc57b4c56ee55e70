"""Both clients limit the time and the size of a call, however slowly the bytes arrive."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    BluejayClient,
    BluejayError,
    Clock,
    ConnectionFailedError,
    RequestTimeoutError,
    ResponseTooLargeError,
)
from bluejay_results.client.config import Config
from bluejay_results.client.http_clients import _PIECE, Received
from bluejay_results.client.operations import retrieve_page
from bluejay_results.client.sending import RateLimit, Request, Sending
from bluejay_results.clock import Deadline

from .. import builders
from ..passed_in import HTTP_CLIENTS, library
from .conftest import MakeReader, ManualClock, Reader

BODY = builders.encoded(builders.response(builders.result()))
PAGE = retrieve_page("48213", 0, 100, "raise")


class _Nothing:
    """I/O that stores the last request and receives an empty response."""

    request: dict[str, Any] | None = None

    async def receive(self, request: dict[str, Any], _: Received, *, is_repeatable: bool) -> None:
        self.request = request if is_repeatable else None


def _request(io: _Nothing, deadline: Deadline) -> None:
    config = Config.resolve("test-key", None, request_timeout=30, retries=0, max_body_bytes=1)
    sending = Sending(io, config, deadline, RateLimit(Clock(), 60))  # type: ignore[arg-type]  # a part of the I/O
    asyncio.run(Request(sending, PAGE, 1).request("GET", "http://a", headers={}))


@pytest.mark.parametrize(("left", "silent"), [(60, 30), (5, 5)])
def test_a_request_may_wait_for_a_connection_until_the_deadline(
    clock: ManualClock, left: float, silent: float
) -> None:
    """`request_timeout` limits the service's time, not the wait for a free connection."""
    io = _Nothing()
    _request(io, Deadline(clock, left))
    assert io.request
    assert io.request["timeout"] == (silent, silent, silent, left)


def test_after_the_deadline_of_a_call_nothing_is_sent(clock: ManualClock) -> None:
    io = _Nothing()
    with pytest.raises(httpx.ConnectTimeout, match="the call's deadline is over"):
        _request(io, Deadline(clock, 0))
    assert io.request is None


class _Chunks(library.SyncByteStream, library.AsyncByteStream):
    """A valid body of a user's own transport: nine chunks of ten spaces and a run, each taking a second."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in (*[b" " * 10] * 9, BODY):
            self._clock.time += 1
            self.sent += 1
            yield chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


class _OneChunk(library.SyncByteStream, library.AsyncByteStream):
    """A body of a user's own transport that arrives at once."""

    def __init__(self, chunk: bytes) -> None:
        self._chunk = chunk

    def __iter__(self) -> Iterator[bytes]:
        yield self._chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._chunk


@pytest.mark.parametrize("kind", HTTP_CLIENTS.items())
@pytest.mark.parametrize(
    ("timeout", "size", "error", "sent"),
    [(4, 1000, RequestTimeoutError, 4), (60, 35, ResponseTooLargeError, 4)],
    ids=["deadline", "size"],
)
def test_the_deadline_and_the_size_are_checked_while_a_body_arrives(
    kind: Any, timeout: float, size: int, error: type[BluejayError], sent: int, clock: ManualClock
) -> None:
    chunks = _Chunks(clock)
    http = kind[1](transport=library.MockTransport(lambda _: library.Response(200, stream=chunks)))
    reader = Reader(kind[0], http_client=http, clock=clock, max_body_bytes=size, retries=0)
    with pytest.raises(error):
        reader.retrieve("48213", timeout=timeout)
    assert chunks.sent == sent


class _TickingClock(ManualClock):
    """A clock that advances by a second each time it is read."""

    def now(self) -> float:
        self.time += 1
        return self.time


@pytest.mark.parametrize("kind", HTTP_CLIENTS.items())
def test_the_deadline_is_checked_while_a_gzip_bomb_is_decompressed(kind: Any) -> None:
    """One chunk has 40 MiB of spaces and a run. Each piece of 1 MiB takes a second; the limit is 30 s."""
    packed = gzip.compress(b" " * (40 << 20) + BODY)

    def answer(_: library.Request) -> library.Response:
        return library.Response(200, headers={"content-encoding": "gzip"}, stream=_OneChunk(packed))

    http = kind[1](transport=library.MockTransport(answer))
    reader = Reader(kind[0], http_client=http, clock=_TickingClock(), max_body_bytes=1 << 30, retries=0)
    with pytest.raises(RequestTimeoutError):
        reader.retrieve("48213", timeout=30)


def _received(*chunks: bytes) -> Received:
    """A response with a gzip body that arrives in these chunks."""
    received = Received(Deadline(Clock(), 60), 10 * _PIECE, 10 * _PIECE)
    headers = {"content-encoding": "gzip"}
    received.begin(library.Response(200, headers=headers, stream=_OneChunk(b"")))
    for chunk in chunks:
        received.add(chunk)
    received.end()
    return received


def test_a_body_is_decompressed_in_pieces_of_at_most_1_mib() -> None:
    received = _received(gzip.compress(bytes(5_000_001)))
    assert max(map(len, received._pieces)) == _PIECE
    assert len(received.content) == 5_000_001


def test_the_size_limit_applies_to_the_decompressed_body(make_reader: MakeReader, stub: Stub) -> None:
    body = b" " * 1000 + BODY
    packed = Answer(gzip.compress(body), headers={"content-encoding": "gzip"})
    assert len(packed.body) < 1000
    stub.serve("48213", packed)
    assert make_reader(max_body_bytes=len(body)).retrieve("48213").responses[0].body == body
    with pytest.raises(ResponseTooLargeError):
        make_reader(max_body_bytes=len(body) - 1).retrieve("48213")


def test_a_transport_may_return_responses_that_are_already_decompressed() -> None:
    headers = {"content-encoding": "gzip"}
    answer = library.Response(200, headers=headers, content=gzip.compress(BODY))
    http = library.Client(transport=library.MockTransport(lambda _: answer))
    assert BluejayClient("key", http_client=http).retrieve("48213").responses[0].body == BODY


def test_a_body_over_the_size_limit_is_refused_and_not_requested_again(
    make_reader: MakeReader, stub: Stub
) -> None:
    """A body of exactly the limit is read, and a body in many pieces is joined."""
    body = builders.encoded(builders.response(summary="x" * 1_000_000))
    stub.serve("48213", Answer(body))
    assert make_reader(max_body_bytes=len(body)).retrieve("48213").responses[0].body == body
    with pytest.raises(ResponseTooLargeError, match=f"larger than {len(body) - 1} bytes") as caught:
        make_reader(max_body_bytes=len(body) - 1).retrieve("48213")
    assert caught.value.status_code == 200
    assert caught.value.run_id == "48213"
    assert len(stub.requests) == 2


def _encoded(encoding: str, body: bytes) -> Answer:
    return Answer(body, headers={"content-type": "application/json", "content-encoding": encoding})


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("deflate", zlib.compress(BODY)),
        ("gzip, gzip", gzip.compress(gzip.compress(BODY))),
        ("gzip, identity", gzip.compress(BODY)),
        ("br", BODY),
        ("utf-8", BODY),
    ],
)
def test_an_encoding_that_was_not_requested_is_refused(
    make_reader: MakeReader, stub: Stub, encoding: str, body: bytes
) -> None:
    stub.serve("48213", _encoded(encoding, body))
    with pytest.raises(ConnectionFailedError, match=rf"the encoding was not requested: {encoding}\. Check"):
        make_reader(retries=0).retrieve("48213")
    assert stub.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(BODY)[:-1],
        gzip.compress(BODY[:100]) + gzip.compress(BODY[100:]),
        gzip.compress(BODY) + b"more",
        b"",
    ],
    ids=["without its last byte", "a second member", "followed by something else", "empty"],
)
def test_a_gzip_body_that_is_not_one_whole_member_is_requested_again(
    make_reader: MakeReader, stub: Stub, body: bytes
) -> None:
    stub.serve("48213", _encoded("gzip", body), Answer(BODY))
    assert make_reader(retries=1).retrieve("48213").responses[0].body == BODY
    stub.serve("48213", _encoded("gzip", body))
    with pytest.raises(ConnectionFailedError, match="DecodingError"):
        make_reader(retries=0).retrieve("48213")


@pytest.mark.parametrize(
    ("encoding", "body"), [("gzip", gzip.compress(BODY)), ("GZIP", gzip.compress(BODY)), ("identity", BODY)]
)
def test_gzip_and_identity_are_accepted(
    make_reader: MakeReader, stub: Stub, encoding: str, body: bytes
) -> None:
    stub.serve("48213", _encoded(encoding, body))
    assert make_reader(retries=0).retrieve("48213").responses[0].body == BODY


def test_a_long_body_is_whole_wherever_a_chunk_ends() -> None:
    """The decompressor may have more output when a chunk has no more input."""
    body = bytes(_PIECE + 100)
    packed = gzip.compress(body)
    for end in range(len(packed) - 20, len(packed)):
        received = _received(packed[:end], packed[end:])
        assert received.content == body
        assert max(map(len, received._pieces)) <= _PIECE
