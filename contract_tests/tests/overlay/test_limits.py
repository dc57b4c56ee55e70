"""Both clients limit the time and the size of a call, however slowly the bytes arrive."""

import asyncio
import gzip
import re
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any
from unittest.mock import Mock

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    BluejayClient,
    BluejayError,
    ConnectionFailedError,
    RequestTimeoutError,
    ResponseTooLargeError,
)
from bluejay_results.client.call import Call
from bluejay_results.client.config import Config
from bluejay_results.client.http.decompression import PIECE, Unpacking
from bluejay_results.client.http.transfer import AsyncSender, Sender
from bluejay_results.client.operations import any_request
from bluejay_results.clock import Deadline

from .. import builders
from ..passed_in import HTTP_CLIENTS, library
from .conftest import MakeReader, ManualClock, Reader

BODY = builders.encoded(builders.response(builders.result()))


@pytest.mark.parametrize(("left", "silent"), [(60, 30), (5, 5)])
def test_a_request_may_wait_for_a_connection_until_the_deadline(
    clock: ManualClock, left: float, silent: float
) -> None:
    """`request_timeout` limits the service's time, not the wait for a free connection."""
    config = Config.resolve("test-key", None, request_timeout=30, retries=0, max_body_bytes=1)
    options = Call(config, any_request("GET", "/", None), Deadline(clock, left), 1).request_options({}, None)
    assert options["timeout"] == (silent, silent, silent, left)


@pytest.mark.parametrize(
    ("sender", "http"), [(Sender, library.Client), (AsyncSender, library.AsyncClient)], ids=["sync", "async"]
)
def test_after_the_deadline_of_a_call_nothing_is_sent(sender: Any, http: Any, clock: ManualClock) -> None:
    config = Config.resolve("test-key", "http://a", request_timeout=1, retries=0, max_body_bytes=1)
    call, sent = Call(config, any_request("GET", "/", None), Deadline(clock, 0), 1), Mock()
    sending = sender(http(transport=library.MockTransport(sent)), call)
    with pytest.raises(httpx.ConnectTimeout, match="the call's deadline is over"):
        asyncio.run(sending.request("GET", "http://a", headers={}))
    assert sent.mock_calls == []


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


def test_a_body_is_decompressed_in_pieces_of_at_most_1_mib() -> None:
    packed, unpacking = gzip.compress(bytes(5_000_001)), Unpacking("gzip")
    sizes = [len(piece) for piece in unpacking.pieces(packed)]
    unpacking.end()
    assert max(sizes) == PIECE
    assert sum(sizes) == 5_000_001


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


@pytest.mark.parametrize("encoding", ["GZIP,deflate", "gzip, identity, br"])
def test_an_encoding_that_was_not_requested_is_refused(
    make_reader: MakeReader, stub: Stub, encoding: str
) -> None:
    headers = {"content-type": "application/json", "content-encoding": encoding}
    stub.serve("48213", Answer(BODY, headers=headers))
    refused = ", ".join(each for each in re.findall("[a-z]+", encoding.lower()) if each != "identity")
    with pytest.raises(ConnectionFailedError, match=rf"the encoding was not requested: {refused}\. Check"):
        make_reader(retries=0).retrieve("48213")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BODY)[:-1]),
        ("gzip", gzip.compress(BODY) + gzip.compress(BODY)[:9]),
        ("gzip", gzip.compress(BODY) + b"more"),
        ("deflate", zlib.compress(BODY)[:-1]),
    ],
    ids=["without its last byte", "a second member cut", "followed by something else", "deflate cut"],
)
def test_a_truncated_compressed_body_is_requested_again(
    make_reader: MakeReader, stub: Stub, encoding: str, body: bytes
) -> None:
    headers = {"content-type": "application/json", "content-encoding": encoding}
    stub.serve("48213", Answer(body, headers=headers), Answer(BODY))
    assert make_reader(retries=1).retrieve("48213").responses[0].body == BODY
    stub.serve("48213", Answer(body, headers=headers))
    with pytest.raises(ConnectionFailedError, match="DecodingError"):
        make_reader(retries=0).retrieve("48213")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("gzip", gzip.compress(BODY[:100]) + gzip.compress(BODY[100:])),
        ("gzip", gzip.compress(BODY) + bytes(7)),
        *((encoding, BODY) for encoding in ("", "identity", "utf-8")),
    ],
)
def test_a_requested_or_unknown_encoding_is_accepted(
    make_reader: MakeReader, stub: Stub, encoding: str, body: bytes
) -> None:
    headers = {"content-type": "application/json", "content-encoding": encoding}
    stub.serve("48213", Answer(body, headers=headers))
    assert make_reader(retries=0).retrieve("48213").responses[0].body == BODY


def test_a_long_body_is_whole_wherever_a_chunk_ends() -> None:
    """The decompressor may have more output when a chunk has no more input."""
    body = bytes(PIECE + 100)
    packed = gzip.compress(body)
    for end in range(len(packed) - 20, len(packed)):
        unpacking = Unpacking("gzip")
        pieces = [*unpacking.pieces(packed[:end]), *unpacking.pieces(packed[end:])]
        assert b"".join(pieces) == body
        assert max(map(len, pieces)) <= PIECE
