"""Spreads a sample evenly, and in the same way every time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import TypeVar

from .model import key_of

T = TypeVar("T")


def rotated(items: Sequence[T], name: str) -> Iterator[T]:
    """Yield all items, beginning at an index that depends on the name.

    Operations that share a schema then get different samples of its items.
    """
    start = int(key_of(name), 16)
    for index in range(len(items)):
        yield items[(start + index) % len(items)]


def alternating(iterators: list[Iterator[T]]) -> Iterator[T]:
    """Yield one item of each iterator in turn, until all are exhausted."""
    waiting = deque(iterators)
    while waiting:
        current = waiting.popleft()
        for slot in current:
            yield slot
            waiting.append(current)
            break


def in_turn(groups: dict[str, dict[str, Iterator[T]]]) -> Iterator[Iterator[T]]:
    """Yield the first keyword of each operation, then the second keyword of each operation, and so on."""
    names = sorted(groups, key=key_of)
    ordered = {name: sorted(groups[name], key=lambda keyword: key_of(f"{name}:{keyword}")) for name in names}
    for turn in range(max(map(len, ordered.values()), default=0)):
        yield from (groups[name][ordered[name][turn]] for name in names if turn < len(ordered[name]))
