"""Shows the progress of a run on stderr, as a bar on a terminal, otherwise as one line per change."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import TYPE_CHECKING

from bluejay_results.errors import BluejayError
from bluejay_results.results.outcome import Outcome
from bluejay_results.results.progress import RunProgress
from bluejay_results.results.run import SimulationRun
from bluejay_results.results.status import RUN_CUT_SHORT, normalized

from ..writing.safe_text import terminal_safe
from ..writing.streams import write_message

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

Listeners = tuple[Callable[[RunProgress], None], Callable[[BluejayError], None]]


def status_text(progress: RunProgress | SimulationRun) -> str:
    """Return the run's own status."""
    return terminal_safe(progress.status) if progress.status else "no status"


def ended_text(run: SimulationRun) -> str:
    """Return how many of the run's conversations have ended."""
    ended, total = ended_and_total(run)
    if total:
        return f"{ended} of {total} conversations ended"
    return "no conversations" if run.has_ended else "no conversation yet"


def ended_and_total(run: SimulationRun) -> tuple[int, int]:
    """Return how many conversations have ended, and how many the run is known to have."""
    received = len(run.results)
    under_way = sum(not each.is_awaited for each in run.results_by_outcome[Outcome.UNDER_WAY])
    return received - under_way, max(received, run.expected_count)


def _progress_text(progress: RunProgress) -> str:
    if progress.run:
        return ended_text(progress.run)
    if not progress.total:
        return "no conversation yet"
    return f"{progress.ended or 0} of {progress.total} conversations ended"


def waits_for(run: SimulationRun) -> tuple[str, int]:
    """Return what an ended run still waits for, as text, and for how many seconds at most.

    The text is empty if the run waits for nothing, or for something without a time limit.
    """
    under_way = run.results_by_outcome[Outcome.UNDER_WAY]
    calls = [each.grace_left for each in under_way if each.is_awaited]
    others, run_left = len(under_way) - len(calls), run.grace.run_left
    others_have_limit = normalized(run.status) in RUN_CUT_SHORT and run_left
    if not run.has_ended or (others and not others_have_limit):
        return "", 0
    missing = run.missing_count if run_left else 0
    parts = (
        (len(calls), "no verdict or not all tool calls yet"),
        (missing, "not been listed yet"),
        (others, "not ended"),
    )
    left = max([0.0, *calls, run_left if missing or others else 0.0])
    said = [f"{conversations_text(number)} {_has(number)} {what}" for number, what in parts if number]
    return ", ".join(said), ceil(left)


def conversations_text(number: int) -> str:
    """Return a number of conversations as text."""
    return f"{number} conversation" if number == 1 else f"{number} conversations"


def _has(number: int) -> str:
    return "has" if number == 1 else "have"


@contextmanager
def progress(run_id: str) -> Iterator[Listeners]:
    """Show the progress of a run.

    Yields two functions: one to call with the progress after each poll, one to call with the error of
    a failed poll.
    """
    # Loaded late: they import rich.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from .layout import console

    stderr = console(stderr=True)
    if not _shows_bar(stderr):
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


@contextmanager
def progress_of_runs(total: int) -> Iterator[Callable[[], None]]:
    """Show on a terminal how many runs are done; yield the function to call after each run."""
    # Loaded late: they import rich.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from .layout import console

    stderr = console(stderr=True)
    if not _shows_bar(stderr):
        yield lambda: None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("runs"), TimeRemainingColumn())
    with Progress(*columns, console=stderr, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def _shows_bar(stderr: Console) -> bool:
    # With FORCE_COLOR, rich would treat any stream as a terminal. A log of requests would break the bar.
    return sys.stderr.isatty() and not stderr.is_dumb_terminal and not os.environ.get("BLUEJAY_LOG")


def _bar(run_id: str, bar: Progress) -> Listeners:
    task = bar.add_task(f"Run {terminal_safe(run_id)}", total=None)
    wait_changed = _changes()

    def on_update(progress: RunProgress) -> None:
        run = progress.run
        ended, total = ended_and_total(run) if run else (progress.ended or 0, progress.total or 0)
        description = f"Run {terminal_safe(run_id)} {status_text(progress)}"
        bar.update(task, description=description, completed=ended, total=total or None)
        if waiting := wait_changed(run):
            bar.console.print(waiting, soft_wrap=True)

    def on_fault(error: BluejayError) -> None:
        bar.update(
            task, description=f"Run {terminal_safe(run_id)} still trying: {terminal_safe(error.reason, 60)}"
        )

    return on_update, on_fault


def _changes() -> Callable[[SimulationRun | None], str]:
    """Return a function that returns what a run still waits for, or an empty text if nothing changed."""
    last = ""

    def changed(run: SimulationRun | None) -> str:
        nonlocal last
        before, (last, seconds) = last, waits_for(run) if run else ("", 0)
        if last in {"", before}:
            return ""
        return f"{last}; waiting up to {seconds} s (--tool-call-grace 0 skips this wait)"

    return changed


def _lines(run_id: str) -> Listeners:
    started, last = time.monotonic(), ""
    wait_changed = _changes()

    def show(now: str) -> None:
        nonlocal last
        if now != last:
            elapsed = time.monotonic() - started
            write_message(f"Run {run_id}: {now}, {elapsed:.0f} s")
            last = now

    def on_fault(error: BluejayError) -> None:
        show(f"the last poll failed, trying again ({terminal_safe(error.reason).rstrip('.')})")

    def on_update(progress: RunProgress) -> None:
        show(f"{status_text(progress)}, {_progress_text(progress)}")
        if waiting := wait_changed(progress.run):
            write_message(f"Run {run_id}: {waiting}")

    return on_update, on_fault
