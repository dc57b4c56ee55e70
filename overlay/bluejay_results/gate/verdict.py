"""The verdict of a gate on a run."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from attrs import evolve, field, frozen

from ..results.result import SimulationResult
from ..results.run import SimulationRun


class RuleVerdict(StrEnum):
    """The verdict of one rule."""

    KEPT = "kept"
    """The run keeps the rule."""
    BROKEN = "broken"
    """The run breaks the rule."""
    INCONCLUSIVE = "inconclusive"
    """The rule can't be decided."""
    NOT_APPLICABLE = "not applicable"
    """The run has nothing that the rule judges."""


class Decision(IntEnum):
    """The decision of a gate; its value is the exit code."""

    SHIP = 0
    """Ship."""
    DO_NOT_SHIP = 1
    """Don't ship: a quality rule is broken."""
    NOT_SETTLED = 4
    """The run did not settle in time."""
    VIOLATION = 5
    """The run breaks the contract."""
    INCONCLUSIVE = 6
    """The run isn't a valid measurement, or the quality rules can't be decided."""


@frozen
class Finding:
    """The result of one rule.

    Attributes:
        rule: The name of the rule, such as `min-pass-rate`.
        threshold: The threshold, as text.
        value: The measured value, as text; empty if nothing was measured.
        sample: The number of conversations or callers from which the value was computed.
        verdict: Whether the rule is kept, broken, inconclusive or not applicable.
        explanation: How the value was computed, or why the rule is inconclusive.
        broken_by: The conversations that break the rule, the worst first.
        doubtful: The conversations whose doubt makes the rule inconclusive.
        is_about_figure: Whether the rule is about a figure, which some judged conversations may lack.
    """

    rule: str
    threshold: str
    value: str
    sample: int
    verdict: RuleVerdict
    explanation: str = ""
    broken_by: tuple[SimulationResult, ...] = field(default=(), repr=False)
    doubtful: tuple[SimulationResult, ...] = field(default=(), repr=False)
    is_about_figure: bool = field(default=False, repr=False)

    def with_verdict(self, verdict: RuleVerdict, explanation: str) -> Finding:
        """Return the finding with another verdict and explanation."""
        return evolve(self, verdict=verdict, explanation=explanation)

    def inconclusive(self, explanation: str) -> Finding:
        """Return the finding as inconclusive, with the reason."""
        return self.with_verdict(RuleVerdict.INCONCLUSIVE, explanation)

    def without_value(self, explanation: str) -> Finding:
        """Return the finding without a value, with the reason."""
        return evolve(self, value="", explanation=explanation, broken_by=())


@frozen
class Verdict:
    """The verdict of a gate on a run.

    Attributes:
        run: The run.
        decision: Whether to ship.
        reason: The reason of the decision, in one line.
        validity: The findings of the validity rules, about whether the run is a valid measurement.
        quality: The findings of the quality rules, about whether the agent is good enough.
        notes: Other remarks about the run, one line each.
    """

    run: SimulationRun = field(repr=False)
    decision: Decision
    reason: str
    validity: tuple[Finding, ...] = ()
    quality: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """The exit code: 0 ship, 1 don't ship, 4 not settled, 5 violation, 6 inconclusive."""
        return int(self.decision)

    def __bool__(self) -> bool:
        """Whether to ship, so that `if gate(run):` works."""
        return self.ships

    @property
    def ships(self) -> bool:
        """Whether to ship."""
        return self.decision is Decision.SHIP


def kept_if(is_kept: bool) -> RuleVerdict:
    """Return KEPT or BROKEN."""
    return RuleVerdict.KEPT if is_kept else RuleVerdict.BROKEN
