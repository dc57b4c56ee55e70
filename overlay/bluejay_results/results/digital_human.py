"""The results of each digital human. Verdicts of single conversations vary, so repeats are counted together.

See `docs/definitions.md`, Outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from .outcome import Outcome
from .result import SimulationResult


@frozen
class DigitalHuman:
    """The conversations of one digital human in a run.

    Attributes:
        id: The digital human's id; None if the conversation names no digital human.
        results: The digital human's conversations, in the order of the list.
    """

    id: int | None
    results: tuple[SimulationResult, ...] = field(repr=False)

    @property
    def passed(self) -> int:
        """The number of conversations that passed."""
        return self._count(Outcome.PASSED)

    @property
    def failed(self) -> int:
        """The number of conversations that failed."""
        return self._count(Outcome.FAILED)

    @property
    def unknown(self) -> int:
        """The number of conversations that may have passed or failed."""
        return self._count(Outcome.UNKNOWN)

    @property
    def void(self) -> int:
        """The number of conversations that say nothing about the agent."""
        return self._count(Outcome.VOID)

    def _count(self, outcome: Outcome) -> int:
        return sum(each.outcome is outcome for each in self.results)


def by_digital_human(results: Iterable[SimulationResult]) -> tuple[DigitalHuman, ...]:
    """Group conversations by digital human. A conversation without a digital human is a separate group."""
    groups: dict[object, list[SimulationResult]] = {}
    for each in results:
        key = object() if each.digital_human_id is None else each.digital_human_id
        groups.setdefault(key, []).append(each)
    return tuple(DigitalHuman(group[0].digital_human_id, tuple(group)) for group in groups.values())
