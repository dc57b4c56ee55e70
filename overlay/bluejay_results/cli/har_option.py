"""The option `--har`: checks its file before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bluejay_results.errors import UsageError
from bluejay_results.recording.atomic_file import make_room

from .source import is_saved

_NO_FILE = ("", "-")


def check_unused(path: str | None, *others: str | None) -> None:
    """Raise UsageError if the recording's file has another use too. Call this before any file is changed."""
    if path is None or path in _NO_FILE:
        return
    if any(Path(each).resolve() == Path(path).resolve() for each in others if each):
        raise UsageError(f"--har: this command also reads or writes {path}. Name another file.")


def prepare(path: str | None, source: str | None, *others: str | None) -> None:
    """Remove an earlier recording, so that nobody mistakes it for the new one.

    Args:
        path: The file to write; None if the user wants no recording.
        source: The run or the file that the command reads.
        others: Other files that the command reads or writes.

    Raises:
        UsageError: The command reads a file, or the recording's file can't be written or has another use.
    """
    if path is None:
        return
    if path in _NO_FILE:
        raise UsageError("--har needs the name of a file.")
    if source is None:
        raise UsageError("--har records a run. Name a run, or leave the option out.")
    check_unused(path, source, *others)
    if is_saved(source):
        raise UsageError(f"--har records what the service sends, and {source} is a file. Give a run id.")
    if Path(path).is_dir():
        raise UsageError(f"--har: {path} is a folder. Name a file.")
    with _explained(path):
        make_room(path)


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Raise UsageError if the recording can't be written."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"--har: {path}: {error.strerror}. Give a file that can be written.") from None
