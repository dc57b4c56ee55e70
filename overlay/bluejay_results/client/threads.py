"""Runs several calls of the blocking client at once, in threads.

Ctrl-C doesn't wait for the threads: each ends when its call or the process ends.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextvars import copy_context
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Any

from .call import Call
from .many_runs import Many, Retrieved
from .steps import SendAll, Turns


def send_all(step: SendAll, outcome_of: Callable[[Call[Any]], Any]) -> dict[int, Any]:
    """Send the requests of a step; return each request's result or error, by its index."""
    turns, failed = Turns(step), list[BaseException]()

    def work() -> None:
        try:
            for place, call in turns:
                turns.took(place, outcome_of(call))
        except BaseException as error:
            failed.append(error)
            turns.stop()

    threads = [_started(work) for _ in turns.workers]
    for each in threads:
        each.join()
    for error in failed:
        raise error
    return turns.outcomes


def retrieve_all(many: Many, retrieve: Callable[[str], Retrieved]) -> Generator[Retrieved, None, None]:
    """Yield each run, or its error, as it arrives. At most one run per worker is retrieved in advance."""
    results = SimpleQueue[Retrieved | BaseException | None]()
    room = Semaphore(len(many.workers))

    def work(worker: int) -> None:
        try:
            while room.acquire() and (run_id := many.take(worker)) is not None:
                results.put(retrieve(run_id))
        except BaseException as error:
            results.put(error)
        finally:
            room.release()
            results.put(None)

    for worker in many.workers:
        _started(work, worker)
    working = len(many.workers)
    try:
        while working:
            result = results.get()
            if isinstance(result, BaseException):
                raise result
            if result is None:
                working -= 1
                continue
            room.release()
            yield result
    finally:
        many.stop()
        room.release(len(many.workers))


def _started(work: Callable[..., None], *arguments: Any) -> Thread:
    thread = Thread(target=copy_context().run, args=(work, *arguments), daemon=True)
    thread.start()
    return thread
