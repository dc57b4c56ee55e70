"""What is measured, and how: one case, in a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

from attrs import frozen

Measure = Callable[[int], float]
"""Does something that many times and returns what all of them took."""


@frozen
class Case:
    """Something to measure.

    Attributes:
        group: What is done, such as `decode 7 MB`. The cases of a group are measured in turn.
        contender: Who does it.
        prepare: Called in the process that measures, and there alone: it loads the contender.
        loops: How often it is done for a value, which is the mean.
        values: How many values a process takes.
        rounds: How many processes take them, in turn with the others of the group.
        unit: `second` or `byte`.
    """

    group: str
    contender: str
    prepare: Callable[[], Measure]
    loops: int = 1
    values: int = 3
    rounds: int = 5
    unit: str = "second"

    @property
    def name(self) -> str:
        """What the case is called in the figures."""
        return f"{self.group}: {self.contender}"


def timed(do: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> Measure:
    """Measure the time that `do` takes by a clock."""

    def measure(loops: int) -> float:
        start = clock()
        for _ in range(loops):
            do()
        return clock() - start

    return measure


def peak_memory(do: Callable[[], Any]) -> Measure:
    """Measure the most memory that Python's allocators hold for `do` at a time, once (bytes)."""

    def measure(_loops: int) -> float:
        tracemalloc.start()
        try:
            do()
            return float(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()

    return measure


def command(*arguments: str) -> Measure:
    """Measure the processor time of a process from its start to its end."""
    return timed(partial(run, *arguments), _children_time)


def _children_time() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def command_memory(*arguments: str) -> Measure:
    """Measure the most memory that a process has at a time (bytes).

    It is started by a small one, since on Linux a process never has less than the one that started it.
    """
    return lambda _loops: float(run(sys.executable, "-c", _PEAK, *arguments)) * 1024


def run(*arguments: str) -> str:
    """Run a command of ours and return what it prints."""
    done = subprocess.run(arguments, capture_output=True, text=True)  # noqa: S603 - our own arguments
    if done.returncode:
        raise RuntimeError(f"{arguments} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout
