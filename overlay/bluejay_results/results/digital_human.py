"""What became of each digital human: verdicts of single conversations flip (source: domain facts)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from attrs import field, frozen

from .result import Outcome, SimulationResult


class Failing(StrEnum):
    """How often a digital human's judged conversations failed."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


@frozen
class DigitalHuman:
    """The conversations of one digital human in a run.

    Attributes:
        id: Its id; None where the conversation names none.
        results: Its conversations, in the order of the list.
    """

    id: int | None
    results: tuple[SimulationResult, ...] = field(repr=False)

    @property
    def conversations(self) -> int:
        """How many there are."""
        return len(self.results)

    @property
    def passed(self) -> int:
        """How many passed."""
        return self._count(Outcome.PASSED)

    @property
    def failed(self) -> int:
        """How many failed."""
        return self._count(Outcome.FAILED)

    @property
    def void(self) -> int:
        """How many are void: they count in neither."""
        return self._count(Outcome.VOID)

    @property
    def failing(self) -> Failing | None:
        """How often it failed, of those judged; None when none was judged."""
        if not self.passed + self.failed:
            return None
        if not self.passed:
            return Failing.ALWAYS
        return Failing.SOMETIMES if self.failed else Failing.NEVER

    def _count(self, outcome: Outcome) -> int:
        return sum(each.outcome is outcome for each in self.results)


def by_digital_human(
    conversations: Iterable[SimulationResult], copies: Mapping[int, Sequence[SimulationResult]]
) -> tuple[DigitalHuman, ...]:
    """Group conversations by digital human; one without an id counts as a separate caller.

    A conversation whose copies name different digital humans counts for each of them.
    """
    groups: dict[object, list[SimulationResult]] = {}
    ids: dict[object, int | None] = {}
    for each in conversations:
        for id_ in dict.fromkeys(copy.digital_human_id for copy in copies.get(each.id, (each,))):
            key = object() if id_ is None else id_
            ids[key] = id_
            groups.setdefault(key, []).append(each)
    return tuple(DigitalHuman(ids[key], tuple(group)) for key, group in groups.items())
