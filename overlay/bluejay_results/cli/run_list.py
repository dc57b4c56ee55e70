"""Lists the runs of a simulation as lines of text."""

import datetime
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from bluejay_results.results.simulation_runs import ListedRun, SimulationRuns

from ..writing.safe_text import percent_text, terminal_safe
from .layout import Columns, labelled, table, wrapped

_LONGEST_STATUS = 20
_LONGEST_SUMMARY = 200
_LONGEST_NOTE = 400


def run_list(found: SimulationRuns, shown: Sequence[ListedRun], console: Console) -> Iterator[Text]:
    """Yield a line with the number of runs, then a row for each run that is shown."""
    yield from wrapped(Text(_heading(found, shown)), console)
    if shown:
        yield Text()
        columns: Columns = {
            "id": [each.id for each in shown],
            "created (UTC)": [_time(each.created_at) for each in shown],
            "status": [terminal_safe(each.status, _LONGEST_STATUS) for each in shown],
            "passed": [_passed(each) for each in shown],
        }
        summaries = [terminal_safe(each.summary or "-", _LONGEST_SUMMARY) for each in shown]
        yield from table(columns, ("summary", summaries), console, styles={})
    if found.notes:
        yield Text()
        notes = [("Note", terminal_safe(str(note), _LONGEST_NOTE)) for note in found.notes]
        yield from labelled(notes, console)


def _heading(found: SimulationRuns, shown: Sequence[ListedRun]) -> str:
    which = (
        "The simulation" if found.requested_id is None else f"Simulation {terminal_safe(found.requested_id)}"
    )
    if not found:
        return f"{which} has no runs."
    runs = "1 run" if len(found) == 1 else f"{len(found)} runs"
    if not shown:
        newest = _time(found[0].created_at)
        return f"{which} has {runs}, but none since the given time. The newest was created {newest} UTC."
    more = "" if len(shown) == len(found) else f", {len(shown)} of them listed"
    return f"{which} has {runs}{more}, the newest first:"


def _time(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%d %H:%M}"


def _passed(run: ListedRun) -> str:
    if run.passed is None or run.total is None:
        return "-"
    rate = "" if run.pass_rate is None else f", {percent_text(run.pass_rate)}"
    return f"{run.passed} of {run.total}{rate}"
