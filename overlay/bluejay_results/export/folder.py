"""An export's destination: a folder in which files appear complete or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ..errors import UsageError

TEMPORARY = ".bluejay-"
"""The prefix for files that are being written. These files are at the top level of a folder."""


class Folder:
    """A local or shared folder; paths are relative to it.

    Attributes:
        name: The folder as the user specified it.
    """

    def __init__(self, name: str | os.PathLike[str]) -> None:
        """Use a folder, which need not exist; raise UsageError for a file or a URL."""
        self.name = os.fspath(name)
        if not self.name or "://" in self.name or Path(self.name).is_file():
            raise UsageError(f"{self.name!r} is not a folder. Export to a folder, and copy it from there.")
        self._root = Path(self.name).absolute()  # a worker's working directory can differ from ours

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None if the file doesn't exist."""
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None

    def names(self, folder: str = "") -> list[str]:
        """Return the names in a folder, or an empty list if the folder doesn't exist."""
        try:
            return [each.name for each in (self._root / folder).iterdir()]
        except FileNotFoundError:
            return []

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[bytes]]:
        """Open a file that is renamed once it is complete, or removed after an error."""
        target, beside = self._root / path, self._root / f"{TEMPORARY}{secrets.token_hex(8)}"
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("xb") as file:
                yield file
            beside.replace(target)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise

    def remove(self, path: str) -> None:
        """Remove a file, if it exists."""
        (self._root / path).unlink(missing_ok=True)
