"""What a gate says of a run."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from attrs import evolve, field, frozen

from ..results.result import SimulationResult
from ..results.run import SimulationRun


class Answer(StrEnum):
    """What became of one rule."""

    KEPT = "kept"
    BROKEN = "broken"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not applicable"


class Decision(IntEnum):
    """What a gate says of a run, as an exit code."""

    SHIP = 0
    DO_NOT_SHIP = 1
    NOT_SETTLED = 4
    VIOLATION = 5
    INCONCLUSIVE = 6


@frozen
class Finding:
    """What became of one rule.

    Attributes:
        rule: Its name, as the option is called: `min-pass-rate`.
        threshold: What it asks for, as text.
        value: What was measured, as text; empty where nothing was.
        sample: How many conversations or callers it is about.
        answer: Whether the rule is kept or broken, inconclusive or not applicable.
        explanation: How the value was computed, or why the rule is inconclusive.
        broken_by: The conversations that break it, the worst first.
        doubtful: The conversations that may have failed, where their doubt makes the rule inconclusive.
    """

    rule: str
    threshold: str
    value: str
    sample: int
    answer: Answer
    explanation: str = ""
    broken_by: tuple[SimulationResult, ...] = field(default=(), repr=False)
    doubtful: tuple[SimulationResult, ...] = field(default=(), repr=False)

    def answered(self, answer: Answer, explanation: str) -> Finding:
        """Return the same finding with an answer and its explanation."""
        return evolve(self, answer=answer, explanation=explanation)

    def inconclusive(self, explanation: str) -> Finding:
        """Return the same finding without a conclusion, and why there is none."""
        return self.answered(Answer.INCONCLUSIVE, explanation)

    def without_value(self, explanation: str) -> Finding:
        """Return the same finding with nothing measured, and why."""
        return evolve(self, value="", explanation=explanation, broken_by=())


@frozen
class Verdict:
    """What a gate says of a run.

    Attributes:
        run: The run.
        decision: Whether to ship it.
        reason: Why, in one line.
        validity: What has to hold before a run says anything.
        quality: What became of the rules.
        notes: What to know besides.
    """

    run: SimulationRun = field(repr=False)
    decision: Decision
    reason: str
    validity: tuple[Finding, ...] = ()
    quality: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """The exit code of the command: 0 ship, 1 don't, 4 not settled, 5 a violation, 6 inconclusive."""
        return int(self.decision)

    def __bool__(self) -> bool:
        """Whether to ship, so that `if gate(run):` means what it says."""
        return self.ships

    @property
    def ships(self) -> bool:
        """Whether to ship."""
        return self.decision is Decision.SHIP


def kept_if(is_kept: bool) -> Answer:
    """Return whether a rule is kept or broken."""
    return Answer.KEPT if is_kept else Answer.BROKEN
