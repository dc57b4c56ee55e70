"""The exit codes of the command, with their meanings."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """An exit code and what it means."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """Store the meaning with the number."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code

    FINE = (
        0,
        "the client handled every mutant correctly, diff found nothing breaking, or no client was needed",
    )
    FAULTY = (
        1,
        "the client has a fault: it believed, crashed, hung or wrongly refused (with --baseline: a new or "
        "worse fault); or diff found a breaking change",
    )
    USAGE = 2, "wrong usage: an option, the document or another file"
    CLIENT = 3, "the client could not be run, so nothing is known about it"
    INCONCLUSIVE = (
        4,
        "inconclusive: the client did not accept a valid response, or retried too long",
    )
    INTERRUPTED = 130, "stopped by Ctrl-C"
    READER_GONE = 141, "the output pipe was closed early, as in `| head`"
    TERMINATED = 143, "stopped by SIGTERM"
