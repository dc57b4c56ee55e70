"""The place of a dataset: a folder, or any URL of fsspec. A file appears whole or not at all."""

from __future__ import annotations

import os
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from .._extras import needed
from ..errors import BluejayError, UsageError

_ONE_REQUEST = 16 * 2**20
"""A file of up to this size (bytes) is uploaded in one request, a larger file in parts of this size."""


class Place(ABC):
    """A place; paths are relative to it.

    Attributes:
        name: The place as the user named it.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def read(self, path: str) -> bytes | None:
        """Return the bytes of a file; None if there is none."""

    @abstractmethod
    def names(self, folder: str) -> list[str]:
        """Return the sorted names in a folder; an empty list if there is no such folder."""

    @abstractmethod
    def writing(self, path: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file that appears only when it is complete; after an error, no part of it is left."""

    @abstractmethod
    def remove(self, path: str) -> None:
        """Remove a file, if there is one."""

    @abstractmethod
    def full(self, path: str) -> str:
        """Return the full path or URL, for other libraries."""


class Folder(Place):
    """A folder, on this machine or on a shared file system."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._root = os.path.abspath(name)  # noqa: PTH100 - see `full`; a worker may have another working folder
        self._made = set[str]()

    def read(self, path: str) -> bytes | None:
        """See `Place.read`."""
        try:
            with open(self.full(path), "rb") as file:  # noqa: PTH123 - see `full`
                return file.read()
        except FileNotFoundError:
            return None

    def names(self, folder: str) -> list[str]:
        """See `Place.names`."""
        try:
            return sorted(os.listdir(self.full(folder)))  # noqa: PTH208 - see `full`
        except FileNotFoundError:
            return []

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[bytes]]:
        """See `Place.writing`: the file is written under another name and then renamed."""
        target = self.full(path)
        folder = target.rpartition(os.sep)[0]
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - see `full`
            self._made.add(folder)
        beside = f"{folder}{os.sep}.bluejay-{secrets.token_hex(8)}"
        try:
            with open(beside, "xb") as file:  # noqa: PTH123 - see `full`
                yield file
            os.replace(beside, target)  # noqa: PTH105 - see `full`
        except BaseException:
            with suppress(OSError):
                Path(beside).unlink(missing_ok=True)
            raise

    def remove(self, path: str) -> None:
        """See `Place.remove`."""
        Path(self.full(path)).unlink(missing_ok=True)

    def full(self, path: str) -> str:
        """See `Place.full`. Making a `pathlib.Path` would take as long as writing the file."""
        return f"{self._root}{os.sep}{path}"


class Remote(Place):
    """A URL of fsspec, such as s3://bucket/runs. fsspec's backend finds the credentials."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        fsspec = needed("fsspec", "export")
        try:
            self._fs, self._root = fsspec.core.url_to_fs(name)
        except (ImportError, ValueError) as error:  # the backend isn't installed, or the scheme doesn't exist
            raise UsageError(f"{name} can't be opened: {error}.") from None

    def read(self, path: str) -> bytes | None:
        """See `Place.read`."""
        with suppress(FileNotFoundError), _as_os_error():
            data: bytes = self._fs.cat_file(self._at(path))
            return data
        return None

    def names(self, folder: str) -> list[str]:
        """See `Place.names`."""
        with suppress(FileNotFoundError), _as_os_error():
            found = self._fs.ls(self._at(folder), detail=False, refresh=True)
            return sorted(each.rpartition("/")[2] for each in found)
        return []

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[bytes]]:
        """See `Place.writing`: the file is uploaded at the end, in one request if it is small."""
        with SpooledTemporaryFile(_ONE_REQUEST) as file:
            yield file
            size = file.tell()
            file.seek(0)
            with _as_os_error():
                if size <= _ONE_REQUEST:
                    self._put(self._at(path), file.read())
                else:
                    self._upload(self._at(path), file)

    def _put(self, path: str, data: bytes) -> None:
        try:
            self._fs.pipe_file(path, data)
        except FileNotFoundError:
            if not path.startswith("/"):  # a mistyped bucket must not be created
                raise
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(path, data)

    def _upload(self, path: str, file: IO[bytes]) -> None:
        """Upload a file in parts. `discard` removes the parts of an upload that fails."""
        upload: Any = self._fs.open(path, "wb", _ONE_REQUEST, autocommit=False)
        try:
            copyfileobj(file, upload)
            upload.close()
        except BaseException:
            upload.discard()
            with suppress(AttributeError):
                upload.closed = True  # otherwise its finalizer would try to complete the upload
            raise
        upload.commit()

    def remove(self, path: str) -> None:
        """See `Place.remove`."""
        with suppress(FileNotFoundError), _as_os_error():
            self._fs.rm_file(self._at(path))

    def full(self, path: str) -> str:
        """See `Place.full`."""
        url: str = self._fs.unstrip_protocol(self._at(path))
        return url

    def _at(self, path: str) -> str:
        return f"{self._root.rstrip('/')}/{path}"


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Raise the errors of a backend as OSError, because each backend has its own classes."""
    try:
        yield
    except (OSError, BluejayError):
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def place_at(name: str | os.PathLike[str]) -> Place:
    """Return the place that a path or a URL names.

    Raises:
        UsageError: The name is a file, or a URL that fsspec can't open.
    """
    text = os.fspath(name).removeprefix("file://")
    if "://" in text:
        return Remote(text)
    if not text or Path(text).is_file():
        advice = "Name a folder, or a URL such as s3://bucket/runs."
        raise UsageError(f"{text or 'The empty name'} is not a folder. {advice}")
    return Folder(text)
