"""The outputs of a command: all of them are written, or none is left behind.

A regular file is written beside its path and renamed at the end. A device, a pipe or a standard stream is
written to, and never replaced or removed.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bluejay_results.errors import UsageError

from .streams import write_bytes

_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d+)")


class Output:
    """An output of a command, as the user named it.

    Attributes:
        label: The option or variable that named the output, for messages.
        path: The path as given.
        rank: The order of writing. Outputs that can be undone have a lower rank and are written first.
    """

    rank = 0

    def __init__(self, label: str, path: str) -> None:
        self.label = label
        self.path = path

    @property
    def is_stdout(self) -> bool:
        """Whether this is standard output."""
        return False

    def prepare(self) -> None:
        """Remove the file of an earlier call; raise UsageError if the output can't be written."""

    def write(self, data: bytes) -> None:
        """Write all the data; raise UsageError if that fails."""
        raise NotImplementedError

    def finish(self) -> None:
        """Make the data visible; called after every output is written."""

    def undo(self) -> None:
        """Remove the data that `write` has written, as far as possible."""

    def close(self) -> None:
        """Close what `prepare` opened."""


class File(Output):
    """A regular file. It appears at its path only with `finish`."""

    def __init__(self, label: str, path: str) -> None:
        super().__init__(label, path)
        self._target = Path(os.path.realpath(path))  # a symbolic link stays, and its target is written
        self._beside: Path | None = None

    def prepare(self) -> None:
        """See `Output.prepare`."""
        with _explained(self.path):
            _make_folder(self._target.parent)
            descriptor, beside = _new_file(self._target.parent)
            os.close(descriptor)
            beside.unlink()
            self._target.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """See `Output.write`."""
        with _explained(self.path):
            descriptor, self._beside = _new_file(self._target.parent)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)

    def finish(self) -> None:
        """See `Output.finish`."""
        if self._beside:
            with _explained(self.path):
                self._beside.replace(self._target)

    def undo(self) -> None:
        """See `Output.undo`."""
        for path in (self._beside, self._target):
            if path:
                with suppress(OSError):
                    path.unlink()


class Appended(Output):
    """A regular file to which other programs append too."""

    rank = 1

    def __init__(self, label: str, path: str) -> None:
        super().__init__(label, path)
        self._size: int | None = None

    @property
    def size(self) -> int:
        """The current size of the file, in bytes."""
        with _explained(self.path):
            return Path(self.path).stat().st_size

    def prepare(self) -> None:
        """See `Output.prepare`."""
        with _explained(self.path):
            _make_folder(Path(self.path).parent)
            with Path(self.path).open("ab"):
                pass

    def write(self, data: bytes) -> None:
        """See `Output.write`."""
        with _explained(self.path), Path(self.path).open("ab+") as file:
            self._size = file.seek(0, os.SEEK_END)
            if self._size:
                file.seek(-1, os.SEEK_END)
                data = data if file.read(1) == b"\n" else b"\n" + data  # the last line has no newline
            file.write(data)

    def undo(self) -> None:
        """See `Output.undo`."""
        if self._size is not None:
            with suppress(OSError):
                os.truncate(self.path, self._size)


class Stream(Output):
    """A device, a pipe or an open descriptor. After `prepare`, it stays open, so that its reader waits."""

    rank = 2

    def __init__(self, label: str, path: str, descriptor: int | None = None) -> None:
        super().__init__(label, path)
        self._source = descriptor
        self._descriptor: int | None = None

    def prepare(self) -> None:
        """See `Output.prepare`."""
        with _explained(self.path):
            self._descriptor = self._opened()

    def _opened(self) -> int:
        if self._source is not None:
            return _writable(self._source)
        try:  # without O_NONBLOCK, opening a pipe that nobody reads would block
            descriptor = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            if error.errno == errno.ENXIO and stat.S_ISFIFO(Path(self.path).stat().st_mode):
                raise UsageError(f"{self.path}: nothing reads this pipe. Start its reader first.") from None
            raise
        os.set_blocking(descriptor, True)
        return descriptor

    def write(self, data: bytes) -> None:
        """See `Output.write`."""
        if self._descriptor is None:
            return
        with _explained(self.path), os.fdopen(self._descriptor, "wb", closefd=False) as stream:
            stream.write(data)

    def close(self) -> None:
        """See `Output.close`."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class Stdout(Output):
    """Standard output. It is written last, because output to it can't be undone."""

    rank = 3

    @property
    def is_stdout(self) -> bool:
        """See `Output.is_stdout`."""
        return True

    def write(self, data: bytes) -> None:
        """See `Output.write`."""
        write_bytes(data)


