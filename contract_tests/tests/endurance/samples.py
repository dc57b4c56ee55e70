"""The memory and files of this process, as Linux reports them, and whether they stay constant over time."""

import os
import statistics
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

GROWTH = 4 << 20
"""The maximum growth of memory by its trend (bytes). A leak of 100 bytes per request exceeds it in 20 min."""

_PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes() -> int:
    """Return the memory that this process uses."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def open_files() -> int:
    """Return the number of this process's file handles, connections included."""
    return len(list(Path("/proc/self/fd").iterdir()))


@frozen
class Sample:
    """The use of resources at one moment.

    Attributes:
        seconds: Seconds since the start.
        calls: Calls of the clients that have ended.
        memory: Resident bytes.
        files: File handles.
    """

    seconds: float
    calls: int
    memory: int
    files: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:6.0f} s {self.calls:9,} calls {self.memory / 1e6:8.1f} MB {self.files:5} handles"
        )


def not_flat(samples: Sequence[Sample]) -> list[str]:
    """Name the figures that grow after the warm-up. Memory is judged by its trend, files by their maximum."""
    warm = samples[len(samples) // 3 :]
    times, files = [each.seconds for each in warm], [each.files for each in warm]
    slope = statistics.linear_regression(times, [each.memory for each in warm]).slope
    half = len(warm) // 2
    grown = {
        "memory": slope * (times[-1] - times[0]) > GROWTH,
        "files": max(files[half:]) > max(files[:half]),
    }
    return [name for name, has_grown in grown.items() if has_grown]
