"""Where a dataset is: a folder, or any URL of fsspec. A file appears whole or not at all."""

from __future__ import annotations

import os
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from .._extras import needed
from ..errors import BluejayError, UsageError


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
        """Return the names in a folder, sorted; none if there is no such folder."""

    @abstractmethod
    def writing(self, path: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file that appears at the end; after an error no part of it is left."""

    @abstractmethod
    def remove(self, path: str) -> None:
        """Remove a file, if there is one."""

    @abstractmethod
    def full(self, path: str) -> str:
        """Return the path with the place before it, as other libraries read it."""


class Folder(Place):
    """A folder of this machine."""

    def read(self, path: str) -> bytes | None:
        """See `Place.read`."""
        try:
            return self._at(path).read_bytes()
        except FileNotFoundError:
            return None

    def names(self, folder: str) -> list[str]:
        """See `Place.names`."""
        try:
            return sorted(each.name for each in self._at(folder).iterdir())
        except FileNotFoundError:
            return []

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[bytes]]:
        """See `Place.writing`: the file is written beside its path and renamed."""
        target = self._at(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.parent / f".bluejay-{secrets.token_hex(8)}"
        try:
            with beside.open("xb") as file:
                yield file
            beside.replace(target)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise

    def remove(self, path: str) -> None:
        """See `Place.remove`."""
        self._at(path).unlink(missing_ok=True)

    def full(self, path: str) -> str:
        """See `Place.full`."""
        return str(self._at(path))

    def _at(self, path: str) -> Path:
        return Path(self.name, path)


class Remote(Place):
    """A URL of fsspec, such as s3://bucket/runs. Credentials come from where fsspec's backend looks."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        fsspec = needed("fsspec", "export")
        try:
            self._fs, self._root = fsspec.core.url_to_fs(name)
        except (ImportError, ValueError) as error:  # a backend that isn't installed, or no such scheme
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
        """See `Place.writing`: the upload is completed at the end, or aborted."""
        with _as_os_error():
            self._fs.makedirs(self._at(path).rpartition("/")[0], exist_ok=True)
            file: Any = self._fs.open(self._at(path), "wb", autocommit=False)
        try:
            yield file
            with _as_os_error():
                file.close()
        except BaseException:
            file.discard()
            raise
        with _as_os_error():
            file.commit()

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
    """Raise the errors of a backend as OSError: each backend has kinds of its own."""
    try:
        yield
    except (OSError, BluejayError):
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def place_at(name: str | os.PathLike[str]) -> Place:
    """Return the place that a path or a URL names.

    Raises:
        UsageError: It is a file, or a URL that fsspec can't open.
    """
    text = os.fspath(name)
    if "://" in text:
        return Remote(text)
    if not text or Path(text).is_file():
        advice = "Name a folder, or a URL such as s3://bucket/runs."
        raise UsageError(f"{text or 'The empty name'} is not a folder. {advice}")
    return Folder(text)
