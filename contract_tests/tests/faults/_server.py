"""The misbehaving server: raw sockets on loopback, and a script for every connection."""

import contextlib
import socket
import ssl
import time
from collections.abc import Callable
from threading import Lock, Thread
from typing import Self

from ._connection import Log, Script, play

HOST = "127.0.0.1"


class FaultServer:
    """A server that runs a script for every connection. Use it as a context manager.

    Without a script, it refuses connections: the port is taken, but nobody listens.

    Attributes:
        address: The host and port of the server, even if it accepts no connections.
        failures: The mistakes in the script.
    """

    address: tuple[str, int]

    def __init__(self, script: Script | None, *, tls: ssl.SSLContext | None = None) -> None:
        self._script = script
        self._tls = tls
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[Thread] = []
        self.log = Log()
        self.failures: list[Exception] = []

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.address[1]}"

    def left_open(self, within: float) -> int:
        """Count the connections that the client has not closed within the given seconds."""
        return len(self._open) if not wait_for(lambda: not self._open, within) else 0

    def __enter__(self) -> Self:
        self._listener = socket.socket()
        self._listener.bind((HOST, 0))
        self.address = self._listener.getsockname()
        if self._script:
            self._listener.listen(1024)
            self._start(self._accept, self._script)
        return self

    def __exit__(self, *exception: object) -> None:
        self.log.stopped.set()
        with self._lock:
            for each in (self._listener, *self._open):
                self._shut(each)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = Thread(target=target, args=arguments, name="fault-server", daemon=True)
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()

    def _accept(self, script: Script) -> None:
        self._listener.settimeout(0.05)
        while not self.log.stopped.is_set():
            with contextlib.suppress(OSError):  # a timeout, or the listener was closed
                sock, _ = self._listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._lock:
                    self.log.accepted += 1
                    self._open.add(sock)
                    if self.log.stopped.is_set():
                        self._shut(sock)
                self._start(self._serve, script, sock, self.log.accepted)

    def _serve(self, script: Script, sock: socket.socket, number: int) -> None:
        try:
            with contextlib.suppress(OSError):  # the client aborted the handshake
                play(script, self._secured(sock), self.log, number)
        except Exception as error:  # a mistake in the script must make the row fail
            self.failures.append(error)
        finally:
            with self._lock:
                self._open.discard(sock)
            sock.close()

    def _secured(self, sock: socket.socket) -> socket.socket:
        """Return the socket, with TLS if the server uses TLS.

        TLS wraps a copy of the socket, so that the original can still be shut down.
        """
        return self._tls.wrap_socket(sock.dup(), server_side=True) if self._tls else sock

    @staticmethod
    def _shut(sock: socket.socket) -> None:
        with contextlib.suppress(OSError):  # not connected, or no longer connected
            sock.shutdown(socket.SHUT_RDWR)


def wait_for(condition: Callable[[], object], seconds: float) -> bool:
    """Wait until a condition is true, for at most this long; return whether it became true."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
