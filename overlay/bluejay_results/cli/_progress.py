"""How a wait is doing, on stderr: a bar on a terminal, a line a change anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bluejay_results.run import SimulationRun

from ._console import console
from ._state import ended_and_total, state, status
from ._text import inert

OnUpdate = Callable[[SimulationRun], None]


@contextmanager
def progress(run_id: str) -> Iterator[OnUpdate]:
    """Show the progress of a run for the length of a with statement.

    Yields:
        What to call with the run after each look.
    """
    stderr = console(stderr=True)
    # Not what rich takes for a terminal: FORCE_COLOR would fill a CI log with bars.
    if not sys.stderr.isatty() or stderr.is_dumb_terminal:
        yield _lines(run_id)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("ended"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=stderr, transient=True) as bar:
        yield _bar(run_id, bar)


def _bar(run_id: str, bar: Progress) -> OnUpdate:
    task = bar.add_task(f"Run {inert(run_id)}", total=None)

    def on_update(run: SimulationRun) -> None:
        ended, total = ended_and_total(run)
        description = f"Run {inert(run_id)} {status(run)}"
        bar.update(task, description=description, completed=ended, total=total or None)

    return on_update


def _lines(run_id: str) -> OnUpdate:
    started, last = time.monotonic(), ""

    def on_update(run: SimulationRun) -> None:
        nonlocal last
        if (now := state(run)) != last:
            elapsed = time.monotonic() - started
            sys.stderr.write(f"Run {inert(run_id)}: {now}, {elapsed:.0f} s\n")
            last = now

    return on_update
