"""Redirects: none is followed, and the key is sent to no other origin."""

from collections.abc import Callable

from bluejay_results import ConnectionFailedError, UnexpectedStatusError

from ...passed_in import NAME
from .._call import RUN_ID
from .._certificates import Certificate
from .._connection import Connection
from .._http import response
from .._row import Ends, Row, fails
from .._scripts import answers

_FAILS = fails(ConnectionFailedError, passes=True)
_FOUND = fails(UnexpectedStatusError, 302)
_INVALID = _FOUND if NAME == "httpx2" else _FAILS  # httpx2 doesn't read where a redirect leads
_PATH = f"/v1/retrieve-simulation-results/{RUN_ID}"


def _redirect(location: str, status: int) -> bytes:
    return response(b"", f"Location: {location}", status=status)


def _to(name: str, location: str, status: int = 302, ends: Ends | None = None) -> Row:
    expected = ends or fails(UnexpectedStatusError, status)
    return Row(name, answers(_redirect(location, status)), expected)


def _elsewhere(status: int, change: Callable[[str], str] = str) -> Callable[[Connection], bytes]:
    return lambda connection: _redirect(change(connection.elsewhere) + _PATH, status)


def _by_name(url: str) -> str:
    return url.replace("127.0.0.1", "localhost")


def _to_elsewhere(status: int, *, command: tuple[str, ...] = ()) -> Row:
    expected = fails(UnexpectedStatusError, status)
    return Row(f"{status} to another port", answers(_elsewhere(status)), expected, command=command)


REDIRECTS = (
    *(_to(f"{status} to the same host", "/elsewhere", status) for status in (301, 302, 303, 307, 308)),
    _to_elsewhere(302, command=("show",)),
    *map(_to_elsewhere, (301, 303, 307, 308)),
    Row("302 to another host", answers(_elsewhere(302, _by_name)), _FOUND),
    Row(
        "302 from https to http",
        answers(_elsewhere(302)),
        _FOUND,
        certificate=Certificate.VALID,
        is_trusted=True,
    ),
    _to("302 to itself, without end", _PATH),
    _to("302 to a host without a scheme", "//elsewhere.invalid/"),
    _to("302 without a place", ""),
    _to("302 to no URL at all", "http://[::1", ends=_INVALID),
    _to("302 to another scheme", "file:///etc/hostname"),
    _to("302 to a place that is too long", "/" + "x" * 65_530, ends=_INVALID),
    _to("300 Multiple Choices", "/elsewhere", 300),
)
