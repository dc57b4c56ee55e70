"""Files that a command writes: whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bluejay_results.errors import UsageError


def remove(path: str) -> None:
    """Remove a file that is to be written; raise UsageError if it could not be."""
    with _explained(path):
        descriptor, temporary = _beside(path)
        os.close(descriptor)
        Path(temporary).unlink()
        Path(path).unlink(missing_ok=True)


def _beside(path: str) -> tuple[int, str]:
    return tempfile.mkstemp(dir=Path(path).resolve().parent, prefix=".bluejay-")


def replace(path: str, data: bytes) -> None:
    """Write a file, or leave what was there; raise UsageError if it can't be written."""
    with _explained(path):
        descriptor, temporary = _beside(path)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            umask = os.umask(0)
            os.umask(umask)
            Path(temporary).chmod(0o666 & ~umask)  # as any other new file, not for this user alone
            Path(temporary).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise


def append(path: str, data: bytes) -> None:
    """Append to a file, or leave it as it was; raise UsageError if it can't be written."""
    with _explained(path), Path(path).open("ab") as file:
        before = file.tell()
        try:
            file.write(data)
            file.flush()
        except BaseException:
            with contextlib.suppress(OSError):
                os.truncate(path, before)
            raise


@contextmanager
def _explained(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. Give a file that can be written.") from None
