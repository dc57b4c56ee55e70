"""Counts passed and judged conversations; all doubtful conversations can count with one given outcome."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..results.outcome import Outcome
from ..results.result import SimulationResult

_JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED})


class Tally(NamedTuple):
    """How many conversations of one caller were judged, and how many of them passed.

    Attributes:
        passed: The number of judged conversations that passed.
        judged: The number of conversations that passed or failed.
    """

    passed: int
    judged: int


def counted_outcome(result: SimulationResult, doubtful_as: Outcome | None = None) -> Outcome:
    """Return a conversation's outcome, or `doubtful_as` if it is given and the conversation is doubtful."""
    return doubtful_as if doubtful_as and result.doubt else result.outcome


def is_judged(result: SimulationResult, doubtful_as: Outcome | None = None) -> bool:
    """Whether a conversation counts as passed or failed."""
    return counted_outcome(result, doubtful_as) in _JUDGED


def tally(results: Iterable[SimulationResult], doubtful_as: Outcome | None = None) -> Tally:
    """Count the conversations of one caller."""
    outcomes = [counted_outcome(each, doubtful_as) for each in results]
    return Tally(outcomes.count(Outcome.PASSED), sum(each in _JUDGED for each in outcomes))
