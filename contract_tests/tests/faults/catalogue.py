"""The rows of the fault matrix, by section.

A row without a fault, "to compare", shows that the rows beside it fail only because of their fault.
"""

import gzip
from collections.abc import Iterator
from functools import partial
from itertools import repeat

from bluejay_results import (
    ConnectionFailedError,
    ContractViolationError,
    RateLimitError,
    RequestTimeoutError,
    ResponseTooLargeError,
    ServerError,
    TLSError,
    UnexpectedStatusError,
    UnsupportedValueError,
)

from ..passed_in import NAME
from ._certificates import Certificate
from ._connection import Script
from ._http import HTML, JSON, MIB, SETTLED, bomb, chunk, head, response
from ._row import ASYNC, RETRIEVE, Row
from ._scripts import (
    answers,
    at_first,
    drips,
    endless,
    ends,
    ends_after,
    resets,
    resets_after,
    silent,
    silent_after,
    speaks_first,
    streams,
)
from ._server import Door

__all__ = ["SECTIONS"]

_HEAD = head(JSON, f"Content-Length: {len(SETTLED)}")
_CHUNKED = head(JSON, "Transfer-Encoding: chunked")
_OK = b"HTTP/1.1 200 OK\r\n"
_GZIP = gzip.compress(SETTLED)
_DEEP = 100_000
_UTF_16 = SETTLED.decode().encode("utf-16")
_HTTPS = "https://{}:{}"


def _gzipped(body: bytes, *, status: int = 200) -> Script:
    return answers(response(body, "Content-Encoding: gzip", status=status))


def _connecting(name: str, script: Script) -> Row:
    return Row(name, script, ConnectionFailedError)


def _at_first(name: str, fault: Script) -> Row:
    script = at_first(fault, answers(response()))
    return Row(f"{name} at first, then fine", script, queue_ends=ConnectionFailedError)


CONNECTION = (
    Row("a name that doesn't resolve", silent, ConnectionFailedError, url="http://no-such-host.invalid"),
    Row("refused", silent, ConnectionFailedError, door=Door.SHUT),
    Row(
        "never accepted",
        silent,
        RequestTimeoutError,
        timeout=0.8,
        request_timeout=0.3,
        retries=0,
        door=Door.BLOCKED,
    ),
    Row(
        "never accepted, to the deadline",
        silent,
        RequestTimeoutError,
        timeout=0.4,
        retries=0,
        door=Door.BLOCKED,
    ),
    _connecting("reset before the request", resets),
    _connecting("reset before the headers", resets_after(b"")),
    _connecting("reset in the headers", resets_after(_HEAD[:40])),
    _connecting("reset in the body", resets_after(_HEAD + SETTLED[:500])),
    _connecting("closed before the request", ends),
    _connecting("closed before the headers", ends_after(b"")),
    _connecting("closed in the headers", ends_after(_HEAD[:40])),
    _connecting("closed in the body", ends_after(_HEAD + SETTLED[:500])),
    Row("reset after a whole answer", resets_after(response())),
    # Only our own client queues on a new connection: `test_queueing.py`.
    Row("closed after a whole answer, twice", ends_after(response()), repeat=2, ways=RETRIEVE),
    _at_first("reset", resets_after(b"")),
    _at_first("broken off in the body", ends_after(_HEAD + SETTLED[:500])),
)


_silence = partial(Row, ends=RequestTimeoutError, timeout=1, request_timeout=0.3, retries=0)
# The timeout of a request is so long that a call without a deadline would hang.
_deadline = partial(Row, ends=RequestTimeoutError, timeout=0.6, request_timeout=600)

SLOWNESS = (
    _silence("silent in the TLS handshake", silent, url=_HTTPS),
    _silence("silent after accepting", silent),
    _silence("silent in the headers", silent_after(_HEAD[:40])),
    _silence("silent before the body", silent_after(_HEAD)),
    _silence("silent in the body", silent_after(_HEAD + SETTLED[:99])),
    _silence("silent where the last chunk is due", silent_after(_CHUNKED + chunk(SETTLED))),
    _silence("silent after 100 Continue", silent_after(head(status=100))),
    _deadline("silent in the TLS handshake, to the deadline", silent, url=_HTTPS, leaks=True),
    _deadline("silent after accepting, to the deadline", silent),
    _deadline("silent in the body, to the deadline", silent_after(_HEAD + SETTLED[:99])),
    Row(
        "silent with retries, to the deadline",
        silent,
        RequestTimeoutError,
        timeout=1.2,
        request_timeout=0.4,
        retries=9,
        pauses=True,
    ),
    _deadline("a byte at a time in the status line", drips(b"", _HEAD)),
    _deadline("a byte at a time in the headers", drips(_HEAD[:30], repeat(ord("x"))), ways=ASYNC),
    _deadline("a byte at a time in the body", drips(_HEAD, SETTLED)),
    _deadline("a byte at a time in a chunk", drips(_CHUNKED + b"ffff\r\n", SETTLED)),
    _deadline("a byte at a time, without a length", drips(head(JSON), repeat(ord(" ")))),
    _deadline(
        "a byte at a time, over TLS",
        drips(_HEAD, SETTLED),
        certificate=Certificate.VALID,
        is_trusted=True,
    ),
    _deadline("a header at a time", endless(_HEAD[:-2], b"X-More: 1\r\n", every=0.05), ways=ASYNC),
    _deadline("100 Continue without end", endless(b"", head(status=100)), ways=ASYNC),
    Row("slow, and done in time", drips(response()[:-10], response()[-10:])),
)


