"""What a command judges: a file, standard input, or what the service answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from bluejay_results.errors import UsageError

from bluejay_contract.exchange import Exchange

from ._size_limit import bounded

_PIECE = 1 << 20


def saved(source: str, max_bytes: int) -> Exchange:
    """Read a saved response.

    Raises:
        UsageError: It can't be read, or is over the limit.
    """
    try:
        return Exchange.saved(bounded(_pieces(source), max_bytes, name(source)), source)
    except OSError as error:
        advice = "Give a run id, the file of a saved response, or - for standard input."
        raise UsageError(f"{name(source)}: {error.strerror}. {advice}") from None


def name(source: str) -> str:
    """Return what people call a file or standard input."""
    return "standard input" if source == "-" else source


def _pieces(source: str) -> Iterator[bytes]:
    if source == "-":
        yield from _read(sys.stdin.buffer)
        return
    with Path(source).open("rb") as file:
        yield from _read(file)


def _read(stream: BinaryIO) -> Iterator[bytes]:
    yield from iter(partial(stream.read, _PIECE), b"")
