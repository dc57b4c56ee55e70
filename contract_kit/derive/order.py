"""Orders items so that a sample is spread evenly, looks random, and is the same on every machine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def rotated(items: Sequence[T], start: int) -> Iterator[T]:
    """Yield all items, starting from an index, which can exceed the number of items."""
    for index in range(len(items)):
        yield items[(start + index) % len(items)]


def alternating(iterators: Iterable[Iterator[T]]) -> Iterator[T]:
    """Yield an item from each iterator in turn until all of them are exhausted.

    No iterator is read before its first turn.
    """
    fresh, waiting = iter(iterators), deque[Iterator[T]]()
    while (current := next(fresh, None) or (waiting.popleft() if waiting else None)) is not None:
        for item in current:
            yield item
            waiting.append(current)
            break
