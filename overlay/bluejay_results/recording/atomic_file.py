"""Writes regular files completely or not at all; devices and pipes are written to and never replaced."""

from __future__ import annotations

import os
from contextlib import suppress
from os import PathLike
from pathlib import Path


def write_file(path: str | PathLike[str], data: bytes, mode: int = 0o666) -> None:
    """Write a file. If the path is a symbolic link, write to its target.

    Args:
        path: The file, device or pipe.
        data: What to write.
        mode: The mode of a new regular file, before the umask applies.

    Raises:
        OSError: The file can't be written, for example because its folder doesn't exist.
    """
    if Path(path).exists() and not Path(path).is_file():
        with Path(path).open("wb") as stream:
            stream.write(data)
        return
    target = Path(os.path.realpath(path))
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
    """Remove the file from an earlier call, so that it isn't mistaken for a new one.

    Raises:
        OSError: A new file can't be written.
    """
    if not Path(path).exists() or Path(path).is_file():
        write_file(path, b"")
        Path(os.path.realpath(path)).unlink()
