"""Responses that are too large: the limit stops them, and little memory is used."""

import gzip
from collections.abc import Iterator

import attrs
from bluejay_results import ConnectionFailedError, ResponseTooLargeError

from .._call import MIB, Options
from .._connection import Script
from .._http import JSON, SETTLED, bomb, chunk, head, response
from .._row import RECOVERED, RETRIEVE, WAIT, Row, fails
from .._scripts import answers, endless, streams

_TOO_LARGE = fails(ResponseTooLargeError, 200)
_FAILS = fails(ConnectionFailedError, passes=True)
_EXACTLY = Options(max_body_bytes=len(SETTLED))
_TWICE = Options(max_body_bytes=2 * len(SETTLED))
"""The limit of a poll in `wait`, which reads the status and then the only page."""
_LIMITED = Options(max_body_bytes=MIB, traces_memory=True)
_DEFAULT = Options(traces_memory=True)
# The pieces of a body, then the whole body, then its text in the model.
_MOST_OF_32_MIB = 3 * 32 + 20
# A piece from the network has 64 KiB and decompresses to at most 64 MiB. While zlib joins its parts,
# the piece takes twice as much.
_MOST = 2 * 64 + 50
_START, _, _END = SETTLED.partition(b'"summary":"')
_BOMB = bomb(1024)
_MANY_HEADERS = [f"X-{number}: " + "x" * 1000 for number in range(1000)]


def _json_of(mebibytes: int) -> Script:
    """Send valid JSON of the given size: a run with a long summary."""

    def pieces() -> Iterator[bytes]:
        yield _START + b'"summary":"'
        yield from (b"x" * MIB for _ in range(mebibytes))
        yield _END

    length = len(SETTLED) + mebibytes * MIB
    return streams(head(JSON, f"Content-Length: {length}"), pieces)


def _too_large(name: str, script: Script, *, command: tuple[str, ...] = ()) -> Row:
    return Row(name, script, _TOO_LARGE, _LIMITED, ways=RETRIEVE, most_mib=_MOST, command=command)


def _packed(body: bytes, encoding: str, status: int = 200) -> Script:
    return answers(response(body, f"Content-Encoding: {encoding}", status=status))


SIZE = (
    Row("a body as large as allowed", answers(response()), RECOVERED, _EXACTLY, ways=RETRIEVE),
    Row("all bodies of a poll as large as allowed", answers(response()), RECOVERED, _TWICE, ways=WAIT),
    Row(
        "all bodies of a poll, a byte larger",
        answers(response(), response(SETTLED + b" ")),
        RECOVERED,
        _TWICE,
        wait_ends=_TOO_LARGE,
        ways=WAIT,
    ),
    Row("a body that is a byte larger", answers(response(SETTLED + b" ")), _TOO_LARGE, _EXACTLY),
    _too_large("a body without end", endless(head(JSON), bytes(MIB)), command=("show",)),
    _too_large("chunks without end", endless(head(JSON, "Transfer-Encoding: chunked"), chunk(b" " * 4096))),
    _too_large("a length of 8 EiB", endless(head(JSON, f"Content-Length: {1 << 63}"), bytes(MIB))),
    _too_large("a gzip bomb of 1 GiB", _packed(_BOMB, "gzip")),
    Row(
        "a gzip bomb of 1 GiB under 502",
        _packed(_BOMB, "gzip", 502),
        fails(ResponseTooLargeError, 502, passes=True),
        attrs.evolve(_LIMITED, retries=1),
        ways=RETRIEVE,
        most_mib=_MOST + 64,  # the error of the first attempt keeps its last piece
    ),
    Row(
        "a gzip bomb of 256 MiB in a gzip bomb",
        _packed(gzip.compress(bomb(256)), "gzip, gzip"),
        _FAILS,
        _LIMITED,
        ways=RETRIEVE,
        most_mib=_MOST,
    ),
    Row("32 MiB of sound JSON", _json_of(32), RECOVERED, _DEFAULT, ways=RETRIEVE, most_mib=_MOST_OF_32_MIB),
    _too_large("32 MiB of sound JSON, limited to 1", _json_of(32)),
    Row("64 KiB of headers", answers(response(SETTLED, "X-Long: " + "x" * 65_000)), RECOVERED),
    Row("1 MiB of headers", answers(response(SETTLED, *_MANY_HEADERS)), _FAILS),
)
