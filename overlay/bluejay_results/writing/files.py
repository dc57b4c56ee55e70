"""The outputs of a command: regular files, files that other programs append to, and streams.

A regular file is written beside its path and renamed, so that it is complete or absent. A device, a pipe or a
standard stream is written to, and never replaced. If an output can't be written, the files already written
are removed, and appended files are cut to their earlier size.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path

from attrs import frozen

from bluejay_results.errors import UsageError

from ..recording.atomic_file import make_room, write_file
from .streams import write_bytes

_STREAM = re.compile(r"/dev/(?:std(?:out|err)|fd/\d+)|/proc/self/fd/\d+")


class Kind(IntEnum):
    """How an output is written; outputs that can be removed are written first."""

    FILE = 0
    APPENDED = 1
    STREAM = 2
    STDOUT = 3
    STDERR = 4


@frozen
class Output:
    """An output of a command.

    Attributes:
        label: The option or variable that named the output, for messages.
        path: The path as given.
        kind: How it is written.
    """

    label: str
    path: str
    kind: Kind

    @property
    def is_stdout(self) -> bool:
        """Whether this is standard output."""
        return self.kind is Kind.STDOUT

    @property
    def size(self) -> int:
        """The current size of an appended file, in bytes; 0 for other outputs."""
        with explained(self.path):
            return Path(self.path).stat().st_size if self.kind is Kind.APPENDED else 0

    def prepare(self) -> None:
        """Remove the file of an earlier call; raise UsageError if the output can't be written."""
        with explained(self.path):
            if self.kind is Kind.FILE:
                make_room(self.path)
            elif self.kind is Kind.APPENDED:
                Path(self.path).parent.mkdir(parents=True, exist_ok=True)
                Path(self.path).open("ab").close()

    def write(self, data: bytes) -> None:
        """Write all the data; raise UsageError if that fails."""
        if self.kind in {Kind.STDOUT, Kind.STDERR}:
            write_bytes(data, stderr=self.kind is Kind.STDERR)
            return
        with explained(self.path):
            if self.kind is Kind.FILE:
                write_file(self.path, data)
            else:
                with Path(self.path).open("ab") as stream:
                    stream.write(data)

    def undo(self, size: int) -> None:
        """Remove a regular file; cut an appended file to its earlier size."""
        with suppress(OSError):
            if self.kind is Kind.FILE:
                Path(os.path.realpath(self.path)).unlink()
            elif self.kind is Kind.APPENDED:
                os.truncate(self.path, size)


def output(label: str, path: str, *, is_appended: bool = False) -> Output:
    """Return the output that an option or a variable names; raise UsageError if the path is unusable."""
    if not path:
        raise UsageError(f"{label} has no file. Name a file, or leave the option out.")
    if path.endswith("/") or Path(path).is_dir():
        raise UsageError(f"{label}: {path} is a folder. Name a file in it.")
    if path == "-" or _is_stdout(path):
        return Output(label, path, Kind.STDOUT)
    is_other = _STREAM.fullmatch(path) or (Path(path).exists() and not Path(path).is_file())
    return Output(label, path, Kind.STREAM if is_other else Kind.APPENDED if is_appended else Kind.FILE)


def check_distinct(outputs: Sequence[Output], inputs: Iterable[tuple[str, str]]) -> None:
    """Raise UsageError if an output is also an input or another output, even under another name.

    Args:
        outputs: The outputs.
        inputs: For each input, its name in messages and its path.
    """
    taken = {os.path.realpath(path): name for name, path in inputs}
    for each in outputs:
        identity = "stdout" if each.is_stdout else os.path.realpath(each.path)
        if (name := taken.get(identity)) and identity != os.devnull:
            raise UsageError(f"{each.label}: {each.path} is also {name}. Name another file.")
        taken[identity] = each.label


def write_all(contents: Iterable[tuple[Output, bytes]]) -> None:
    """Write every output; after an error, remove what was already written."""
    ordered = sorted(contents, key=lambda content: content[0].kind)
    sizes = [each.size for each, _ in ordered]
    try:
        for each, data in ordered:
            each.write(data)
    except BaseException:
        for (each, _), size in zip(ordered, sizes, strict=True):
            each.undo(size)
        raise


@contextmanager
def explained(path: str) -> Iterator[None]:
    """Raise UsageError instead of an OSError about an output."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(errno.ENOTDIR) if isinstance(error, FileExistsError) else error.strerror
        raise UsageError(f"{path}: {reason}. Give a file that can be written.") from None


def _is_stdout(path: str) -> bool:
    """Whether a path names standard output, or the file to which the shell has redirected it."""
    if path in {"/dev/stdout", "/dev/fd/1"}:
        return True
    try:
        found, own = Path(path).stat(), os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(found.st_mode) and os.path.samestat(found, own)
