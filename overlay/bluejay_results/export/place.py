"""An export's destination: a folder, or any fsspec URL. Files appear complete or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeAlias

from .._extras import needed
from ..errors import BluejayError, UsageError

TEMPORARY = ".bluejay-"
"""The prefix for files that are being written. These files are at the top level of a folder."""
_BLOCK = 8 * 2**20
"""Files up to this size, in bytes, are uploaded in one request, and larger files in parts of this size."""


class Folder:
    """A local or shared folder; paths are relative to it.

    Attributes:
        name: The folder as the user specified it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._root = Path(name).absolute()  # a worker's working directory can differ from ours

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


class Remote:
    """An fsspec URL, such as s3://bucket/runs, with the same methods as `Folder`."""

    def __init__(self, name: str) -> None:
        self.name = name
        fsspec = needed("fsspec", "export")
        try:
            self._fs, self._root = fsspec.core.url_to_fs(name)
        except (ImportError, ValueError) as error:  # the backend isn't installed, or the scheme doesn't exist
            raise UsageError(f"{name} can't be opened ({error}).") from None

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None if the file doesn't exist."""
        with suppress(FileNotFoundError), _as_os_error():
            data: bytes = self._fs.cat_file(self._at(path))
            return data
        return None

    def names(self, folder: str = "") -> list[str]:
        """Return the names in a folder, or an empty list if the folder doesn't exist."""
        with suppress(FileNotFoundError), _as_os_error():
            found = self._fs.ls(self._at(folder), detail=False, refresh=True)
            return [name for each in found if (name := each.rstrip("/").rpartition("/")[2])]
        return []

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[bytes]]:
        """Open an object that appears once it is complete, or not at all after an error."""
        path = self._at(path)
        with _as_os_error():
            if path.startswith("/"):  # never create a bucket, because its name might be a typo
                self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            upload: Any = self._fs.open(path, "wb", _BLOCK, autocommit=False)
            try:
                yield upload
                upload.close()
            except BaseException:
                upload.discard()
                with suppress(AttributeError):
                    upload.closed = True  # otherwise its finalizer would try to complete the upload
                raise
            upload.commit()

    def remove(self, path: str) -> None:
        """Remove a file, if it exists."""
        with suppress(FileNotFoundError), _as_os_error():
            self._fs.rm_file(self._at(path))

    def _at(self, path: str) -> str:
        return f"{self._root.rstrip('/')}/{path}".rstrip("/")


Place: TypeAlias = Folder | Remote


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Convert a backend's errors to OSError because each backend has its own error classes."""
    try:
        yield
    except (OSError, BluejayError):
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def place_at(name: str | os.PathLike[str]) -> Place:
    """Return the destination at a path or URL.

    Raises:
        UsageError: The path is a file, or fsspec can't open the URL.
    """
    text = os.fspath(name).removeprefix("file://")
    if "://" in text:
        return Remote(text)
    if not text or Path(text).is_file():
        raise UsageError(f"{text!r} is not a folder. Pass a folder, or a URL such as s3://bucket/runs.")
    return Folder(text)
