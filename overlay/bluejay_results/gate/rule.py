"""The base class for a gate's rules, which check runs and describe their findings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from attrs import frozen

from ..compare import Comparison
from ..results.figures import FigureObstacle, RunFigure
from ..results.run import SimulationRun
from ..results.unknown_fields import names_text
from ..writing.numbers import exact_text

_NAMED = 10


class RuleVerdict(StrEnum):
    """A rule's verdict."""

    KEPT = "kept"
    """The run keeps the rule, even if every unknown conversation failed."""
    BROKEN = "broken"
    """The run breaks the rule, even if every unknown conversation passed."""
    INCONCLUSIVE = "inconclusive"
    """The rule can't be decided."""
    NOT_APPLICABLE = "not applicable"
    """Nothing in the run is subject to the rule."""


class Obstacle(StrEnum):
    """Why a rule is inconclusive or doesn't apply; rules about figures have a `FigureObstacle` instead."""

    UNKNOWN_CONVERSATIONS = "unknown conversations"
    """The verdict depends on how the unknown and missing conversations ended."""
    FEW_CALLERS = "few callers"
    """There are too few callers: the interval contains the limit, or fewer than five are in both runs."""
    NO_REPEATED_CALLER = "no caller with five conversations"
    """No caller has at least five conversations."""
    NOTHING_PASSED = "nothing passed"
    """No conversation that the rule is about passed, failed or is unknown."""
    NO_BASE = "no base"
    """The base run couldn't be read, or the runs can't be compared."""


@frozen(kw_only=True)
class Finding:
    """The result of checking one rule.

    Attributes:
        rule: The rule.
        verdict: Whether the rule is kept, broken, inconclusive or not applicable.
        runs: The runs that the rule checked.
        lowest: The measured value, or the lowest possible value given the unknown conversations; None if
            nothing was measured. Rates are percentages, times are in milliseconds, and changes are in points.
        highest: The highest possible value.
        sample: The number of conversations, callers or answers from which the value was computed.
        total: The number of conversations or callers that the rule applies to.
        obstacle: Why the rule is inconclusive or doesn't apply; None for other verdicts.
        details: Names, answers or messages that explain the obstacle, as received.
        conversations: The ids of the conversations to open, worst first.
        figure: The figure, if the rule is about one; otherwise None.
        comparison: The comparison with the base run; None for other rules, and if there is no base run.
    """

    rule: Rule
    verdict: RuleVerdict
    runs: tuple[SimulationRun, ...]
    lowest: float | None = None
    highest: float | None = None
    sample: int = 0
    total: int = 0
    obstacle: Obstacle | FigureObstacle | None = None
    details: tuple[str, ...] = ()
    conversations: tuple[int, ...] = ()
    figure: RunFigure | None = None
    comparison: Comparison | None = None

    @property
    def run(self) -> SimulationRun:
        """The run that the rule checked, or the first of several."""
        return self.runs[0]

    @property
    def limit(self) -> float | None:
        """The limit for the value; None if the rule has none."""
        return self.rule.limit

    @property
    def subject(self) -> str | None:
        """The caller, figure or base run that the rule is about; None if it is about all callers."""
        return self.rule.subject


class Rule(ABC):
    """A gate's rule. Subclasses check runs and describe their findings.

    Text from the service is not escaped in the descriptions.

    Attributes:
        name: The name of the rule, as in options, TOML keys and JSON.
    """

    name: ClassVar[str]

    @property
    def limit(self) -> float | None:
        """The limit for the measured value; None if there is none."""
        return None

    @property
    def subject(self) -> str | None:
        """The caller, figure or base run that the rule is about; None if it is about all callers."""
        return None

    @property
    def text(self) -> str:
        """The rule as written by users, such as `min-pass-rate 80`."""
        return f"{self.name} {self.subject if self.limit is None else exact_text(self.limit)}"

    @property
    @abstractmethod
    def title(self) -> str:
        """The rule for readers who don't know the options: `at least 80 % passed`."""

    @abstractmethod
    def sentence(self, finding: Finding) -> str:
        """Return what was found and what is required, for the headline."""

    @abstractmethod
    def value(self, finding: Finding) -> str:
        """Return the measured value in the limit's unit, or `-` if nothing was measured."""

    @abstractmethod
    def remark(self, finding: Finding) -> str:
        """Return why the rule isn't kept and what would decide it, or "" if there is nothing to add."""

    @abstractmethod
    def next_step(self, finding: Finding) -> str:
        """Return what to do about a rule that is broken, inconclusive or not applicable."""


class RunRule(Rule):
    """A rule that checks each run separately."""

    @abstractmethod
    def check(self, run: SimulationRun) -> Finding:
        """Check a settled run."""


FIX = "Fix the agent, starting with the conversations below."


def see(finding: Finding) -> str:
    """Return which conversation to open, or an empty string if there is none."""
    return "".join(f" (see conversation {id_})" for id_ in finding.conversations[:1])


def unknown_text(run: SimulationRun) -> str:
    """Return how many conversations are unknown and how many are missing, or "" if there are none."""
    counts = {"unknown": len(run.unknown), "missing": run.missing_count}
    found = {word: count for word, count in counts.items() if count}
    noun = "conversation" if [*found.values()][-1:] == [1] else "conversations"
    return " and ".join(f"{count} {word}" for word, count in found.items()) + f" {noun}" if found else ""


def named(names: Iterable[object]) -> str:
    """Return at most ten names, and how many more there are."""
    return names_text(names, _NAMED)
