"""Orders items so that a sample looks random, is spread evenly, and is the same on every machine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def rotated(items: Sequence[T], start: int) -> Iterator[T]:
    """Yield all items, starting at an index, which may exceed the number of items."""
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
