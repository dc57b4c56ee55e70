"""The memory and files of a process, as Linux reports them, and whether they stay constant over time."""

import os
import statistics
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

GROWTH = 4 << 20
"""The maximum growth of memory by its trend (bytes). A leak of 100 bytes per request exceeds it in 20 min."""

_PAGE = os.sysconf("SC_PAGE_SIZE")
_MEMORY = ("memory", "stub_memory")
_COUNTS = ("files", "connections", "stub_connections")


def resident_bytes(pid: int | str = "self") -> int:
    """Return the memory that a process uses; 0 if the process has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def open_files(pid: int | str = "self") -> list[str]:
    """Return what each file handle of a process points to, such as `socket:[4711]`."""
    found = []
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(str(handle.readlink()))
        except OSError:  # closed in the meantime
            continue
    return found


@frozen
class Sample:
    """The use of resources at one moment.

    Attributes:
        seconds: Seconds since the start.
        calls: Calls of the clients that have ended.
        memory: Resident bytes of the clients' process.
        stub_memory: Resident bytes of the stub's process.
        files: File handles of the clients' process, connections included.
        connections: Sockets of the clients' process.
        stub_connections: Sockets of the stub's process.
    """

    seconds: float
    calls: int
    memory: int
    stub_memory: int
    files: int
    connections: int
    stub_connections: int


def growth(samples: Sequence[Sample], figure: str) -> float:
    """Return how much a figure grows after the warm-up, by a straight line through its values."""
    warm = _warm(samples)
    times = [each.seconds for each in warm]
    slope = statistics.linear_regression(times, _values(warm, figure)).slope
    return slope * (times[-1] - times[0])


def not_flat(samples: Sequence[Sample]) -> list[str]:
    """Name the figures that grow. Memory is judged by its trend, the other figures by their maximum."""
    warm = _warm(samples)
    early, late = warm[: len(warm) // 2], warm[len(warm) // 2 :]
    memory = [each for each in _MEMORY if growth(samples, each) > GROWTH]
    return memory + [each for each in _COUNTS if max(_values(late, each)) > max(_values(early, each))]


def table(samples: Sequence[Sample], lines: int = 20) -> list[str]:
    """Return a table of the samples as text, with at most `lines` samples."""
    step = max(1, len(samples) // lines)
    head = "     s     calls   memory MB   stub MB   handles   connections   stub connections"
    return [
        head,
        *(
            f"{each.seconds:6.0f} {each.calls:9,} {each.memory / 1e6:11.1f} {each.stub_memory / 1e6:9.1f}"
            f" {each.files:9} {each.connections:13} {each.stub_connections:18}"
            for each in samples[::step]
        ),
    ]


def _warm(samples: Sequence[Sample]) -> Sequence[Sample]:
    return samples[len(samples) // 3 :]


def _values(samples: Sequence[Sample], figure: str) -> list[float]:
    return [getattr(each, figure) for each in samples]
