"""Ctrl-C during the command, and cancellation of an asynchronous call, at every stage."""

from .._call import Options, Way
from .._connection import Script
from .._http import JSON, RUNNING, SETTLED, head, response
from .._row import ASYNC, CANCELLED, Row
from .._scripts import answers, drips, silent, silent_after

_HEAD = head(JSON, f"Content-Length: {len(SETTLED)}")
_REAL = Options(pauses=True)


def _stage(name: str, script: Script, *, ways: tuple[Way, ...] = ASYNC, command: str = "show") -> Row:
    return Row(
        f"interrupted {name}",
        script,
        CANCELLED,
        _REAL,
        ways=ways,
        command=(command,),
        is_interrupted=True,
        url=lambda url: f"https{url[4:]}" if script is silent else url,
        leaks=script is silent,
    )


INTERRUPTING = (
    _stage("in the TLS handshake", silent),
    _stage("before the headers", silent_after(b"")),
    _stage("in the headers", silent_after(_HEAD[:40])),
    _stage("before the body", silent_after(_HEAD)),
    _stage("in the body", drips(_HEAD, SETTLED)),
    _stage("in the pause before another attempt", answers(response(b"", status=429))),
    _stage("between two polls", answers(response(RUNNING)), ways=(Way.WAIT_ASYNC,), command="wait"),
)
