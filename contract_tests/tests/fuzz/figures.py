"""What a worker, or all of them together, have seen."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Self

from attrs import asdict, define, field

_FILE = "figures.json"
_MOST_SHAPES = 1_000


def _counter(counts: dict[str, int]) -> Counter[str]:
    return Counter(counts)


@define
class Figures:
    """What became of the bodies.

    Attributes:
        bodies: How many, all through the decoder.
        in_commands: How many of them through both commands as well.
        seconds: How long it took; of all workers together the longest.
        slowest: The longest that one body took (seconds).
        outcomes: How many of each outcome.
        shapes: How many of each kind of error.
        failures: How many of each failure, by its signature.
    """

    bodies: int = 0
    in_commands: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    outcomes: Counter[str] = field(factory=Counter, converter=_counter)
    shapes: Counter[str] = field(factory=Counter, converter=_counter)
    failures: Counter[str] = field(factory=Counter, converter=_counter)

    def count(self, outcome: str, said: str) -> None:
        """Count a body that was judged, and what was said of it, if anything; too many kinds are not kept."""
        self.outcomes[outcome] += 1
        if said and (said in self.shapes or len(self.shapes) < _MOST_SHAPES):
            self.shapes[said] += 1

    def add(self, other: Figures) -> None:
        """Add what another worker has seen at the same time."""
        self.bodies += other.bodies
        self.in_commands += other.in_commands
        self.seconds = max(self.seconds, other.seconds)
        self.slowest = max(self.slowest, other.slowest)
        self.outcomes += other.outcomes
        self.shapes += other.shapes
        self.failures += other.failures

    def save(self, folder: Path) -> None:
        """Leave the figures in a worker's folder."""
        (folder / _FILE).write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what a worker has left; nothing when it came to no end."""
        path = folder / _FILE
        return cls(**json.loads(path.read_text())) if path.exists() else cls()
