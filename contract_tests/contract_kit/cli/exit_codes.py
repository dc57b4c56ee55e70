"""The exit codes of the command, with their meanings."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """An exit code; `MEANINGS` explains each."""

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
        "the client handled every mutant correctly (with --baseline: not worse), a baseline was written, "
        "diff found nothing breaking, or no client was needed"
    ),
    ExitCode.FAULTY: (
        "the client has a fault: it accepted a broken response, crashed, hung or refused a legal response "
        "(with --baseline: a worse fault, or what --fail-on names); or diff found a breaking change"
    ),
    ExitCode.USAGE: "wrong usage: an option, the document (perhaps a broken reference) or another file",
    ExitCode.CLIENT: "the client could not be run, so nothing is known about it",
    ExitCode.INCONCLUSIVE: (
        "inconclusive: the client did not accept a valid response, never requested a mutant, or retried too "
        "long"
    ),
    ExitCode.INTERRUPTED: "stopped by Ctrl-C",
    ExitCode.READER_GONE: "the output pipe was closed early, as in `| head`",
    ExitCode.TERMINATED: "stopped by SIGTERM",
}
