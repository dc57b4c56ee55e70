"""Calls a function for many items at once, in threads.

Ctrl-C doesn't wait for the threads: each ends when its call or the process ends.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextvars import copy_context
from queue import SimpleQueue
from threading import Lock, Semaphore, Thread
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def parallel(call: Callable[[T], R], items: Iterable[T], at_once: int) -> Generator[R, None, None]:
    """Yield the result for each item as it arrives. At most one item per thread is worked on in advance.

    After an exception, or once the iterator is closed, no more calls start; running threads finish theirs.
    """
    results = SimpleQueue[tuple[R | None, BaseException | None, bool]]()
    waiting, lock, room, is_open = iter(items), Lock(), Semaphore(at_once), True

    def work() -> None:
        nonlocal is_open
        try:
            while room.acquire():
                with lock:
                    found = next(((each,) for each in waiting), None) if is_open else None
                if found is None:
                    break
                results.put((call(*found), None, False))
        except BaseException as error:
            is_open = False
            results.put((None, error, False))
        finally:
            room.release()
            results.put((None, None, True))

    for _ in range(at_once):
        Thread(target=copy_context().run, args=(work,), daemon=True).start()
    working = at_once
    try:
        while working:
            result, failure, is_end = results.get()
            if failure:
                raise failure
            if is_end:
                working -= 1
                continue
            room.release()
            yield result  # type: ignore[misc] # only an end or a failure has no result
    finally:
        is_open = False
        room.release(at_once)
