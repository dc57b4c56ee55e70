"""Silence at every stage, and slow responses: the deadline ends both."""

from itertools import repeat

from bluejay_results import RequestTimeoutError

from .._call import Options
from .._certificates import Certificate
from .._http import JSON, SETTLED, chunk, head, response
from .._row import ASYNC, RECOVERED, RETRIEVE, SHORTLY, Row, fails
from .._scripts import drips, endless, silent, silent_after

_HEAD = head(JSON, f"Content-Length: {len(SETTLED)}")
_CHUNKED = head(JSON, "Transfer-Encoding: chunked")
_TIMES_OUT = fails(RequestTimeoutError, passes=True)
_SILENCE = Options(request_timeout=0.3, retries=0, timeout=1)
# The timeout of a request is so long that a call without a deadline would hang.
_BRIEF = Options(timeout=0.4, retries=0)
_TRICKLE = Options(request_timeout=600, retries=2, timeout=0.6)


def _https(url: str) -> str:
    return f"https{url[4:]}"


SLOWNESS = (
    Row("silent in the TLS handshake", silent, _TIMES_OUT, _SILENCE, url=_https),
    Row(
        "silent in the TLS handshake, to the deadline",
        silent,
        _TIMES_OUT,
        _TRICKLE,
        url=_https,
        leaks=True,
    ),
    Row("silent after accepting, to the deadline", silent, _TIMES_OUT, _TRICKLE),
    Row("silent in the body, to the deadline", silent_after(_HEAD + SETTLED[:99]), _TIMES_OUT, _TRICKLE),
    Row("silent after accepting", silent, _TIMES_OUT, _SILENCE, command=SHORTLY),
    Row("silent in the status line", silent_after(b"HTTP/1.1 2"), _TIMES_OUT, _SILENCE),
    Row("silent in the headers", silent_after(_HEAD[:40]), _TIMES_OUT, _SILENCE),
    Row("silent before the body", silent_after(_HEAD), _TIMES_OUT, _SILENCE),
    Row("silent in the body", silent_after(_HEAD + SETTLED[:99]), _TIMES_OUT, _SILENCE),
    Row("silent in a chunk", silent_after(_CHUNKED + chunk(SETTLED)[:99]), _TIMES_OUT, _SILENCE),
    Row("silent where the last chunk is due", silent_after(_CHUNKED + chunk(SETTLED)), _TIMES_OUT, _SILENCE),
    Row("silent after 100 Continue", silent_after(head(status=100)), _TIMES_OUT, _SILENCE),
    Row(
        "silent with retries, to the deadline",
        silent,
        _TIMES_OUT,
        Options(request_timeout=0.4, retries=9, timeout=1.2, pauses=True, poll_interval=0.2),
    ),
    Row("a byte at a time in the status line", drips(b"", _HEAD), _TIMES_OUT, _TRICKLE),
    Row(
        "a byte at a time in the headers",
        drips(_HEAD[:30], repeat(ord("x"))),
        _TIMES_OUT,
        _TRICKLE,
        ways=ASYNC,
    ),
    Row("a byte at a time in the body", drips(_HEAD, SETTLED), _TIMES_OUT, _TRICKLE, command=SHORTLY),
    Row("a byte at a time in a chunk", drips(_CHUNKED + b"ffff\r\n", SETTLED), _TIMES_OUT, _TRICKLE),
    Row("a byte at a time, without a length", drips(head(JSON), repeat(ord(" "))), _TIMES_OUT, _TRICKLE),
    Row(
        "a byte at a time, over TLS",
        drips(_HEAD, SETTLED),
        _TIMES_OUT,
        _TRICKLE,
        ways=RETRIEVE,
        certificate=Certificate.VALID,
        is_trusted=True,
    ),
    Row(
        "a header at a time",
        endless(_HEAD[:-2], b"X-More: 1\r\n", every=0.05),
        _TIMES_OUT,
        _TRICKLE,
        ways=ASYNC,
    ),
    Row(
        "100 Continue without end",
        endless(b"", head(status=100), every=0.05),
        _TIMES_OUT,
        _TRICKLE,
        ways=ASYNC,
    ),
    Row(
        "100 Continue without end, at full speed",
        endless(b"", head(status=100)),
        _TIMES_OUT,
        _BRIEF,
        ways=ASYNC,
    ),
    Row("slow, and done in time", drips(response()[:-10], response()[-10:]), RECOVERED),
)
