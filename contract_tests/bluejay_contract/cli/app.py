"""The commands and their options. All other code that a command needs is imported when the command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from bluejay_results.cli.command import Command, grouped, make_app
from bluejay_results.cli.connection import Connection
from bluejay_results.cli.options import ENVIRONMENT, Run, Source, Version

from .options import TEST_KEY, ExitCode, Reporting

_HELP = ENVIRONMENT.replace(":", ", for check RUN and live:", 1)
_CHECK_HELP = """\
Examples:
  bluejay-contract check 48213  read a run with one request and check it
  bluejay-contract check run.har --strict  check what bluejay-results --har recorded
  curl ... | bluejay-contract check - --junit report.xml

Environment and exit codes: bluejay-contract --help"""
_LIVE_HELP = """\
Examples:
  bluejay-contract live 48213
  bluejay-contract live 48213 --pause 5 --junit report.xml

Environment and exit codes: bluejay-contract --help"""


app = make_app(_HELP, ExitCode, add_completion=False)


@app.callback()
def _commands(_version: Version = False) -> None:
    """Check that responses conform to Bluejay's contract for simulation results."""


@app.command(cls=Command, epilog=_CHECK_HELP)
@grouped
def check(source: Source, *, reporting: Reporting, connection: Connection, _version: Version = False) -> int:
    """Check a run or a file for violations of the contract, suspicious values and drift.

    If a run is fetched from the service, the report redacts URLs and longer strings.
    """
    from bluejay_results.cli.source import is_saved
    from bluejay_results.results.app_url import run_id_in

    from .checking import checked, write

    if is_saved(source):
        return write(checked(source, strict=reporting.strict), reporting)
    from bluejay_contract.exchange import Key, Request

    from .live import checked_service  # loaded late: it imports the HTTP stack

    requests = {"read": Request(run_id_in(source), Key.VALID)}
    return write(checked_service(requests, connection, strict=reporting.strict), reporting)


@app.command(cls=Command, epilog=_LIVE_HELP)
@grouped
def live(
    run_id: Run,
    *,
    pause: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="Seconds between requests.")] = 1,
    keep: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Save the response bodies in DIR, unredacted.")
    ] = None,
    reporting: Reporting,
    connection: Connection,
    _version: Version = False,
) -> int:
    """Check a live service with six GET requests: three read a run, and the service must reject the others.

    The report shows whether the service paginates a run's results.

    Reports contain no keys, and no URLs or longer strings from the responses. Only --keep saves the bodies.
    """
    from bluejay_results.results.app_url import run_id_in

    from .checking import write
    from .live import all_checks, checked_service

    requests = all_checks(run_id_in(run_id))
    return write(checked_service(requests, connection, pause, keep, strict=reporting.strict), reporting)


@app.command(cls=Command)
def stub(
    port: Annotated[
        int,
        typer.Option(
            "--port", min=0, max=65535, metavar="NUMBER", help="Port on loopback; 0 picks a free one."
        ),
    ] = 0,
    api_key: Annotated[
        str, typer.Option(metavar="KEY", help="The key that the stub accepts. Don't use a real one.")
    ] = TEST_KEY,
    no_pages: Annotated[
        bool, typer.Option("--no-pages", help="Ignore limit and offset, and send each run in one response.")
    ] = False,
    list_runs: Annotated[
        bool, typer.Option("--list", help="List the runs that the stub serves, and exit.")
    ] = False,
    _version: Version = False,
) -> None:
    """Serve simulation runs on loopback until Ctrl-C.

    Prints the URL on stdout, then lines on stderr to paste into another shell:
    export BLUEJAY_API_URL=... and export BLUEJAY_API_KEY=...
    """
    from .stub import list_scenarios, serve

    if list_runs:
        list_scenarios()
    else:
        serve(port, api_key, pages=not no_pages)
