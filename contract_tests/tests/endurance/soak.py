"""Waits and reads by both clients, several at once and for a long time, against a stub that flaps."""

import asyncio
import gc
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError

from .flaky_stub import RUN_IDS
from .samples import Sample, open_files, resident_bytes

ROOT = Path(__file__).parents[3]
_KEY = "test-key"
_THREADS = 3
_POLL_INTERVAL = 0.1
_PAUSE = 0.1


class Soak:
    """A soak: half of the workers are threads that share one client, the others tasks that share another.

    Attributes:
        ended: How the calls ended: `settled`, `read`, or the name of an error of ours.
        samples: What both processes held, from the start to the end.
    """

    def __init__(self, seconds: float, every: float) -> None:
        self.ended: Counter[str] = Counter()
        self.samples: list[Sample] = []
        self._seconds = seconds
        self._every = every
        self._over = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        """Run it to its end.

        Raises:
            Exception: A call ended in something other than a result or an error of ours.
        """
        with _stub() as (url, pid), BluejayClient(_KEY, url) as client, ThreadPoolExecutor() as threads:
            workers = [threads.submit(self._work, client, run_id) for run_id in RUN_IDS[:_THREADS]]
            workers.append(threads.submit(asyncio.run, self._work_async(url)))
            try:
                self._sample(pid)
            finally:
                self._over.set()
            for worker in workers:
                worker.result()

    def _work(self, client: BluejayClient, run_id: str) -> None:
        while not self._over.is_set():
            try:
                client.retrieve(run_id)
                self._count("read")
                client.wait(run_id, timeout=60, poll_interval=_POLL_INTERVAL)
                self._count("settled")
            except BluejayError as error:
                self._count(type(error).__name__)
            self._over.wait(_PAUSE)

    async def _work_async(self, url: str) -> None:
        async with AsyncBluejayClient(_KEY, url) as client, asyncio.TaskGroup() as tasks:
            for run_id in RUN_IDS[_THREADS:]:
                tasks.create_task(self._work_in_task(client, run_id))

    async def _work_in_task(self, client: AsyncBluejayClient, run_id: str) -> None:
        while not self._over.is_set():
            try:
                await client.retrieve(run_id)
                self._count("read")
                await client.wait(run_id, timeout=60, poll_interval=_POLL_INTERVAL)
                self._count("settled")
            except BluejayError as error:
                self._count(type(error).__name__)
            await asyncio.sleep(_PAUSE)

    def _count(self, end: str) -> None:
        with self._lock:
            self.ended[end] += 1

    def _sample(self, stub: int) -> None:
        started = time.monotonic()
        while (seconds := time.monotonic() - started) < self._seconds:
            gc.collect()  # what is only waiting for it is not lost
            files, stub_files = open_files(), open_files(stub)
            self.samples.append(
                Sample(
                    seconds=seconds,
                    calls=self.ended.total(),
                    memory=resident_bytes(),
                    stub_memory=resident_bytes(stub),
                    files=len(files),
                    connections=_sockets(files),
                    stub_connections=_sockets(stub_files),
                )
            )
            time.sleep(self._every)


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
