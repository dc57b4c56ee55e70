"""Reads the bytes of a file, of standard input or of a response, up to a limit on their size."""

import sys
from collections.abc import Iterable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from .._defaults import MAX_BODY_BYTES as MAX_BODY_BYTES
from ..errors import ResponseTooLargeError


def saved_bytes(source: str, limit: int) -> bytes:
    """Read a file, or standard input for `-`.

    Raises:
        OSError: The file can't be read.
        ResponseTooLargeError: The file has more than `limit` bytes.
    """
    # Standard input stays open, because other code checks whether it is a terminal.
    with nullcontext(sys.stdin.buffer) if source == "-" else Path(source).open("rb") as stream:
        return bounded(iter(partial(stream.read, 1 << 20), b""), limit, source_name(source))


def bounded(pieces: Iterable[bytes], limit: int, name: str) -> bytes:
    """Join the pieces of a body; raise ResponseTooLargeError as soon as they exceed `limit` bytes."""
    read, size = [], 0
    for piece in pieces:
        read.append(piece)
        size += len(piece)
        if size > limit:
            advice = "Raise max_body_bytes if that size is right."
            raise ResponseTooLargeError(f"{name} is larger than {limit} bytes. {advice}")
    return b"".join(read)


def source_name(source: str) -> str:
    """Return the name of a file or of standard input, for messages."""
    return "standard input" if source == "-" else source
