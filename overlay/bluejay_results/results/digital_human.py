"""The results of each digital human. Verdicts of single conversations vary, so repeats are counted together.

See `docs/definitions.md`, Repeats.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from attrs import field, frozen

from .result import Outcome, SimulationResult


class Failing(StrEnum):
    """How often a digital human's judged conversations failed."""

    ALWAYS = "always"
    """All judged conversations failed."""
    SOMETIMES = "sometimes"
    """Some judged conversations failed."""
    NEVER = "never"
    """No judged conversation failed."""


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
    def conversations(self) -> int:
        """The number of conversations."""
        return len(self.results)

    @property
    def passed(self) -> int:
        """The number of conversations that passed."""
        return self._count(Outcome.PASSED)

    @property
    def failed(self) -> int:
        """The number of conversations that failed."""
        return self._count(Outcome.FAILED)

    @property
    def void(self) -> int:
        """The number of void conversations, which count neither as passed nor as failed."""
        return self._count(Outcome.VOID)

    @property
    def failing(self) -> Failing | None:
        """How often the judged conversations failed; None if none was judged."""
        if not self.passed + self.failed:
            return None
        if not self.passed:
            return Failing.ALWAYS
        return Failing.SOMETIMES if self.failed else Failing.NEVER

    def _count(self, outcome: Outcome) -> int:
        return sum(each.outcome is outcome for each in self.results)


def by_digital_human(results: Iterable[SimulationResult]) -> tuple[DigitalHuman, ...]:
    """Group conversations by digital human. A conversation without a digital human is a separate group."""
    groups: dict[object, list[SimulationResult]] = {}
    for each in results:
        key = object() if each.digital_human_id is None else each.digital_human_id
        groups.setdefault(key, []).append(each)
    return tuple(DigitalHuman(group[0].digital_human_id, tuple(group)) for group in groups.values())
