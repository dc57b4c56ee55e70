"""Replays a recording: a HAR file from `bluejay-results --har`, a browser or a proxy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from contract_kit.errors import KitError

from bluejay_contract.har import read_har
from bluejay_contract.operations import RESULTS, Operation, Page

from .answer import Answer
from .requests_and_answers import Served

_OF_THE_WIRE = {"content-encoding", "transfer-encoding", "content-length"}
"""Headers about the transferred bytes. They are ignored because HAR stores decompressed bodies."""


def answers_in(path: str | PathLike[str]) -> tuple[str, Mapping[tuple[Operation, str], Served]]:
    """Return the id of the recorded run, and each page's responses in recorded order.

    The responses are keyed by operation and id.

    Raises:
        OSError: The file can't be read.
        ValueError: The file isn't a recording of exactly one run.
    """
    answers = defaultdict[tuple[Operation, str], dict[Page | None, tuple[Answer, ...]]](lambda: {None: ()})
    try:
        for each in read_har(Path(path).read_bytes()):
            if each.page:
                headers = {name: value for name, value in each.headers.items() if name not in _OF_THE_WIRE}
                of_it = answers[each.operation, each.id]
                of_it[each.page] = (*of_it.get(each.page, ()), Answer(each.body, each.status, headers))
    except KitError as error:
        raise ValueError(f"{path}: {error}") from None
    runs = [id_ for operation, id_ in answers if operation is RESULTS]
    if len(runs) != 1:
        raise ValueError(f"{path} contains {len(runs)} runs, but a recording contains one.")
    return runs[0], answers
