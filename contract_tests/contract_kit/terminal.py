"""Output for a terminal: text that can't control the terminal, and a progress bar."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

# Control characters, and characters that reorder or split a line.
_ACTIVE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_PAUSE = 0.1
"""Minimum seconds between two updates of the bar, because one update takes longer than a mutant."""

_SECONDS_PER_LINE = 10


def terminal_safe(text: str) -> str:
    """Return one line in which every character that would control a terminal is escaped."""
    return _ACTIVE.sub(lambda match: ascii(match[0])[1:-1], " ".join(text.split()))


class Show(Protocol):
    """Shows the progress of a command."""

    def __call__(self, text: str, done: int = 0, total: int | None = None, /) -> None:
        """Show a text. If the total is known, also show how much of it is done."""


@contextmanager
def progress(text: str, *, is_shown: bool = True) -> Iterator[Show]:
    """Show a bar with a text immediately; without a terminal, write a line now and then.

    Yields the function to call with each update.

    Args:
        text: The first text to show.
        is_shown: Whether to show a bar at all.
    """
    if not is_shown:
        yield _show_nothing
        return
    if not sys.stderr.isatty():
        yield _writing_lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)
        latest: dict[str, Any] = {}
        shown_at = 0.0

        def show(text: str, done: int = 0, total: int | None = None) -> None:
            nonlocal shown_at
            latest.update(description=text, completed=done, total=total)
            if (now := time.monotonic()) > shown_at + _PAUSE:
                shown_at = now
                bar.update(task, **latest)

        yield show
        bar.update(task, **latest)


def _writing_lines() -> Show:
    """Return a function that writes a line, but at most one in ten seconds."""
    written_at = time.monotonic()

    def show(text: str, _done: int = 0, _total: int | None = None) -> None:
        nonlocal written_at
        if (now := time.monotonic()) >= written_at + _SECONDS_PER_LINE:
            written_at = now
            sys.stderr.write(f"{text}\n")

    return show


def _show_nothing(_text: str, _done: int = 0, _total: int | None = None) -> None:
    """Do nothing, because a bar would mix with the output."""