def _broken(name: str, body: bytes, *headers: str, media_type: str = JSON) -> Row:
    return Row(name, answers(response(body, *headers, media_type=media_type)), ContractViolationError)


def _not_http(name: str, answer: bytes) -> Row:
    return Row(name, ends_after(answer), ConnectionFailedError)


def _status(name: str, *headers: str, status: int) -> Row:
    return Row(name, answers(response(b"", *headers, status=status)), UnexpectedStatusError, status=status)


def _redirect(name: str, location: str) -> Row:
    ends = UnexpectedStatusError if NAME == "httpx2" else ConnectionFailedError  # httpx2 ignores the location
    return Row(name, answers(response(b"", f"Location: {location}", status=302)), ends)


CONTENT = (
    Row("chunks, to compare", answers(_CHUNKED + chunk(SETTLED) + chunk(b""))),
    _not_http("a length that is too large", head(JSON, f"Content-Length: {len(SETTLED) + 1}") + SETTLED),
    _broken("a body that is too short", SETTLED[:-1]),
    _not_http("no last chunk", _CHUNKED + chunk(SETTLED)),
    _not_http("a chunk whose size is not a number", _CHUNKED + b"zz\r\n" + SETTLED),
    _not_http("a status line of garbage", b"\x00\xff\xfe garbage\r\n\r\n"),
    _not_http("the body without a head", SETTLED),
    _not_http("101 Switching Protocols", head("Upgrade: websocket", "Connection: upgrade", status=101)),
    Row("Latin-1 in a header", answers(response(SETTLED, "X-Name: caf\xe9"))),
    Row("an unknown charset", answers(response(media_type=f"{JSON}; charset=nonsense"))),
    _broken("a body in UTF-16, declared as such", _UTF_16, media_type=f"{JSON}; charset=utf-16"),
    _broken("an empty response", b""),
    _broken("HTML under 200", b"<html>Sign in</html>", media_type=HTML),
    _broken("gzip applied, but not declared", _GZIP),
    Row("gzip, to compare", _gzipped(_GZIP)),
    Row("gzip declared, but not applied", _gzipped(SETTLED), ConnectionFailedError),
    Row("gzip with a wrong checksum", _gzipped(_GZIP[:-8] + bytes(4) + _GZIP[-4:]), ConnectionFailedError),
    Row("gzip cut in half", _gzipped(_GZIP[: len(_GZIP) // 2]), ConnectionFailedError),
    Row("an array 100,000 deep", answers(response(b"[" * _DEEP + b"]" * _DEEP)), UnsupportedValueError),
    Row("204 No Content", ends_after(head(status=204)), UnexpectedStatusError, status=204),
    Row("304 Not Modified", ends_after(head(status=304)), UnexpectedStatusError, status=304),
    _status("407 from the service", status=407),
    _status("a status that HTTP doesn't have", status=999),
    _status("a redirect to the same place", "Location: /", status=307),
    _redirect("a redirect to no URL at all", "http://[::1"),
    _redirect("a redirect to a place that is too long", "/" + "x" * 65_530),
    Row("429, then fine", answers(response(b"", status=429), response())),
    Row("429 permanently", answers(response(b"", status=429)), RateLimitError, status=429),
    Row(
        "502 and 504, then fine",
        answers(response(b"", status=502), response(b"", status=504), response()),
        queue_ends=ServerError,
        status=502,
    ),
)


def _json_of(mebibytes: int) -> Script:
    """Send valid JSON of the given size: a run with a long summary."""
    start, _, end = SETTLED.partition(b'"summary": "')

    def pieces() -> Iterator[bytes]:
        yield start + b'"summary": "'
        yield from repeat(b"x" * MIB, mebibytes)
        yield end

    return streams(head(JSON, f"Content-Length: {len(SETTLED) + mebibytes * MIB}"), pieces)


_too_large = partial(
    Row, ends=ResponseTooLargeError, max_body_bytes=MIB, ways=RETRIEVE, max_mib=16, status=200
)

SIZE = (
    Row("a body as large as allowed", answers(response()), max_body_bytes=len(SETTLED)),
    Row(
        "a body that is a byte larger",
        answers(response(SETTLED + b" ")),
        ResponseTooLargeError,
        max_body_bytes=len(SETTLED),
    ),
    _too_large("a body without end", endless(head(JSON), bytes(MIB))),
    _too_large("chunks without end", endless(_CHUNKED, chunk(b" " * 4096))),
    _too_large("a length of 8 EiB", endless(head(JSON, f"Content-Length: {1 << 63}"), bytes(MIB))),
    _too_large("a gzip bomb of 1 GiB", _gzipped(bomb(1024))),
    _too_large("a gzip bomb of 1 GiB under 502", _gzipped(bomb(1024), status=502), status=502, retries=0),
    # The pieces of a body, then the whole body, then its text in the model.
    Row("32 MiB of sound JSON", _json_of(32), ways=RETRIEVE, max_mib=3 * 32 + 20),
    Row("64 KiB of headers", answers(response(SETTLED, "X-Long: " + "x" * 65_000))),
    Row("headers without end", endless(_OK, b"X-More: 1\r\n" * 400), ConnectionFailedError),
    Row("a header without end", endless(_OK + b"X-Long: ", b"x" * 4096), ConnectionFailedError),
    Row("a status line without end", endless(b"HTTP/1.1 200 ", b"x" * 4096), ConnectionFailedError),
    Row("a chunk size without end", endless(_CHUNKED, b"1" * 1000), ConnectionFailedError),
)


_proxied = partial(Row, is_proxy=True, url="http://bluejay.invalid")
_tunnel = partial(Row, is_proxy=True, url="https://bluejay.invalid", ends=ConnectionFailedError)
_slow_tunnel = partial(
    Row,
    is_proxy=True,
    url="https://bluejay.invalid",
    ends=RequestTimeoutError,
    timeout=0.5,
    request_timeout=0.3,
    retries=0,
)
_SLOW = b"HTTP/1.1 200 OK\r\nX-Slow: "

PROXIES_AND_TLS = (
    _proxied("a proxy that works, to compare", answers(response())),
    _proxied("a proxy that refuses the connection", silent, ConnectionFailedError, door=Door.SHUT),
    _proxied(
        "a proxy that answers 407", answers(response(b"", status=407)), UnexpectedStatusError, status=407
    ),
    _tunnel("a proxy that answers 407 to CONNECT", answers(response(b"", status=407))),
    _tunnel("a proxy that answers 502 to CONNECT", answers(response(b"", status=502))),
    _tunnel("a proxy that answers garbage to CONNECT", answers(b"\0garbage\r\n\r\n")),
    _tunnel("a proxy that resets the connection", resets),
    _tunnel("a proxy that resets the tunnel", resets_after(head()), leaks=True),
    _slow_tunnel("a proxy that is silent", silent),
    _slow_tunnel("a proxy that is silent in the tunnel", silent_after(head()), leaks=True),
    _slow_tunnel("a proxy that trickles", drips(_SLOW, repeat(ord("x"))), ways=ASYNC),
    Row("TLS, to compare", answers(response()), certificate=Certificate.VALID, is_trusted=True),
    Row(
        "a certificate for another host",
        answers(response()),
        TLSError,
        certificate=Certificate.WRONG_HOST,
        is_trusted=True,
    ),
    Row(
        "a certificate by an unknown authority", answers(response()), TLSError, certificate=Certificate.VALID
    ),
    Row(
        "plain HTTP where TLS was asked for",
        speaks_first(response(status=400)),
        TLSError,
        url=_HTTPS,
    ),
    Row(
        "TLS where plain HTTP was asked for",
        answers(response()),
        ConnectionFailedError,
        certificate=Certificate.VALID,
        url="http://{}:{}",
    ),
)


_cancelled = partial(Row, ways=ASYNC, pauses=True, is_cancelled=True)

CANCELLATION = (
    _cancelled("cancelled in the TLS handshake", silent, url=_HTTPS, leaks=True),
    _cancelled("cancelled before the headers", silent_after(b"")),
    _cancelled("cancelled in the headers", silent_after(_HEAD[:40])),
    _cancelled("cancelled before the body", silent_after(_HEAD)),
    _cancelled("cancelled in the body", drips(_HEAD, SETTLED)),
    _cancelled(
        "cancelled in the pause before another attempt",
        answers(response(b"", "Retry-After: 10", status=429)),
    ),
)

SECTIONS: dict[str, tuple[Row, ...]] = {
    "connection": CONNECTION,
    "silence and slowness": SLOWNESS,
    "content": CONTENT,
    "size": SIZE,
    "proxies and TLS": PROXIES_AND_TLS,
    "cancellation": CANCELLATION,
}
