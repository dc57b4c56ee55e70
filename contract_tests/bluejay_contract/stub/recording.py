"""Replays a recording: a HAR file of `bluejay-results --har`, a browser or a proxy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

from contract_kit.errors import KitError

from bluejay_contract.har import OF_THE_WIRE, Entry, read_har

from .answer import Answer
from .operations import RESULTS, Operation, operation_at
from .pages import Page

_Asked: TypeAlias = tuple[Operation, str, Page]
"""What a request asks for: the operation, the id and the page."""


def answers_in(path: str | PathLike[str]) -> tuple[str, Mapping[_Asked, tuple[Answer, ...]]]:
    """Return the run in a recording, and the answers to each operation, id and page, in the order recorded.

    Raises:
        OSError: The file can't be read.
        ValueError: The file isn't a recording of exactly one run.
    """
    answers = defaultdict[_Asked, list[Answer]](list)
    try:
        for _, asked, each in read_har(Path(path).read_bytes(), _asked):
            answers[asked].append(_answer(each))
    except KitError as error:
        raise ValueError(f"{path}: {error}") from None
    runs = {id_ for operation, id_, _ in answers if operation == RESULTS}
    if len(runs) != 1:
        raise ValueError(f"{path} has {len(runs)} runs; a recording has one.")
    return runs.pop(), {asked: tuple(each) for asked, each in answers.items()}


def _asked(method: str, url: str) -> _Asked | None:
    """Return what a request asks for; the path may have a prefix, which a gateway may add."""
    parts = urlsplit(url)
    _, version, rest = parts.path.rpartition("/v1/")
    operation, id_ = operation_at(version + rest)
    if not operation or method != operation.method:
        return None
    page = Page.asked(dict(parse_qsl(parts.query))) if operation == RESULTS else Page()
    return (operation, id_, page) if page else None


def _answer(entry: Entry) -> Answer:
    headers = {name: value for name, value in entry.headers.items() if name not in OF_THE_WIRE}
    return Answer(entry.body, entry.status, headers)
