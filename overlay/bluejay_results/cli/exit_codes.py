"""The command's exit codes."""

from enum import IntEnum
from typing import Self


class Code(IntEnum):
    """An exit code and what it means."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """Create a member from its exit code and meaning."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code


class ExitCode(Code):
    """The exit codes of `bluejay-results`."""

    FINE = (
        0,
        "the runs were read, queued or exported, whatever their verdict; for gate, the decision is to ship",
    )
    DONT_SHIP = 1, "the gate's decision is \"don't ship\""
    USAGE = 2, "an option, a setting or a file is invalid, or there isn't enough memory"
    API = (
        3,
        "the service rejected the request, failed, could not be reached or sent too large a response; "
        "for export, a run could not be exported",
    )
    NOT_SETTLED = 4, "the run did not settle in time"
    CONTRACT = 5, "the response or the file breaks the contract, or belongs to another run"
    INCONCLUSIVE = 6, "the gate is inconclusive, so don't ship yet"
    INTERNAL = 70, "an internal error, which is a bug of this package"
    HUNG_UP = 129, "stopped by SIGHUP, for example because the terminal was closed"
    INTERRUPTED = 130, "stopped by Ctrl-C"
    READER_GONE = 141, "the output pipe was closed early, as in `| head`"
    TERMINATED = 143, "stopped by SIGTERM"
