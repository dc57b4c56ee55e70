"""Replays a recording: a HAR file of `bluejay-results --har`, a browser or a proxy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from urllib.parse import urlsplit

from contract_kit.errors import KitError
from contract_kit.exchanges import Exchange
from contract_kit.har import OF_THE_WIRE, read_har

from .answer import Answer
from .operations import RESULTS, Operation, operation_at


def answers_in(path: str | PathLike[str]) -> tuple[str, Mapping[tuple[Operation, str], tuple[Answer, ...]]]:
    """Return the run in a recording, and the answers to each operation and id, in the order recorded.

    Raises:
        OSError: The file can't be read.
        ValueError: The file isn't a recording of exactly one run.
    """
    answers = defaultdict[tuple[Operation, str], list[Answer]](list)
    try:
        for _, asked, each in read_har(Path(path).read_bytes(), _asked):
            answers[asked].append(_answer(each))
    except KitError as error:
        raise ValueError(f"{path}: {error}") from None
    runs = [id_ for operation, id_ in answers if operation == RESULTS]
    if len(runs) != 1:
        raise ValueError(f"{path} has {len(runs)} runs; a recording has one.")
    return runs[0], {asked: tuple(each) for asked, each in answers.items()}


def _asked(method: str, url: str) -> tuple[Operation, str] | None:
    """Return the requested operation and id; the path may have a prefix, for example of a gateway."""
    _, version, rest = urlsplit(url).path.rpartition("/v1/")
    operation, id_ = operation_at(version + rest)
    return (operation, id_) if operation and method == operation.method else None


def _answer(exchange: Exchange) -> Answer:
    headers = {name: value for name, value in exchange.headers.items() if name not in OF_THE_WIRE}
    return Answer(exchange.body, exchange.status, headers)
