"""A command's outputs: regular files, files that other programs append to, and streams.

A regular file is written under another name and then renamed, so it is either complete or absent. Devices,
pipes and standard streams are written to directly and never replaced. If an output can't be written, the
files already written are removed, and files that were appended to are truncated to their earlier size.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path

from attrs import frozen

from bluejay_results.errors import UsageError

from ..recording.atomic_file import remove_earlier, write_file
from .streams import write_bytes


class Channel(IntEnum):
    """How an output is written. Outputs are written in this order: those that can be removed come first."""

    FILE = 0
    APPENDED = 1
    STREAM = 2
    STDOUT = 3
    STDERR = 4


@frozen
class Output:
    """A command's output.

    Attributes:
        label: The option or variable that specified the output, for messages.
        path: The path as passed.
        kind: How the output is written.
    """

    label: str
    path: str
    kind: Channel

    @property
    def is_stdout(self) -> bool:
        """Whether this is standard output."""
        return self.kind is Channel.STDOUT

    @property
    def size(self) -> int:
        """The current size of a file to append to, in bytes; 0 for other outputs."""
        with self._explained():
            return Path(self.path).stat().st_size if self.kind is Channel.APPENDED else 0

    def prepare(self) -> None:
        """Remove the file from an earlier call; raise UsageError if the output can't be written."""
        with self._explained():
            if self.kind is Channel.FILE:
                remove_earlier(self.path)
            elif self.kind is Channel.APPENDED:
                Path(self.path).open("ab").close()

    def write(self, data: bytes) -> None:
        """Write all the data; raise UsageError if that fails."""
        if self.kind in {Channel.STDOUT, Channel.STDERR}:
            write_bytes(data, stderr=self.kind is Channel.STDERR)
            return
        with self._explained():
            if self.kind is Channel.FILE:
                write_file(self.path, data)
            else:
                with Path(self.path).open("ab") as stream:
                    stream.write(data)

    def undo(self, size: int) -> None:
        """Remove a regular file; restore the earlier size of a file that was appended to."""
        with suppress(OSError):
            if self.kind is Channel.FILE:
                Path(os.path.realpath(self.path)).unlink()
            elif self.kind is Channel.APPENDED:
                os.truncate(self.path, size)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Raise UsageError instead of an OSError."""
        try:
            yield
        except OSError as error:
            is_misplaced = isinstance(error, FileExistsError | NotADirectoryError)
            parents = Path(self.path).parents if is_misplaced else ()
            file = next((each for each in parents if each.is_file()), None)
            problem = f"{self.path}: {error.strerror}" if file is None else f"{file} is a file, not a folder"
            raise UsageError(f"{self.label}: {problem}. Choose another path.") from None


def output(label: str, path: str, *, is_appended: bool = False) -> Output:
    """Return the output for an option or a variable; raise UsageError if the path is unusable."""
    if not path or Path(path).is_dir():
        raise UsageError(f"{label} needs a file name, got {path!r}.")
    if path in {"-", "/dev/stdout"}:
        return Output(label, path, Channel.STDOUT)
    # On Linux, /dev/fd/1 looks like a regular file if the shell has redirected it to one.
    if path.startswith(("/dev/", "/proc/self/fd/")) or (Path(path).exists() and not Path(path).is_file()):
        return Output(label, path, Channel.STREAM)
    return Output(label, path, Channel.APPENDED if is_appended else Channel.FILE)


def check_distinct(outputs: Sequence[Output], inputs: Iterable[tuple[str, str]]) -> None:
    """Raise UsageError if an output is also an input or another output, even under another name.

    Args:
        outputs: The outputs.
        inputs: Each input's name, for messages, and path.
    """
    taken = {os.path.realpath(path): name for name, path in inputs}
    for each in outputs:
        identity = "stdout" if each.is_stdout else os.path.realpath(each.path)
        if (name := taken.get(identity)) and identity != os.devnull:
            path = "standard output" if each.is_stdout else each.path
            raise UsageError(
                f"{each.label} can't be {path}, because that is also {name}. Choose another file."
            )
        taken[identity] = f"the output of {each.label}"


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
