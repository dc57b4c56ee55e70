"""Output for terminals and CI logs: text without control sequences or commands, and a progress bar."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

# Control characters, characters that reorder or split a line, and those that XML 1.0 or UTF-8 can't encode.
_ACTIVE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_COMMAND = re.compile(r"(?<=#)#(?=\w*\[)")
"""`##[name` (GitHub, Azure), `##vso[name` (Azure) or `##teamcity[name` starts a command within a line."""
_COMMAND_AT_THE_START = re.compile(r"^(\s*:):")
"""GitHub interprets `::name` as a command at the start of a line, even after whitespace."""
_PAUSE = 0.1
"""The minimum number of seconds between updates of the bar, because an update takes longer than a mutant."""

_SECONDS_PER_LINE = 10


def terminal_safe(text: str) -> str:
    """Return text as one line, escaping everything that would control a terminal or a CI system."""
    return safe_line(" ".join(text.split()))


def safe_line(line: str) -> str:
    """Return a line, escaping everything that would control a terminal or a CI system."""
    line = _COMMAND.sub(r"\\u0023", _ACTIVE.sub(lambda match: ascii(match[0])[1:-1], line))
    return _COMMAND_AT_THE_START.sub(r"\1\\u003a", line)


def json_safe(document: str) -> str:
    """Return the same JSON document, escaping everything that would control a CI system."""
    escaped = _ACTIVE.sub(lambda match: match[0] if match[0] == "\n" else f"\\u{ord(match[0]):04x}", document)
    return escaped.replace("##", "#\\u0023")


def write_line(line: str, *, to_stderr: bool = False) -> None:
    """Write a line to stdout or stderr immediately."""
    write_text(f"{line}\n", to_stderr=to_stderr)


def write_text(text: str, *, to_stderr: bool = False) -> None:
    """Write text to stdout or stderr immediately."""
    stream = sys.stderr if to_stderr else sys.stdout
    stream.write(text)
    stream.flush()


class Show(Protocol):
    """A function that shows the progress of a command."""

    def __call__(self, text: str, done: int = 0, total: int | None = None, /) -> None:
        """Show a message and, if the total is known, how much is done."""


@contextmanager
def progress(text: str, *, is_shown: bool = True) -> Iterator[Show]:
    """Show a bar with a message immediately or, without a terminal, write a line now and then.

    Yields the function to call for each update.
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
    """Return a function that writes a line at most every ten seconds."""
    written_at = time.monotonic()

    def show(text: str, _done: int = 0, _total: int | None = None) -> None:
        nonlocal written_at
        if (now := time.monotonic()) >= written_at + _SECONDS_PER_LINE:
            written_at = now
            sys.stderr.write(f"{text}\n")

    return show


def _show_nothing(_text: str, _done: int = 0, _total: int | None = None) -> None:
    """Do nothing, because a bar would be mixed with the output."""
