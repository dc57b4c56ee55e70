"""Checks the option `--har` before anything is sent."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bluejay_results.errors import UsageError

from .recording import explained
from .source import is_saved


def prepare(path: str | None, source: str | None, *others: str | None) -> None:
    """Remove an earlier recording, so that nobody takes it for this one.

    Args:
        path: The file to write; None where no recording is asked for.
        source: The run or the file that the command reads.
        others: What else the command reads or writes.

    Raises:
        UsageError: Nothing is read from the service, or the file can't be written or has another use.
    """
    if path is None:
        return
    if not path or path == "-":
        raise UsageError("--har needs the name of a file.")
    if source is None:
        raise UsageError("--har records a run. Name a run, or leave the option out.")
    used = [each for each in (source, *others) if each]
    if any(Path(each).resolve() == Path(path).resolve() for each in used):
        raise UsageError(f"--har: this command also reads or writes {path}. Name another file.")
    if is_saved(source):
        raise UsageError(f"--har records what the service sends, and {source} is a file. Give a run id.")
    if Path(path).is_dir():
        raise UsageError(f"--har: {path} is a folder. Name a file.")
    if not Path(path).exists() or Path(path).is_file():  # a device or a pipe stays as it is
        _make_room(path)


def _make_room(path: str) -> None:
    with explained(path):
        folder = Path(path).resolve().parent
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):  # before a wait of minutes
            Path(path).resolve().unlink(missing_ok=True)
