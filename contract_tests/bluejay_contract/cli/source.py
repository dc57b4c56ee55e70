"""What a command judges: a file, standard input, or what the service answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from bluejay_results.errors import UsageError
from contract_kit.errors import KitError

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.recorded import exchanges_in, is_har

from .size_limit import bounded

_PIECE = 1 << 20


def saved(contract: Contract, source: str, max_bytes: int) -> list[Exchange]:
    """Read a saved response, or each response of a recording.

    Raises:
        UsageError: It can't be read, is over the limit, or is a HAR file without a response to check.
    """
    try:
        data = bounded(_pieces(source), max_bytes, name(source))
    except OSError as error:
        advice = "Give a run id, the file of a saved response, or - for standard input."
        raise UsageError(f"{name(source)}: {error.strerror}. {advice}") from None
    if not is_har(data):
        return [Exchange.saved(data, source)]
    try:
        exchanges = exchanges_in(contract, data, source)
    except KitError as error:
        raise UsageError(f"{name(source)}: {error} Record a run again, or save the whole file.") from None
    if not exchanges:
        raise UsageError(
            f"{name(source)}: This HAR file has no response of the service. "
            "Record one with: bluejay-results wait RUN --har FILE"
        )
    return exchanges


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
