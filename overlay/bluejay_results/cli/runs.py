"""The command `runs`.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bluejay_results._defaults import MAX_BODY_BYTES

from ..writing.streams import styled_lines, write_bytes, write_text
from .har_option import prepare
from .key import KeyOptions
from .options import (
    BaseUrl,
    Har,
    KeyCommand,
    KeyFile,
    MaxBytes,
    Version,
)
from .output import OutputOptions, written_on_error
from .source import check_simulation, read_list

if TYPE_CHECKING:
    from bluejay_results.results.simulation_runs import ListedRun, SimulationRuns

HELP = """\
Examples:
  bluejay-results runs 731 --last 5
  bluejay-results runs 731 --since 2026-11-01
  bluejay-results runs 731 --since 2026-11-19T16:00:00+01:00 --json
  bluejay-results gate $(bluejay-results runs 731 --last 1 --jsonl | jq -r .id)

Environment and exit codes: bluejay-results --help"""


def _moment(text: str) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a date or a time such as 2026-11-19 or 2026-11-19T16:04:00Z"
        ) from None
    return moment.replace(tzinfo=moment.tzinfo or datetime.UTC)


Last = Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the N newest runs.")]
Since = Annotated[
    datetime.datetime | None,
    typer.Option(
        metavar="TIME",
        parser=_moment,
        help="Only runs created at this time or later: an ISO 8601 date or time, by default UTC.",
    ),
]


def runs(
    simulation: Annotated[
        str,
        typer.Argument(
            metavar="SIMULATION|FILE|-",
            help="A simulation id, the URL of its page in the app, or a recording or saved body of its runs.",
        ),
    ],
    last: Last = None,
    since: Since = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write the list as JSON; docs/command.md describes the format.")
    ] = False,
    as_json_lines: Annotated[
        bool, typer.Option("--jsonl", help="Write one JSON object per line, one for each run.")
    ] = False,
    har: Har = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """List the runs of a simulation, the newest first.

    Each line has the run's id, creation time and status, and the run's own count of conversations that
    passed. To see whether a run is settled, use show.
    """
    output = OutputOptions(json=as_json, jsonl=as_json_lines)
    output.check()
    prepare(har, simulation, api_key_file)
    key = KeyOptions(api_key_file, api_key_command)
    with written_on_error(output):
        found = read_list(simulation, base_url, key, max_bytes, har)
    shown = [each for each in found if since is None or each.created_at >= since][:last]
    _write(found, shown, output)
    check_simulation(found)


def _write(found: "SimulationRuns", shown: "Sequence[ListedRun]", output: OutputOptions) -> None:
    if output.is_for_programs:
        from ..writing.view import listed_run_line, runs_view

        lines = b"".join(map(listed_run_line, shown))
        write_bytes(runs_view(found.requested_id, shown, found.notes) if output.json else lines)
    else:
        from .layout import console  # loaded late: it imports rich
        from .run_list import run_list

        write_text(styled_lines(run_list(found, shown, console()), console()))
