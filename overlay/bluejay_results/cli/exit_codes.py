"""The command's exit codes."""

from enum import IntEnum
from typing import Self


class Code(IntEnum):
    """An exit code and what it means."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """Store the meaning with the number."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code


class ExitCode(Code):
    """The exit codes of `bluejay-results`."""

    FINE = 0, "the runs were read, queued or exported, whatever their verdict; gate: ship"
    DONT_SHIP = 1, "gate: don't ship"
    USAGE = 2, "an invalid option, setting or file; or out of memory"
    API = (
        3,
        "the service refused the request, failed, could not be reached or sent too large a response; "
        "export: a run could not be exported",
    )
    NOT_SETTLED = 4, "the run did not settle in time"
    CONTRACT = 5, "the response or the file breaks the contract, or is about another run"
    INCONCLUSIVE = 6, "gate: inconclusive, so don't ship yet"
    HUNG_UP = 129, "stopped by SIGHUP, for example because the terminal was closed"
    INTERRUPTED = 130, "stopped by Ctrl-C"
    READER_GONE = 141, "the output pipe was closed early, as in `| head`"
    TERMINATED = 143, "stopped by SIGTERM"
