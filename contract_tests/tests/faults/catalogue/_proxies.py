"""Proxies that refuse requests, for http and https, from the environment and in the user's own client."""

from itertools import repeat

from bluejay_results import ConnectionFailedError, RequestTimeoutError, UnexpectedStatusError

from .._call import Options, Way
from .._connection import Script
from .._http import head, response
from .._row import ASYNC, RECOVERED, RETRIEVE, SHORTLY, Ends, Role, Row, fails
from .._scripts import answers, drips, drips_tls, resets, resets_after, silent, silent_after
from .._server import Door

_FAILS = fails(ConnectionFailedError, passes=True)
_TIMES_OUT = fails(RequestTimeoutError, passes=True)
_SHORT = Options(request_timeout=0.3, retries=0, timeout=0.5)
_SERVER_HELLO = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc" + bytes(16_380)
_BLAMED = "Check the proxy's URL, user and password."
_DENIED = response(b"", "Proxy-Authenticate: Basic", status=407)


def _plain(
    name: str, script: Script, ends: Ends, door: Door = Door.OPEN, command: tuple[str, ...] = ()
) -> Row:
    """Return a row with an http URL through a proxy from the environment."""
    role, url = Role.PROXY_OF_THE_ENVIRONMENT, "http://bluejay.invalid"
    return Row(f"a proxy {name}", script, ends, door=door, role=role, url=lambda _: url, command=command)


def _https(_url: str) -> str:
    return "https://bluejay.invalid"


def _tunnel(
    name: str, script: Script, role: Role = Role.PROXY, says: str = "", *, leaks: bool = False
) -> Row:
    """Return a row with an https URL through a proxy, from the environment or in the user's own client."""
    ends = fails(ConnectionFailedError, passes=True, says=says)
    return Row(f"a proxy {name}", script, ends, role=role, url=_https, leaks=leaks)


def _slow_tunnel(name: str, script: Script, ways: tuple[Way, ...] = RETRIEVE, *, leaks: bool = False) -> Row:
    """Return a row with an https URL through a proxy from the environment that fails until the deadline."""
    role = Role.PROXY_OF_THE_ENVIRONMENT
    name = f"a proxy {name}"
    return Row(name, script, _TIMES_OUT, _SHORT, ways=ways, role=role, url=_https, leaks=leaks)


def _own(name: str, script: Script, ends: Ends, door: Door = Door.OPEN) -> Row:
    """Return a row with an http URL through the proxy of the user's own client."""
    url = "http://bluejay.invalid"
    return Row(f"the user's proxy {name}", script, ends, door=door, role=Role.PROXY, url=lambda _: url)


PROXIES = (
    _plain("that works, to compare", answers(response()), RECOVERED),
    _plain("that refuses the connection", silent, _FAILS, Door.SHUT, SHORTLY),
    _plain(
        "that answers 407",
        answers(_DENIED),
        fails(UnexpectedStatusError, 407, says=_BLAMED),
        command=("show",),
    ),
    _tunnel("that answers 407 to CONNECT", answers(_DENIED), says=_BLAMED),
    _tunnel("that answers 502 to CONNECT", answers(response(b"", status=502)), says=_BLAMED),
    _tunnel("that answers garbage to CONNECT", answers(b"\0garbage\r\n\r\n")),
    _tunnel("that resets the connection", resets),
    _slow_tunnel("that is silent", silent),
    _slow_tunnel("that is silent in the tunnel", silent_after(head()), leaks=True),
    _slow_tunnel("that trickles a TLS handshake", drips_tls(head(), _SERVER_HELLO), leaks=True),
    _slow_tunnel("that trickles", drips(b"HTTP/1.1 200 OK\r\nX-Slow: ", repeat(ord("x"))), ASYNC[:1]),
    _tunnel(
        "that resets the tunnel",
        resets_after(head()),
        Role.PROXY_OF_THE_ENVIRONMENT,
        leaks=True,
    ),
    _own("refuses", silent, _FAILS, Door.SHUT),
    _own("works", answers(response()), RECOVERED),
)
