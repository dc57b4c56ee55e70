"""The conversations that the rules of a gate count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from attrs import evolve, frozen

from ..judging.tally import (
    Tally,
    counted_outcome,
    is_judged,
    tally,
)
from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..results.run import SimulationRun

T = TypeVar("T")


@frozen(slots=False)  # attrs would hide the docstrings of cached properties on a class with slots
class Evidence:
    """A run's conversations; copies with the same id count as one conversation.

    Attributes:
        run: The run.
        doubtful_as: The outcome that doubtful conversations count with; None if each has its own outcome.
    """

    run: SimulationRun
    doubtful_as: Outcome | None = None

    @property
    def with_doubt(self) -> Evidence:
        """The same conversations, with every doubtful conversation counted as failed."""
        return evolve(self, doubtful_as=Outcome.FAILED)

    @cached_property
    def judged(self) -> tuple[SimulationResult, ...]:
        """The conversations that passed or failed."""
        return tuple(each for each in self.run.results if is_judged(each, self.doubtful_as))

    @cached_property
    def failed(self) -> tuple[SimulationResult, ...]:
        """The conversations that failed."""
        return tuple(each for each in self.run.results if self.outcome(each) is Outcome.FAILED)

    @property
    def missing(self) -> int:
        """How many missing conversations count as failed: all if doubt counts as failed, otherwise none."""
        return self.run.missing_count if self.doubtful_as is Outcome.FAILED else 0

    def outcome(self, result: SimulationResult) -> Outcome:
        """Return the outcome that a conversation counts with."""
        return counted_outcome(result, self.doubtful_as)

    def callers(self) -> list[tuple[int | None, Tally]]:
        """Return each caller's id, and how many of its conversations passed and were judged."""
        return [(each.id, tally(each.results, self.doubtful_as)) for each in self.run.by_digital_human]

    def measured(
        self, value_of: Callable[[SimulationResult], T | None], worst: Callable[[Sequence[T]], T]
    ) -> Iterator[tuple[SimulationResult, T]]:
        """Yield each judged conversation that has a figure, with the figure of its worst copy."""
        for each, values in self.measured_copies(value_of):
            yield each, worst(values)

    def measured_copies(
        self, value_of: Callable[[SimulationResult], T | None]
    ) -> Iterator[tuple[SimulationResult, list[T]]]:
        """Yield each judged conversation that has a figure, with the figures of all its copies."""
        for each in self.judged:
            values = [value for copy in (each,) if (value := value_of(copy)) is not None]
            if values:
                yield each, values
