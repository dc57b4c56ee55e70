"""Transient faults, servers that send Retry-After, and clocks that are wrong."""

import datetime
from collections.abc import Callable

from bluejay_results import (
    AuthenticationError,
    ConnectionFailedError,
    ContractViolationError,
    RateLimitError,
    ServerError,
    UnexpectedStatusError,
    WaitTimeoutError,
)

from .._call import Options
from .._connection import Connection
from .._http import RUNNING, response
from .._row import DEFAULT, LASTING, RECOVERED, WAIT, Ends, Row, fails, outlasted
from .._scripts import answers, in_turn

_FINE, _GOES_ON = response(), response(RUNNING)
_HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"
_RFC_850 = "%A, %d-%b-%y %H:%M:%S GMT"
_ASCTIME = "%a %b %d %H:%M:%S %Y"
_REFUSED = fails(RateLimitError, 429, passes=True)
_OUTLASTED = outlasted(RateLimitError, 429)
_A_DAY = 86_400.0


def _status(status: int, *headers: str) -> bytes:
    return response(b"", *headers, status=status)


def _at(seconds: float, form: str = _HTTP_DATE) -> str:
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)).strftime(form)


def _asks(
    name: str, value: str | Callable[[], str], ends: Ends = RECOVERED, *, zone: str = "", show: bool = False
) -> Row:
    def refusal(_connection: Connection) -> bytes:
        return _status(429, f"Retry-After: {value if isinstance(value, str) else value()}")

    return Row(
        f"429, Retry-After {name}",
        answers(refusal, _FINE),
        ends,
        wait_ends=_OUTLASTED if ends is _REFUSED else None,
        environment={"TZ": zone} if zone else {},
        command=("show",) if show else (),
    )


def _passing(name: str, first: int, *answered: bytes, command: tuple[str, ...] = ()) -> Row:
    script, queue_ends = answers(*answered, _FINE), fails(ServerError, first)
    return Row(f"{name}, then fine", script, RECOVERED, queue_ends=queue_ends, command=command)


def _in_a_wait(name: str, *answered: bytes, ends: Ends = RECOVERED) -> Row:
    """Return a row in which the first poll succeeds and the fault follows."""
    script = answers(_GOES_ON, *answered)
    options = LASTING if ends.what == WaitTimeoutError.__name__ else DEFAULT
    return Row(f"fine, then {name}", script, RECOVERED, options, wait_ends=ends)


RETRYING = (
    _asks("1 s", "1", show=True),
    _asks("0 s", "0"),
    _asks("as a date", lambda: _at(2)),
    _asks("as a date in the past", lambda: _at(-_A_DAY)),
    _asks("as a date in the form of asctime", lambda: _at(2, _ASCTIME), zone="UTC+9"),
    _asks("as a date in the form of RFC 850", lambda: _at(2, _RFC_850), zone="UTC+9"),
    _asks("of a year", "31536000", _REFUSED, show=True),
    _asks("as a date in a year", lambda: _at(365 * _A_DAY), _REFUSED),
    _asks("by a clock that is a day ahead", lambda: _at(_A_DAY + 2), _REFUSED),
    _asks("of 400 digits", "9" * 400, _REFUSED),
    _asks("of garbage", "soon"),
    _asks("of nothing", ""),
    _asks("of -5", "-5"),
    _asks("of 1.5", "1.5"),
    _asks("of NaN", "NaN"),
    _asks("in digits of another script", "\u0662".encode().decode("latin-1")),
    _asks("on February 30", "Mon, 30 Feb 2026 10:00:00 GMT"),
    _asks("in the year 99999999999", "Mon, 05 Jan 99999999999 10:00:00 GMT"),
    Row("429 permanently", answers(_status(429)), _REFUSED, LASTING, wait_ends=_OUTLASTED),
    _passing("503, Retry-After 2 s", 503, _status(503, "Retry-After: 2")),
    _passing("502", 502, _status(502), command=("show",)),
    _passing("502 and 504", 502, _status(502), _status(504)),
    _in_a_wait("502, then fine", _status(502), _FINE),
    _in_a_wait("502 three times, then fine", *[_status(502)] * 3, _FINE),
    _in_a_wait("520, then fine", _status(520), _FINE),
    _in_a_wait("garbage, then fine", b"\0garbage\r\n\r\n", _FINE),
    _in_a_wait("502 permanently", _status(502), ends=outlasted(ServerError, 502)),
    _in_a_wait("520 permanently", _status(520), ends=outlasted(UnexpectedStatusError, 520)),
    _in_a_wait("garbage permanently", b"\0\r\n\r\n", ends=outlasted(ConnectionFailedError)),
    _in_a_wait("401", _status(401), ends=fails(AuthenticationError, 401)),
    _in_a_wait("HTML under 200", response(b"<html>"), ends=fails(ContractViolationError, 200)),
    _in_a_wait("under way permanently", ends=outlasted()),
    Row(
        "a server that fails in every second response",
        in_turn(_status(502), _GOES_ON, _status(503), _GOES_ON, _status(429), _FINE, _status(504), _FINE),
        RECOVERED,
        queue_ends=fails(ServerError, 502),
    ),
    Row(
        "a wall clock that jumps back and forth by a day",
        answers(_status(502), _GOES_ON, _FINE),
        RECOVERED,
        Options(wall_clock_jumps=True, pauses=True, poll_interval=0.1),
        ways=WAIT,
    ),
    Row(
        "a wall clock that jumps, never settled",
        answers(_GOES_ON),
        RECOVERED,
        Options(wall_clock_jumps=True, pauses=True, timeout=2, poll_interval=0.5),
        wait_ends=outlasted(),
        ways=WAIT,
    ),
)
