"""Writes a regular file completely or not at all; a device or a pipe is written to, and never replaced."""

from __future__ import annotations

import os
from contextlib import suppress
from os import PathLike
from pathlib import Path


def write_file(path: str | PathLike[str], data: bytes, mode: int = 0o666) -> None:
    """Write a file. Missing folders are created, and the target of a symbolic link is written.

    Args:
        path: The file, device or pipe.
        data: What to write.
        mode: The mode of a new regular file, before the umask applies.

    Raises:
        OSError: The file can't be written.
    """
    if Path(path).exists() and not Path(path).is_file():
        with Path(path).open("wb") as stream:
            stream.write(data)
        return
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.parent / f".bluejay-{os.urandom(8).hex()}"
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def remove_earlier(path: str | PathLike[str]) -> None:
    """Remove the file of an earlier call, so that nobody mistakes it for a new one.

    Raises:
        OSError: A new file can't be written.
    """
    if not Path(path).exists() or Path(path).is_file():
        write_file(path, b"")
        Path(os.path.realpath(path)).unlink()
