"""One connection to the misbehaving server. A script decides what is sent, and how the connection ends."""

import contextlib
import re
import socket
import struct
from collections.abc import Callable, Iterable
from threading import Event
from typing import Any, Self

from attrs import define, field

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@define(eq=False)
class Log:
    """Everything that a server has received.

    Attributes:
        accepted: The number of connections that the server has accepted.
        requests: The head of every request, in the order received.
        refusals: The number of requests that got a 429.
        reached: Set once a script has reached its fault.
        stopped: Set once the server stops, so that no script continues.
    """

    accepted: int = 0
    requests: list[bytes] = field(factory=list)
    refusals: int = 0
    reached: Event = field(factory=Event)
    stopped: Event = field(factory=Event)

    @property
    def posts(self) -> int:
        """The number of requests that queue a run."""
        return sum(each.startswith(b"POST ") for each in self.requests)


class Connection:
    """An accepted connection, as passed to a script.

    Attributes:
        number: The number of the connection, from 1.
        request: The head of its last request.
    """

    request = b""

    def __init__(self, sock: socket.socket, log: Log, number: int) -> None:
        self._socket = sock
        self._log = log
        self.number = number

    @property
    def run_id(self) -> str:
        """The id in the path of the last request."""
        path = self.request.split(b" ", 2)[1].partition(b"?")[0]
        return path.rpartition(b"/")[2].decode()

    @property
    def request_number(self) -> int:
        """The number of the last request, from 1, counted over all connections."""
        return len(self._log.requests)

    def read_request(self) -> bool:
        """Read the next request; return whether there was a request."""
        received = b""
        while not _is_whole(received):
            piece = self._socket.recv(1 << 16)
            if not piece:
                return False
            received += piece
        self.request = received.partition(_END_OF_HEAD)[0] + _END_OF_HEAD
        self._log.requests.append(self.request)
        return True

    def send(self, data: bytes) -> Self:
        self._log.refusals += data.startswith(b"HTTP/1.1 429 ")
        self._socket.sendall(data)
        return self

    def reach(self) -> Self:
        """Record that the script has reached its fault."""
        self._log.reached.set()
        return self

    def send_all(self, pieces: Iterable[bytes], *, every: float = 0.0) -> None:
        """Send the pieces, until the client disconnects or the server stops."""
        for piece in pieces:
            if self._log.stopped.wait(every):
                return
            self.send(piece)

    def end(self) -> None:
        """Close the connection properly."""
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Reset the connection instead of closing it properly."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def hold(self) -> None:
        """Send nothing until the client disconnects."""
        while self.read_request():
            pass


def _is_whole(request: bytes) -> bool:
    head, end, body = request.partition(_END_OF_HEAD)
    length = _LENGTH.search(head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


Script = Callable[[Connection], Any]
"""Handles a server's connection. If the client disconnects, the script ends."""


def play(script: Script, sock: socket.socket, log: Log, number: int) -> None:
    """Run a script on a connection, then hold it open until the client has closed its end."""
    connection = Connection(sock, log, number)
    with contextlib.suppress(OSError):  # the client has disconnected, or the server stops
        script(connection)
        if sock.fileno() >= 0:
            connection.hold()
    sock.close()
