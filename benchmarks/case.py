"""A benchmark case: what is measured, and how. Each case is measured in its own process."""

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
"""Performs a task the given number of times; returns the total seconds, or the peak memory in bytes."""


@frozen
class Case:
    """Something to measure.

    Attributes:
        group: The task, such as `decode 7 MB`. All cases with the same task are a group.
        contender: The library or the client that does the task.
        prepare: Loads the contender; called only in the process that measures.
        loops: How many times the task is done for each value, which is the mean.
        values: How many values each process measures.
        rounds: How many processes measure the case. The group's cases take turns.
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
        """The case's name in the results."""
        return f"{self.group}: {self.contender}"


def timed(do: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> Measure:
    """Return a function that measures how long `do` takes, by the given clock."""

    def measure(loops: int) -> float:
        start = clock()
        for _ in range(loops):
            do()
        return clock() - start

    return measure


def peak_memory(do: Callable[[], Any]) -> Measure:
    """Return a function that measures the peak memory of Python's allocators during one call of `do`."""

    def measure(_loops: int) -> float:
        tracemalloc.start()
        try:
            do()
            return float(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()

    return measure


def command(*arguments: str) -> Measure:
    """Return a function that measures a process's CPU time, from start to exit."""
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
    """Return a function that measures a process's peak memory, in bytes.

    A small process starts it, because on Linux, a process inherits its parent's peak.
    """
    return lambda _loops: float(run(sys.executable, "-c", _PEAK, *arguments)) * 1024


def run(*arguments: str) -> str:
    """Run a command and return its output."""
    done = subprocess.run(arguments, capture_output=True, text=True)  # noqa: S603 - our own arguments
    if done.returncode:
        raise RuntimeError(f"{arguments} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout
