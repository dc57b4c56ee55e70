"""The command's exit codes and their meanings."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The command's exit codes; `MEANINGS` explains each code."""

    FINE = 0
    FAULTY = 1
    USAGE = 2
    CLIENT = 3
    INCONCLUSIVE = 4
    INTERRUPTED = 130
    READER_GONE = 141
    TERMINATED = 143


MEANINGS = {
    ExitCode.FINE: (
        "the client handled every mutant correctly (with --baseline, no worse than before), a baseline was "
        "written, diff found no breaking changes, or no client was needed"
    ),
    ExitCode.FAULTY: (
        "the client accepted a broken response, refused a legal response, crashed or hung (with --baseline, "
        "only worse faults and what --fail-on adds count), or diff found a breaking change"
    ),
    ExitCode.USAGE: "an option, the document (for example, a reference in it) or another file is invalid",
    ExitCode.CLIENT: "the client could not be run, so nothing is known about it",
    ExitCode.INCONCLUSIVE: (
        "inconclusive, because the client did not accept a valid response, never requested a mutant, or "
        "retried for too long"
    ),
    ExitCode.INTERRUPTED: "stopped by Ctrl-C",
    ExitCode.READER_GONE: "the output pipe was closed early, as in `| head`",
    ExitCode.TERMINATED: "stopped by SIGTERM",
}
