"""What a command records is written as soon as the service has been read, however that ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bluejay_results.errors import UsageError
from bluejay_results.recording.recorder import Recorder


@contextmanager
def recorded(path: str | None) -> Iterator[Recorder | None]:
    """Give a recorder, and write what it has received in the end, also after an error or a signal.

    Raises:
        UsageError: The file can't be written.
    """
    if path is None:
        yield None
        return
    recorder = Recorder()
    try:
        yield recorder
    finally:
        if recorder.has_response:
            with explained(path):
                recorder.save(path)


@contextmanager
def explained(path: str) -> Iterator[None]:
    """Turn a failure to write a recording into a UsageError."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"--har: {path}: {error.strerror}. Give a file that can be written.") from None
