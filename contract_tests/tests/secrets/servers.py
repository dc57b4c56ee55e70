"""Servers that no HTTP library would be proud of, on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread

from .canary import KEY

_GREETINGS = {
    "garbled": b"SSH-2.0-OpenSSH\r\n",
    "echoing": b"HTTP/1.1 key " + KEY.encode() + b"\r\n\r\n",
    "broken off": b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{",
}


@contextmanager
def misbehaving() -> Iterator[dict[str, str]]:
    """Run one server of each kind and yield their URLs by name."""
    with ExitStack() as stack:
        urls = {name: _url(stack.enter_context(_greeting(said))) for name, said in _GREETINGS.items()}
        urls["silent"] = _url(stack.enter_context(socket.create_server(("127.0.0.1", 0))))
        taken = stack.enter_context(socket.socket())
        taken.bind(("127.0.0.1", 0))
        yield urls | {"closed": _url(taken)}


@contextmanager
def _greeting(said: bytes) -> Iterator[socket.socket]:
    """Answer every connection's first bytes with the same ones, then hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_greet, args=(listener, said), daemon=True)
        thread.start()
        yield listener
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _greet(listener: socket.socket, said: bytes) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # it was shut down
            return
        with connection:
            connection.recv(1 << 16)
            connection.sendall(said)


def _url(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"
