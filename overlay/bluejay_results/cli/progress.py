"""Shows a run's progress on stderr: on a terminal, as one live line, and otherwise as a line per change."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import TYPE_CHECKING

from bluejay_results.client.polling import RunProgress
from bluejay_results.errors import BluejayError
from bluejay_results.results.outcome import RUN_CUT_SHORT, Outcome, normalized
from bluejay_results.results.run import SimulationRun

from ..writing.safe_text import terminal_safe
from ..writing.streams import write_message
from ..writing.words import count_text

if TYPE_CHECKING:
    from rich.console import Console

Listeners = tuple[Callable[[RunProgress], None], Callable[[BluejayError], None]]


def status_text(progress: RunProgress | SimulationRun) -> str:
    """Return the run's own status."""
    return terminal_safe(progress.status) if progress.status else "no status"


def ended_text(run: SimulationRun) -> str:
    """Return how many of the run's conversations have ended."""
    under_way = sum(not each.is_awaited for each in run.results_by_outcome[Outcome.UNDER_WAY])
    total = len(run.results) + run.missing_count
    if total:
        return f"{len(run.results) - under_way} of {total} conversations ended"
    return "no conversations" if run.has_ended else "no conversations yet"


def _progress_text(progress: RunProgress) -> str:
    if progress.run and (progress.run.has_ended or progress.ended is None):
        return ended_text(progress.run)  # otherwise the counters are enough: every poll reads them
    if not progress.total:
        return "no conversations yet"
    return f"{progress.ended or 0} of {progress.total} conversations ended"


def _waits_for(run: SimulationRun | None) -> tuple[str, float]:
    """Return what an ended run is still waiting for, as text, and the maximum wait in seconds.

    The text is empty if the run isn't waiting for anything, or if there is no time limit.
    """
    if run is None or not run.has_ended:
        return "", 0
    under_way = run.results_by_outcome[Outcome.UNDER_WAY]
    calls = [each.grace_left for each in under_way if each.is_awaited]
    others, run_left = len(under_way) - len(calls), run.grace.run_left
    if others and not (normalized(run.status) in RUN_CUT_SHORT and run_left):
        return "", 0
    missing = run.missing_count if run_left else 0
    parts = (
        (len(calls), "lacks", "lack", "a verdict or tool calls"),
        (missing, "has", "have", "not been listed yet"),
        (others, "has", "have", "not ended"),
    )
    said = [
        f"{count_text(number, 'conversation')} {singular if number == 1 else plural} {what}"
        for number, singular, plural, what in parts
        if number
    ]
    return ", ".join(said), max([0.0, *calls, run_left if missing or others else 0.0])


@contextmanager
def progress(run_id: str, *, is_alone: bool = True) -> Iterator[Listeners]:
    """Show a run's progress; on a terminal, use one live line if the run `is_alone`.

    Yields two functions: one to call with the progress after each poll, and one to call with the error after
    a failed poll.
    """
    from rich.text import Text  # loaded late, like every module of rich

    from .layout import console

    stderr = console(stderr=True)
    name = f"Run {terminal_safe(run_id)}"
    if is_alone and _is_interactive(stderr):
        with stderr.status(Text(name)) as status:
            yield _listeners(
                lambda text: status.update(Text(f"{name}: {text}")),
                lambda text: stderr.print(text, soft_wrap=True),
            )
    else:
        started = time.monotonic()
        yield _listeners(
            lambda text: write_message(f"{name}: {text}, {time.monotonic() - started:.0f} s"),
            lambda text: write_message(f"{name}: {text}"),
        )


def _listeners(show: Callable[[str], None], say: Callable[[str], None]) -> Listeners:
    """Return functions that show a poll's result and what the run is waiting for, if these have changed."""
    shown, waiting = "", ""

    def show_new(text: str) -> None:
        nonlocal shown
        if text != shown:
            show(text)
        shown = text

    def on_update(progress: RunProgress) -> None:
        nonlocal waiting
        show_new(f"{status_text(progress)}, {_progress_text(progress)}")
        before, (waiting, seconds) = waiting, _waits_for(progress.run)
        if waiting not in {"", before}:
            say(f"{waiting}; waiting up to {ceil(seconds)} s (--tool-call-grace 0 skips this wait)")

    def on_fault(error: BluejayError) -> None:
        show_new(f"the last poll failed, trying again ({terminal_safe(error.reason, 200).rstrip('.')})")

    return on_update, on_fault


@contextmanager
def progress_of_runs(total: int) -> Iterator[Callable[[], None]]:
    """Show on a terminal how many runs are done; yield the function to call after each run."""
    # Loaded late: they import rich.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from .layout import console

    stderr = console(stderr=True)
    if not _is_interactive(stderr):
        yield lambda: None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("runs"), TimeRemainingColumn())
    with Progress(*columns, console=stderr, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def _is_interactive(stderr: Console) -> bool:
    # Rich can't be asked whether this is a terminal: with FORCE_COLOR, it always answers yes.
    # With BLUEJAY_LOG, the logged requests would break up the live line.
    return sys.stderr.isatty() and not stderr.is_dumb_terminal and not os.environ.get("BLUEJAY_LOG")
