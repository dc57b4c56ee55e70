"""The exit codes of the command."""

from __future__ import annotations

from bluejay_results.cli.exit_codes import Code


class ExitCode(Code):
    """An exit code and what it means."""

    KEPT = 0, "no violation; suspicious values and drift are listed but don't count"
    USAGE = 2, "wrong usage: an option, a setting or a file; a body that is too large; out of memory"
    API = 3, "the service sent no response or no run, so there was nothing to check"
    BROKEN = 5, "a violation of the contract, or drift with --strict"
    INTERRUPTED = 130, "stopped by Ctrl-C (a stub exits with 0)"
    READER_GONE = 141, "the output pipe was closed early, as in `| head`"
