"""Command options and exit codes.

Annotations aren't postponed here, because typer would have to evaluate them at every startup.
"""

from pathlib import Path
from typing import Annotated

import typer
from attrs import frozen
from bluejay_results.cli.command import OptionGroup
from bluejay_results.cli.exit_codes import Code

TEST_KEY = "test-key"
"""The key that the stub accepts by default."""

_LISTED = 3


class ExitCode(Code):
    """An exit code and what it means."""

    KEPT = 0, "no violation; suspicious values and drift are listed but don't count"
    USAGE = 2, "an option, a setting or a file is invalid, a body is too large, or there isn't enough memory"
    API = 3, "the service sent no response or no run, so there was nothing to check"
    BROKEN = 5, "a violation of the contract, or drift with --strict"
    INTERNAL = 70, "an internal error, which is a bug of this package"
    INTERRUPTED = 130, "stopped by Ctrl-C (a stub exits with 0)"
    READER_GONE = 141, "the output pipe was closed early, as in `| head`"


@frozen
class Reporting(OptionGroup):
    """How to write a report: its formats, how many failures to list, and whether drift counts."""

    list_all: Annotated[
        bool, typer.Option("--all", help=f"List every failure of a rule (default: the first {_LISTED}).")
    ] = False
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document with every failure.")] = (
        False
    )
    junit: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Also write JUnit XML, one test case per rule.")
    ] = None
    strict: Annotated[bool, typer.Option("--strict", help="Count drift as a violation.")] = False

    @property
    def listed(self) -> int | None:
        """The maximum number of failures to list per rule; None lists all."""
        return None if self.list_all else _LISTED
