"""What a worker is at, in memory that its parent can read: even when the worker hangs or has died."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

from .mutation import MAX_BYTES

_HEAD = struct.Struct("QI")


class Slot:
    """The number of the body at hand, and the body."""

    def __init__(self, path: Path) -> None:
        size = _HEAD.size + MAX_BYTES
        if not path.exists():
            path.write_bytes(bytes(size))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), size)

    def put(self, number: int, body: bytes) -> None:
        """Show what comes next."""
        self._memory[: _HEAD.size + len(body)] = _HEAD.pack(number, len(body)) + body

    @property
    def number(self) -> int:
        """Which body it is, from 1; 0 before the first."""
        number: int = _HEAD.unpack_from(self._memory)[0]
        return number

    @property
    def body(self) -> bytes:
        """The body itself."""
        length = _HEAD.unpack_from(self._memory)[1]
        return self._memory[_HEAD.size : _HEAD.size + length]
