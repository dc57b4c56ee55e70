"""How a wait is doing, on stderr: a bar on a terminal, a line a change anywhere else."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bluejay_results.errors import BluejayError
from bluejay_results.results.run import SimulationRun

from ..writing.text import terminal_safe
from .console import console
from .state import (
    count,
    ended_and_total,
    status,
    waits_for,
)

Listeners = tuple[Callable[[SimulationRun], None], Callable[[BluejayError], None]]


@contextmanager
def progress(run_id: str) -> Iterator[Listeners]:
    """Show the progress of a run; yield what to call after a poll: with the run, or with the error."""
    stderr = console(stderr=True)
    # Not what rich takes for a terminal: FORCE_COLOR would fill a CI log with bars. And a log breaks a bar.
    if not sys.stderr.isatty() or stderr.is_dumb_terminal or os.environ.get("BLUEJAY_LOG"):
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


def _bar(run_id: str, bar: Progress) -> Listeners:
    task = bar.add_task(f"Run {terminal_safe(run_id)}", total=None)
    wait_changed = _changes()

    def on_update(run: SimulationRun) -> None:
        ended, total = ended_and_total(run)
        description = f"Run {terminal_safe(run_id)} {status(run)}"
        bar.update(task, description=description, completed=ended, total=total or None)
        if waiting := wait_changed(run):
            bar.console.print(waiting, soft_wrap=True)

    def on_fault(error: BluejayError) -> None:
        bar.update(
            task, description=f"Run {terminal_safe(run_id)} still trying: {terminal_safe(error.reason, 60)}"
        )

    return on_update, on_fault


def _changes() -> Callable[[SimulationRun], str]:
    """Return what tells, once a change, what a run still waits for; empty where nothing has changed."""
    last = ""

    def changed(run: SimulationRun) -> str:
        nonlocal last
        before, (last, seconds) = last, waits_for(run)
        if last in {"", before}:
            return ""
        return f"{last}; waiting up to {seconds} s (--tool-call-grace 0 skips this)"

    return changed


def _lines(run_id: str) -> Listeners:
    started, last = time.monotonic(), ""
    wait_changed = _changes()

    def show(now: str) -> None:
        nonlocal last
        if now != last:
            elapsed = time.monotonic() - started
            sys.stderr.write(f"Run {terminal_safe(run_id)}: {now}, {elapsed:.0f} s\n")
            last = now

    def on_fault(error: BluejayError) -> None:
        show(f"the last poll failed, trying again ({terminal_safe(error.reason).rstrip('.')})")

    def on_update(run: SimulationRun) -> None:
        show(f"{status(run)}, {count(run)}")
        if waiting := wait_changed(run):
            sys.stderr.write(f"Run {terminal_safe(run_id)}: {waiting}\n")

    return on_update, on_fault
