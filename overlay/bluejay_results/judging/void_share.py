"""The share of a run that is void or missing: gate and compare refuse a run if the share is too large."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..results.run import SimulationRun


@frozen
class VoidShare:
    """How many conversations are void or missing.

    Attributes:
        void: The void conversations.
        missing: How many conversations are missing from the list.
        total: How many conversations are listed or missing.
    """

    void: tuple[SimulationResult, ...]
    missing: int
    total: int

    @property
    def percent(self) -> Fraction:
        """The percentage that is void or missing; 100 if there are no conversations."""
        return Fraction(100 * (len(self.void) + self.missing), self.total) if self.total else Fraction(100)

    def is_over(self, limit: float) -> bool:
        """Whether the percentage is above a limit; always true if there are no conversations."""
        return self.percent > Fraction(str(limit)) or not self.total

    def __str__(self) -> str:
        return f"{float(self.percent):.1f} %"


def void_of(run: SimulationRun) -> VoidShare:
    """Count the void and the missing conversations of a run."""
    void = run.results_by_outcome[Outcome.VOID]
    return VoidShare(void, run.missing_count, len(run.results) + run.missing_count)
