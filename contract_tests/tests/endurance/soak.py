"""Many waits and reads by both clients, for a long time, against a stub that fails again and again."""

from __future__ import annotations

import asyncio
import gc
import inspect
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError

from .flaky_stub import RUN_IDS
from .samples import Sample, open_files, resident_bytes

ROOT = Path(__file__).parents[3]
_KEY = "test-key"
_THREADS = 3
_POLL_INTERVAL = 0.1
_PAUSE = 0.1


class Soak:
    """A soak. Half of the workers are threads that share a client; the others are tasks that share another.

    Attributes:
        ended: How the calls ended: `settled`, `read`, or the name of an error of ours.
        samples: The resources that both processes used, from the start to the end.

    Args:
        is_done: Returns whether to stop; called after each sample.
        every: The seconds between two samples.
    """

    def __init__(self, is_done: Callable[[Soak], bool], every: float) -> None:
        self.ended: Counter[str] = Counter()
        self.samples: list[Sample] = []
        self._is_done = is_done
        self._every = every
        self._is_over = False

    def run(self) -> None:
        """Run the soak to its end.

        Raises:
            ExceptionGroup: A call ended with neither a result nor an error of ours.
        """
        gc.freeze()  # the objects of other tests don't matter, and each sample would search them again
        try:
            with _stub() as (url, pid), BluejayClient(_KEY, url) as client:
                asyncio.run(self._run(url, client, pid))
        finally:
            gc.unfreeze()

    async def _run(self, url: str, client: BluejayClient, stub: int) -> None:
        async with AsyncBluejayClient(_KEY, url) as asynchronous, asyncio.TaskGroup() as workers:
            for number, run_id in enumerate(RUN_IDS):
                workers.create_task(self._work(client if number < _THREADS else asynchronous, run_id))
            await self._sample(stub)
            self._is_over = True

    async def _work(self, client: BluejayClient | AsyncBluejayClient, run_id: str) -> None:
        while not self._is_over:
            try:
                await _called(client.retrieve, run_id)
                self.ended["read"] += 1
                await _called(
                    client.wait, run_id, timeout=60, poll_interval=_POLL_INTERVAL, tool_call_grace=0
                )
                self.ended["settled"] += 1
            except BluejayError as error:
                self.ended[type(error).__name__] += 1
            await asyncio.sleep(_PAUSE)

    async def _sample(self, stub: int) -> None:
        started = time.monotonic()
        while not (self.samples and self._is_done(self)):
            gc.collect()  # garbage that isn't collected yet is not a leak
            files, stub_files = open_files(), open_files(stub)
            self.samples.append(
                Sample(
                    seconds=time.monotonic() - started,
                    calls=self.ended.total(),
                    memory=resident_bytes(),
                    stub_memory=resident_bytes(stub),
                    files=len(files),
                    connections=_sockets(files),
                    stub_connections=_sockets(stub_files),
                )
            )
            await asyncio.sleep(self._every)


async def _called(method: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """Call a method of either client; a method of the synchronous client runs in a thread."""
    if inspect.iscoroutinefunction(method):
        await method(*arguments, **options)
    else:
        await asyncio.to_thread(method, *arguments, **options)


def _sockets(files: list[str]) -> int:
    return sum(each.startswith("socket:") for each in files)


@contextmanager
def _stub() -> Iterator[tuple[str, int]]:
    """Start the stub; return its URL and its process id."""
    command = [sys.executable, "-m", f"{__package__}.flaky_stub"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as stub:
        assert stub.stdin
        assert stub.stdout
        yield stub.stdout.readline().strip(), stub.pid
        stub.stdin.close()
