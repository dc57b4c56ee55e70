"""Orders items so that a sample looks random, is spread evenly, and is the same on every machine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from .model import key_of

T = TypeVar("T")


def rotated(items: Sequence[T], name: str) -> Iterator[T]:
    """Yield all items, beginning at an index that depends on `name`.

    If operations share a schema, their different names give them different samples.
    """
    start = int(key_of(name), 16)
    for index in range(len(items)):
        yield items[(start + index) % len(items)]


def alternating(iterators: Iterable[Iterator[T]]) -> Iterator[T]:
    """Yield one item of each iterator in turn, until all are exhausted.

    An iterator is first read when its turn comes.
    """
    fresh, waiting = iter(iterators), deque[Iterator[T]]()
    while (current := next(fresh, None) or (waiting.popleft() if waiting else None)) is not None:
        for item in current:
            yield item
            waiting.append(current)
            break
