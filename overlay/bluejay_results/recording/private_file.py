"""Writes a file that only this user can read."""

from __future__ import annotations

import contextlib
import os
import tempfile
from os import PathLike
from pathlib import Path


def write_private(path: str | PathLike[str], data: bytes) -> None:
    """Write a file completely or not at all, with mode 0600 from its creation. Missing folders are created.

    If the path is a device or a pipe, the data is written to the device or pipe, which is not replaced.

    Raises:
        OSError: The file can't be written, or no process reads the pipe.
    """
    if Path(path).exists() and not Path(path).is_file():
        _write_to(Path(path), data)
        return
    target = Path(path).resolve()  # the target of a link, so that the link is kept
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".bluejay-")  # its mode is 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _write_to(target: Path, data: bytes) -> None:
    # Without O_NONBLOCK, opening a pipe would wait for a reader.
    descriptor = os.open(target, os.O_WRONLY | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
