"""Many waits and reads by both clients, for a long time, against a stub that keeps failing."""

from __future__ import annotations

import asyncio
import gc
import inspect
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError

from .flaky_stub import RUN_IDS

GROWTH = 4 << 20
"""By how many bytes the memory trend may grow. A leak of 100 bytes per request exceeds this in 20 min."""
_ROOT = Path(__file__).parents[3]
_PAGE = os.sysconf("SC_PAGE_SIZE")
_THREADS = 3
_PAUSE = 0.1


@frozen
class Sample:
    """The resources used by this process at one moment, as reported by Linux.

    Attributes:
        seconds: Seconds since the start.
        memory: Resident bytes.
        files: File handles, connections included.
    """

    seconds: float
    memory: int
    files: int


def open_files() -> int:
    """Return the number of this process's file handles, connections included."""
    return len(list(Path("/proc/self/fd").iterdir()))


def not_flat(samples: Sequence[Sample]) -> list[str]:
    """Return the resources that grow after the warm-up: memory by its trend, files by their maximum."""
    warm = samples[len(samples) // 3 :]
    times, files = [each.seconds for each in warm], [each.files for each in warm]
    slope = statistics.linear_regression(times, [each.memory for each in warm]).slope
    half = len(warm) // 2
    grown = {
        "memory": slope * (times[-1] - times[0]) > GROWTH,
        "files": max(files[half:]) > max(files[:half]),
    }
    return [name for name, has_grown in grown.items() if has_grown]


class Soak:
    """A soak test. Some workers are threads that share a client; others are tasks that share another client.

    Attributes:
        ended: How the calls ended: `settled`, `read`, or the name of an error of ours.
        samples: The resources used by this process, from start to end.

    Args:
        is_done: Returns whether to stop; called after each sample.
        every: The number of seconds between samples.
    """

    def __init__(self, is_done: Callable[[Soak], bool], every: float) -> None:
        self.ended: Counter[str] = Counter()
        self.samples: list[Sample] = []
        self._is_done = is_done
        self._every = every
        self._is_over = False

    def run(self) -> None:
        """Run the soak to its end, with the stub in its own process.

        Raises:
            ExceptionGroup: A call ended with neither a result nor an error of ours.
        """
        command = [sys.executable, "-m", f"{__package__}.flaky_stub"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=_ROOT, stdin=pipe, stdout=pipe, text=True) as stub:
            assert stub.stdin
            assert stub.stdout
            asyncio.run(self._run(stub.stdout.readline().strip()))
            stub.stdin.close()

    async def _run(self, url: str) -> None:
        with BluejayClient("test-key", url) as blocking:
            async with AsyncBluejayClient("test-key", url) as client, asyncio.TaskGroup() as workers:
                for number, run_id in enumerate(RUN_IDS):
                    workers.create_task(self._work(blocking if number < _THREADS else client, run_id))
                await self._sample()
                self._is_over = True

    async def _work(self, client: BluejayClient | AsyncBluejayClient, run_id: str) -> None:
        waiting = {"timeout": 60, "poll_interval": _PAUSE, "tool_call_grace": 0}
        while not self._is_over:
            try:
                await _called(client.retrieve, run_id)
                self.ended["read"] += 1
                await _called(client.wait, run_id, **waiting)
                self.ended["settled"] += 1
            except BluejayError as error:
                self.ended[type(error).__name__] += 1
            await asyncio.sleep(_PAUSE)

    async def _sample(self) -> None:
        started = time.monotonic()
        while not (self.samples and self._is_done(self)):
            gc.collect()  # garbage that isn't collected yet is not a leak
            memory = int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
            self.samples.append(Sample(time.monotonic() - started, memory, open_files()))
            await asyncio.sleep(self._every)


async def _called(method: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """Call a method of either client; a method of the blocking client runs in a thread."""
    if inspect.iscoroutinefunction(method):
        await method(*arguments, **options)
    else:
        await asyncio.to_thread(method, *arguments, **options)
