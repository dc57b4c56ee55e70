"""Chooses the status to send for a documented response: `4XX` and `default` describe many statuses."""

from __future__ import annotations

import re

from contract_kit.errors import UncoverableError

NO_BODY = (204, 205, 304)
"""The statuses of responses that never have a body."""


def concrete(label: str, labels: list[str]) -> int:
    """Return a status that only the response with this label describes.

    Raises:
        UncoverableError: There is no such status.
    """
    if re.fullmatch(r"[1-5][0-9]{2}", label):
        if label.startswith("1"):
            raise UncoverableError(f"A client never sees an interim {label}.")
        return int(label)
    exact = {int(each) for each in labels if re.fullmatch(r"[1-5][0-9]{2}", each)}
    ranges = {each[0] for each in labels if re.fullmatch(r"[1-5]XX", each, re.IGNORECASE)}
    if re.fullmatch(r"[2-5]XX", label, re.IGNORECASE):
        first = int(label[0]) * 100
        free = [status for status in range(first, first + 100) if status not in exact | set(NO_BODY)]
    elif label == "default":
        has_success = "2" in ranges or any(200 <= status < 300 for status in exact)
        wanted = (500, 400, 503, 418) if has_success else (200, 500, 400)
        free = [each for each in wanted if each not in exact and str(each)[0] not in ranges]
    else:
        raise UncoverableError(f"{label!r} is not a status.")
    if not free:
        raise UncoverableError(f"No status is left for {label!r}: other responses describe all its statuses.")
    return free[0]
