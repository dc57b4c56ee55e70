"""Checks the ids that the service sends, before they reach a command line, a file name or a URL."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable

from ..recording.exchange import Exchange
from .responses import violation_of

USABLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
"""Matches ids that can't be taken for an option, several words or a path."""


def check_ids(exchange: Exchange, noun: str, ids: Iterable[tuple[str, object]]) -> None:
    """Raise ContractViolationError for an id that isn't usable.

    Args:
        exchange: The response that contains the ids.
        noun: What the ids belong to, for the message.
        ids: The JSON path and the value of each id; None for an id that already broke the contract.
    """
    for path, id_ in ids:
        if id_ is not None and not USABLE_ID.fullmatch(str(id_)):
            expected = "Expected a letter or digit, then at most 127 letters, digits and . _ : -"
            message = f"The service sent the unusable {noun} id {reprlib.repr(id_)}."
            raise violation_of(exchange, message, path, expected)
