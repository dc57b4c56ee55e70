"""Scripts for the misbehaving server, which rows of the fault matrix combine."""

from collections.abc import Callable, Iterable
from itertools import repeat

from ._connection import Connection, Script


def answers(*responses: bytes) -> Script:
    """Send these responses, one per request; the last one repeats."""

    def script(connection: Connection) -> None:
        while connection.read_request():
            connection.send(responses[min(connection.request_number, len(responses)) - 1]).reach()

    return script


def lists(listed: bytes, then: Callable[[Connection], object]) -> Script:
    """Send this response to each request for a run, and run `then` for each fetch by id."""

    def script(connection: Connection) -> None:
        while connection.read_request():
            if b"/retrieve-simulation-results/" in connection.request:
                connection.send(listed)
            else:
                then(connection.reach())

    return script


def at_first(fault: Script, then: Script) -> Script:
    """Use one script for the first connection and another for the rest."""
    return lambda connection: (fault if connection.number == 1 else then)(connection)


def silent(connection: Connection) -> None:
    connection.reach().hold()


def silent_after(start: bytes) -> Script:
    """Respond with these bytes, and send nothing more."""
    return _after(start, Connection.hold)


def ends_after(start: bytes) -> Script:
    """Respond with these bytes, and close the connection."""
    return _after(start, Connection.end)


def resets_after(start: bytes) -> Script:
    """Respond with these bytes, and reset the connection."""
    return _after(start, Connection.reset)


def drips(start: bytes, rest: Iterable[int]) -> Script:
    """Respond with `start` immediately, and send the rest one byte at a time."""
    return _after(start, lambda connection: connection.send_all((bytes([byte]) for byte in rest), every=0.02))


def endless(start: bytes, piece: bytes) -> Script:
    """Respond with `start`, and then send the same piece forever."""
    return _after(start, lambda connection: connection.send_all(repeat(piece)))


def _after(start: bytes, then: Callable[[Connection], object]) -> Script:
    def script(connection: Connection) -> None:
        if connection.read_request():
            then(connection.send(start).reach())

    return script
