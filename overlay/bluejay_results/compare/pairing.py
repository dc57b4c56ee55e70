"""Pairs the callers that are on both sides of a comparison, with their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import cycle, islice

from attrs import frozen

from ..judging.tally import Tally, is_judged, tally
from ..results.digital_human import DigitalHuman
from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..results.run import SimulationRun


@frozen(slots=False)  # attrs would hide the docstrings of cached properties on a class with slots
class Pair:
    """One caller's conversations on both sides, pooled over all runs of a side.

    Attributes:
        id: The digital human's id.
        base: The caller's conversations before.
        new: The caller's conversations now.
    """

    id: int
    base: DigitalHuman
    new: DigitalHuman

    @cached_property
    def tallies(self) -> tuple[Tally, Tally]:
        """The counts of passed and judged conversations, before and now."""
        return tally(self.base.results), tally(self.new.results)

    @cached_property
    def doubted(self) -> tuple[Tally, Tally]:
        """The counts, before and now, if every doubtful conversation counts as failed."""
        return tally(self.base.results, Outcome.FAILED), tally(self.new.results, Outcome.FAILED)

    @property
    def is_judged(self) -> bool:
        """Whether the caller has a judged conversation on both sides."""
        return all(each.judged for each in self.tallies)

    @cached_property
    def change(self) -> Fraction:
        """The change of the caller's pass rate, -1 to 1."""
        base, new = self.tallies
        return Fraction(*new) - Fraction(*base)

    @property
    def reason(self) -> str:
        """The most frequent reason for failing on the side with the lower pass rate; empty if none failed."""
        side = self.new if self.change < 0 else self.base
        reasons = Counter(each.reason for each in side.results if each.outcome is Outcome.FAILED)
        return max(reasons, key=lambda reason: reasons[reason], default="")


def callers_of(runs: Iterable[SimulationRun]) -> dict[int, DigitalHuman]:
    """Return the digital humans of all runs by id, each with its conversations from all runs."""
    results: dict[int, list[SimulationResult]] = {}
    for run in runs:
        for human in run.by_digital_human:
            if human.id is not None:
                results.setdefault(human.id, []).extend(human.results)
    return {id_: DigitalHuman(id_, tuple(each)) for id_, each in results.items()}


def with_every_doubt(
    pairs: Sequence[Pair], absent: Sequence[DigitalHuman], missing: tuple[int, int]
) -> list[tuple[Tally, Tally]]:
    """Return the callers' counts on both sides if every doubtful conversation counts as failed.

    Args:
        pairs: The callers on both sides.
        absent: Callers that only the base has. As many conversations of each fail on the new side.
        missing: For each side, how many conversations have an unknown caller. These count as failures of the
            callers with the highest pass rates on that side, because that changes the result most.
    """
    counts = [each.doubted for each in pairs]
    counts += [(tally(each.results, Outcome.FAILED), Tally(0, each.conversations)) for each in absent]
    bases, news = ([each[side] for each in counts] for side in (0, 1))
    sides = zip(_with_failures(bases, missing[0]), _with_failures(news, missing[1]), strict=True)
    return [each for each in sides if all(side.judged for side in each)]


def _with_failures(callers: list[Tally], failures: int) -> list[Tally]:
    """Return the counts with more failures: one for each caller in turn, the highest pass rate first."""
    counts = list(callers)
    order = sorted(
        range(len(counts)), key=lambda place: -Fraction(counts[place].passed, counts[place].judged or 1)
    )
    for place in islice(cycle(order), failures):
        counts[place] = Tally(counts[place].passed, counts[place].judged + 1)
    return counts


def judged_results(humans: Iterable[DigitalHuman]) -> Sequence[SimulationResult]:
    """Return the callers' judged conversations."""
    return [each for human in humans for each in human.results if is_judged(each)]
