"""Files that a command writes: whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bluejay_results.errors import UsageError


def replace(path: str, data: bytes) -> None:
    """Write a file, or leave what was there; raise UsageError if it can't be written."""
    with _explained(path):
        folder = Path(path).resolve().parent
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".bluejay-")
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
