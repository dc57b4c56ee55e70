"""The callers of a run and their pass rates, with every unknown conversation left out, failed or passed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from attrs import frozen

from ..results.digital_human import DigitalHuman
from ..results.run import SimulationRun


class Unknown(Enum):
    """How unknown conversations count."""

    LEFT_OUT = None
    FAILED = 0
    PASSED = 1


@frozen
class Caller:
    """How the conversations of one caller ended.

    Attributes:
        id: The digital human's id; None for a conversation without one and for a missing conversation.
        passed: The number of conversations that passed.
        failed: The number of conversations that failed.
        unknown: The number of unknown conversations.
        void: The number of void conversations.
    """

    id: int | None
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    void: int = 0

    @classmethod
    def of(cls, human: DigitalHuman) -> Caller:
        """Return how the conversations of a digital human ended."""
        return cls(human.id, human.passed, human.failed, human.unknown, human.void)

    @property
    def counted(self) -> int:
        """The number of conversations that passed, failed or are unknown."""
        return self.passed + self.failed + self.unknown

    def rate(self, unknown: Unknown) -> float | None:
        """Return the caller's pass rate, 0 to 1; None if no conversation counts."""
        counted = self.passed + self.failed + (0 if unknown is Unknown.LEFT_OUT else self.unknown)
        passed = self.passed + (self.unknown if unknown is Unknown.PASSED else 0)
        return passed / counted if counted else None


def callers_of(run: SimulationRun) -> list[Caller]:
    """Return the callers of a run. A missing conversation is a caller of its own."""
    return [*map(Caller.of, run.by_digital_human), *[Caller(None, unknown=1)] * run.missing_count]


def rates_of(callers: Sequence[Caller], unknown: Unknown) -> list[float]:
    """Return the pass rate of each caller that has one."""
    return [rate for each in callers if (rate := each.rate(unknown)) is not None]