class Stderr(Output):
    """Standard error, where the text goes if a report goes to stdout."""

    rank = 3

    def write(self, data: bytes) -> None:
        """See `Output.write`."""
        write_bytes(data, stderr=True)


def output(label: str, path: str, *, is_appended: bool = False) -> Output:
    """Return the output that an option or a variable names; raise UsageError if the path is unusable."""
    if not path:
        raise UsageError(f"{label} has no file. Name a file, or leave the option out.")
    descriptor = _descriptor(path)
    if path == "-" or descriptor == sys.stdout.fileno():
        return Stdout(label, path)
    if descriptor is not None:
        return Stream(label, path, descriptor)
    found = _stat(path)
    if path.endswith("/") or (found and stat.S_ISDIR(found.st_mode)):
        raise UsageError(f"{label}: {path} is a folder. Name a file in it.")
    if found and not stat.S_ISREG(found.st_mode):
        return Stream(label, path)
    return Appended(label, path) if is_appended else File(label, path)


def check_distinct(outputs: Sequence[Output], inputs: Iterable[tuple[str, str]]) -> None:
    """Raise UsageError if an output is also an input or another output, even under another name.

    Args:
        outputs: The outputs.
        inputs: For each input, its name in messages and its path.
    """
    taken = {_identity(path): name for name, path in inputs}
    null = _identity(os.devnull)
    for each in outputs:
        identity = "stdout" if each.is_stdout else _identity(each.path)
        if (name := taken.get(identity)) and identity != null:
            raise UsageError(f"{each.label}: {each.path} is also {name}. Name another file.")
        taken[identity] = each.label


def write_all(contents: Iterable[tuple[Output, bytes]]) -> None:
    """Write every output; after an error, undo all of them. Files appear at their paths at the end."""
    ordered = sorted(contents, key=lambda content: content[0].rank)
    try:
        for each, data in ordered:
            each.write(data)
        for each, _ in ordered:
            each.finish()
    except BaseException:
        for each, _ in ordered:
            each.undo()
        raise


def _descriptor(path: str) -> int | None:
    """Return the descriptor of this process that a path names; None if it names none."""
    if match := _DESCRIPTOR.fullmatch(path):
        return int(match[1])
    found = _stat(path)
    file = found if found and stat.S_ISREG(found.st_mode) else None
    for name, number in (("/dev/stdout", sys.stdout.fileno()), ("/dev/stderr", sys.stderr.fileno())):
        # The path may name the file to which the shell has redirected the stream: `--junit log > log`.
        if path == name or (file and os.path.samestat(file, os.fstat(number))):
            return number
    return None


def _writable(descriptor: int) -> int:
    """Return a copy of a descriptor; raise OSError if it isn't open for writing."""
    import fcntl  # loaded late: Windows has neither this module nor paths of descriptors

    if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return os.dup(descriptor)


def _stat(path: str) -> os.stat_result | None:
    try:
        return Path(path).stat()
    except (OSError, ValueError):
        return None


def _identity(path: str) -> object:
    """Return a value that is equal for all names of one file, even if the file doesn't exist."""
    found = _stat(path)
    return (found.st_dev, found.st_ino) if found else os.path.realpath(path)


def _new_file(folder: Path) -> tuple[int, Path]:
    """Open a new file with the mode that the umask allows."""
    path = folder / f".bluejay-{secrets.token_hex(8)}"
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), path


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None


@contextmanager
def _explained(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. Give a file that can be written.") from None
