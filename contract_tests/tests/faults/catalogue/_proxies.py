"""Proxies that refuse, for http and for https, from the environment and in the user's own client."""

from itertools import repeat

from bluejay_results import ConnectionFailedError, RequestTimeoutError, UnexpectedStatusError

from .._call import Options
from .._connection import Script
from .._http import head, response
from .._row import RECOVERED, RETRIEVE, SHORTLY, Role, Row, fails
from .._scripts import answers, drips, resets, resets_after, silent, silent_after
from .._server import Door

_FAILS = fails(ConnectionFailedError, passes=True)
_TIMES_OUT = fails(RequestTimeoutError, passes=True)
_SHORT = Options(request_timeout=0.3, retries=0, timeout=0.5)
_DENIED = response(b"", "Proxy-Authenticate: Basic", status=407)


def _http(_url: str) -> str:
    return "http://bluejay.invalid"


def _https(_url: str) -> str:
    return "https://bluejay.invalid"


def _tunnel(name: str, script: Script, role: Role = Role.PROXY) -> Row:
    """Return a row in which the way to an https URL leads through a proxy, the user's or not."""
    return Row(f"a proxy {name}", script, _FAILS, role=role, url=_https)


def _slow_tunnel(name: str, script: Script) -> Row:
    """Return a row in which it leads through a proxy of the environment, to the deadline."""
    role = Role.PROXY_OF_THE_ENVIRONMENT
    return Row(f"a proxy {name}", script, _TIMES_OUT, _SHORT, ways=RETRIEVE, role=role, url=_https)


PROXIES = (
    Row(
        "a proxy that works, to compare",
        answers(response()),
        RECOVERED,
        role=Role.PROXY_OF_THE_ENVIRONMENT,
        url=_http,
    ),
    Row(
        "a proxy that refuses the connection",
        silent,
        _FAILS,
        door=Door.SHUT,
        role=Role.PROXY_OF_THE_ENVIRONMENT,
        url=_http,
        command=SHORTLY,
    ),
    Row(
        "a proxy that answers 407",
        answers(_DENIED),
        fails(UnexpectedStatusError, 407),
        role=Role.PROXY_OF_THE_ENVIRONMENT,
        url=_http,
        command=("show",),
    ),
    _tunnel("that answers 407 to CONNECT", answers(_DENIED)),
    _tunnel("that answers 502 to CONNECT", answers(response(b"", status=502))),
    _tunnel("that answers garbage to CONNECT", answers(b"\0garbage\r\n\r\n")),
    _tunnel("that resets the connection", resets),
    _slow_tunnel("that is silent", silent),
    _slow_tunnel("that is silent in the tunnel", silent_after(head())),
    _slow_tunnel("that trickles", drips(b"HTTP/1.1 200 OK\r\nX-Slow: ", repeat(ord("x")))),
    _tunnel("that resets the tunnel", resets_after(head()), Role.PROXY_OF_THE_ENVIRONMENT),
    Row("the user's proxy refuses", silent, _FAILS, door=Door.SHUT, role=Role.PROXY, url=_http),
    Row("the user's proxy works", answers(response()), RECOVERED, role=Role.PROXY, url=_http),
)
