"""How many conversations passed of how many judged, as they are or with every doubt counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..results.result import Outcome, SimulationResult

_JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED})


class Tally(NamedTuple):
    """How many conversations of one caller passed, of how many judged."""

    passed: int
    judged: int


def counted(result: SimulationResult, doubtful_as: Outcome | None = None) -> Outcome:
    """Return the outcome to count a conversation with: with `doubtful_as`, a doubtful one gets that."""
    return doubtful_as if doubtful_as and result.doubt else result.outcome


def is_judged(result: SimulationResult, doubtful_as: Outcome | None = None) -> bool:
    """Whether a conversation passed or failed."""
    return counted(result, doubtful_as) in _JUDGED


def tally(results: Iterable[SimulationResult], doubtful_as: Outcome | None = None) -> Tally:
    """Count the conversations of one caller."""
    outcomes = [counted(each, doubtful_as) for each in results]
    return Tally(outcomes.count(Outcome.PASSED), sum(each in _JUDGED for each in outcomes))
