"""What a misbehaving server does, as scripts that the rows put together."""

from collections.abc import Callable, Iterable

from ._connection import Connection, Script


def answers(*responses: bytes | Callable[[Connection], bytes]) -> Script:
    """Answer with these, one a request; the last one repeats. One that is made on the spot is a function."""

    def script(connection: Connection) -> None:
        while connection.read_request():
            made = responses[min(connection.request_number, len(responses)) - 1]
            connection.send(made if isinstance(made, bytes) else made(connection)).reach()

    return script


def lists(listed: bytes, then: Callable[[Connection], object]) -> Script:
    """Answer each request for a run with this response, and handle each fetch by id with `then`."""

    def script(connection: Connection) -> None:
        while connection.read_request():
            if b"/retrieve-simulation-results/" in connection.request:
                connection.send(listed)
            else:
                then(connection.reach())

    return script


def in_turn(*responses: bytes) -> Script:
    """Answer with these, one a request, over and over."""

    def script(connection: Connection) -> None:
        while connection.read_request():
            connection.send(responses[(connection.request_number - 1) % len(responses)])

    return script


def at_first(fault: Script, then: Script) -> Script:
    """Treat the first connection by one script and the others by another."""
    return lambda connection: (fault if connection.number == 1 else then)(connection)


def silent(connection: Connection) -> None:
    connection.reach().hold()


def speaks_first(data: bytes) -> Script:
    return lambda connection: connection.send(data).reach()


resets: Script = Connection.reset
ends: Script = Connection.end
"""Both before there is a request."""


def silent_after(start: bytes) -> Script:
    """Answer a request with this, and say nothing more."""
    return _after(start, Connection.hold)


def ends_after(start: bytes) -> Script:
    """Answer a request with this and close the connection."""
    return _after(start, Connection.end)


def resets_after(start: bytes) -> Script:
    """Answer a request with this and reset the connection."""
    return _after(start, Connection.reset)


def drips(start: bytes, rest: Iterable[int], *, every: float = 0.02) -> Script:
    """Answer a request with `start` at once and go on a byte at a time."""
    return _after(start, lambda connection: connection.drip(rest, every=every))


def drips_tls(start: bytes, rest: Iterable[int], *, every: float = 0.02) -> Script:
    """Answer a request with `start`, and a TLS handshake a byte at a time."""

    def handshake(connection: Connection) -> None:
        connection.await_bytes()
        connection.drip(rest, every=every)

    return _after(start, handshake)


def endless(start: bytes, piece: bytes, *, every: float = 0.0) -> Script:
    """Answer a request with `start`, and then with the same piece without end."""
    return _after(start, lambda connection: connection.repeat(piece, every=every))


def streams(start: bytes, pieces: Callable[[], Iterable[bytes]]) -> Script:
    """Answer a request with what is too large to keep."""

    def send_all(connection: Connection) -> None:
        for piece in pieces():
            connection.send(piece)

    return _after(start, send_all)


def _after(start: bytes, then: Callable[[Connection], object]) -> Script:
    def script(connection: Connection) -> None:
        if connection.read_request():
            then(connection.send(start).reach())

    return script
