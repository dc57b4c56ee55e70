"""No connection, or a connection that breaks: before, in and after the headers, and in the body."""

from bluejay_results import ConnectionFailedError, RequestTimeoutError

from .._call import Options
from .._connection import Script
from .._http import JSON, SETTLED, head, response
from .._row import RECOVERED, SHORTLY, Row, fails
from .._scripts import answers, at_first, ends, ends_after, resets, resets_after, silent
from .._server import Door

HEAD = head(JSON, f"Content-Length: {len(SETTLED)}")
FAILS = fails(ConnectionFailedError, passes=True)
_TIMES_OUT = fails(RequestTimeoutError, passes=True)


def _nowhere(_url: str) -> str:
    return "http://no-such-host.invalid"


def _broken_off(script_of: str) -> tuple[Row, ...]:
    by_reset = script_of == "reset"
    after = resets_after if by_reset else ends_after
    return (
        Row(f"{script_of} before the request", resets if by_reset else ends, FAILS),
        Row(f"{script_of} before the headers", after(b""), FAILS, command=SHORTLY if by_reset else ()),
        Row(f"{script_of} in the status line", after(b"HTTP/1.1 20"), FAILS),
        Row(f"{script_of} in the headers", after(HEAD[:40]), FAILS),
        Row(f"{script_of} after the headers", after(HEAD), FAILS),
        Row(f"{script_of} in the body", after(HEAD + SETTLED[:500]), FAILS),
    )


def _at_first(name: str, fault: Script, command: tuple[str, ...] = ()) -> Row:
    script = at_first(fault, answers(response()))
    return Row(f"{name} at first, then fine", script, RECOVERED, queue_ends=FAILS, command=command)


CONNECTING = (
    Row("a name that doesn't resolve", silent, FAILS, url=_nowhere, command=("show",)),
    Row("refused", silent, FAILS, door=Door.SHUT, command=("show",)),
    Row(
        "never accepted", silent, _TIMES_OUT, Options(0.8, request_timeout=0.3, retries=0), door=Door.BLOCKED
    ),
    Row("never accepted, to the deadline", silent, _TIMES_OUT, Options(0.4, retries=0), door=Door.BLOCKED),
    *_broken_off("reset"),
    *_broken_off("closed"),
    Row("reset after a whole answer", resets_after(response()), RECOVERED),
    Row("closed after a whole answer, twice", ends_after(response()), RECOVERED, Options(repeat=2)),
    _at_first("reset", resets_after(b""), command=("show",)),
    _at_first("broken off in the body", ends_after(HEAD + SETTLED[:500])),
)
