"""How the command can end: the one table of its exit codes."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """An exit code and what it means."""

    meaning: str

    KEPT = 0, "no violation; suspicious values are shown and don't count, nor does drift"
    USAGE = 2, "a mistake in the command, a setting or a file, a body over --max-bytes or too little memory"
    API = 3, "no answer from the service, or no run in it, so nothing to judge"
    BROKEN = 5, "a violation of the contract, or drift with --strict"
    INTERRUPTED = 130, "stopped by Ctrl-C, which ends a stub with 0"
    READER_GONE = 141, "nobody read the output to its end, as in `| head`"

    def __new__(cls, value: int, meaning: str) -> Self:
        """Keep the meaning beside the number."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code
