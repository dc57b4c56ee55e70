"""The `runs` command, which lists a simulation's runs.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ..json_output import runs_to_json
from ..results.notes import notes
from ..writing.numbers import number_text
from ..writing.safe_text import terminal_safe
from ..writing.streams import styled_lines, write_bytes, write_text
from ..writing.words import count_text, in_utc
from .connection import Connection
from .options import SUBJECT, AsJson, Har, Version, argument, option
from .source import prepare_recording, read_list

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from bluejay_results.results.simulation_runs import ListedRun, SimulationRuns

EXAMPLES = """\
  bluejay-results runs 731 --last 5
  bluejay-results runs 731 --since 2026-11-01
  bluejay-results runs 731 --since 2026-11-19T16:00:00+01:00 --json
  run=$(bluejay-results runs 731 --last 1 --json | jq -r '.runs[].id')
  bluejay-results gate -- "$run"
"""
_LONGEST_STATUS, _LONGEST_SUMMARY, _LONGEST_NOTE = 20, 200, 400


def _moment(text: str) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a date or time. Use a format such as 2026-11-19 or 2026-11-19T16:04:00Z"
        ) from None
    return moment.replace(tzinfo=moment.tzinfo or datetime.UTC)


Last = Annotated[int | None, option(SUBJECT, "N", "Include only the N newest runs.", min=1)]
Since = Annotated[
    datetime.datetime | None,
    option(
        SUBJECT,
        "TIME",
        "Include only runs created at or after this ISO 8601 date or time (in UTC by default).",
        parser=_moment,
    ),
]


def runs(
    simulation: Annotated[
        str,
        argument(
            "SIMULATION|FILE|-",
            "A simulation id, the URL of its page in the app, or a recording or saved body of its runs.",
        ),
    ],
    *,
    last: Last = None,
    since: Since = None,
    as_json: AsJson = False,
    har: Har = None,
    connection: Connection,
    _version: Version = False,
) -> None:
    """List a simulation's runs, newest first.

    Each line shows the run's id, creation time and status, and the service's count of passed
    conversations. To see whether a run is settled, use show.
    """
    prepare_recording(har, simulation, connection=connection)
    found = read_list(simulation, connection, har)
    shown = [each for each in found if since is None or each.created_at >= since][:last]
    if as_json:
        write_bytes(runs_to_json(found, shown))
    else:
        from .layout import console  # loaded late: it imports rich

        write_text(styled_lines(run_list(found, shown, console()), console()))


def run_list(found: "SimulationRuns", shown: "Sequence[ListedRun]", console: "Console") -> "Iterator[Text]":
    """Yield a line with the number of runs, then a row for each run that is shown."""
    from rich.text import Text

    from .layout import labelled, table, wrapped

    yield from wrapped(Text(_heading(found, shown)), console)
    if shown:
        yield Text()
        columns = {
            "id": [each.id for each in shown],
            "created (UTC)": [_time(each.created_at) for each in shown],
            "status": [terminal_safe(each.status, _LONGEST_STATUS) for each in shown],
            "service's pass rate": [_passed(each) for each in shown],
        }
        summaries = [terminal_safe(each.summary or "-", _LONGEST_SUMMARY) for each in shown]
        yield from table(columns, ("summary", summaries), console, styles={})
    if said := notes(found):
        yield Text()
        rows = [("Note", terminal_safe(str(note), _LONGEST_NOTE)) for note in said]
        yield from labelled(rows, console)


def _heading(found: "SimulationRuns", shown: "Sequence[ListedRun]") -> str:
    which = (
        "The simulation" if found.requested_id is None else f"Simulation {terminal_safe(found.requested_id)}"
    )
    if not found:
        return f"{which} has no runs."
    number = count_text(len(found), "run")
    if not shown:
        newest = _time(found[0].created_at)
        return f"{which} has {number}, but none since the given time. The newest was created {newest} UTC."
    if len(shown) < len(found):
        return f"{which} has {number}. The newest{'' if len(shown) == 1 else f' {len(shown):,}'}:"
    return f"{which} has {number}{'' if len(shown) == 1 else ', newest first'}:"


def _time(moment: datetime.datetime) -> str:
    return f"{in_utc(moment):%Y-%m-%d %H:%M}"


def _passed(run: "ListedRun") -> str:
    if run.passed is None or run.total is None:
        return "-"
    rate = "" if run.service_pass_rate is None else f", {number_text(run.service_pass_rate, '%')}"
    return f"{run.passed} of {run.total}{rate}"
