"""A gate's verdict: the runs, and the values that every output shows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import ClassVar

from attrs import field, frozen

from ..measuring.measurement import Condition
from ..measuring.pass_rate import PassRate
from ..results.app_url import page_of_run
from ..results.figures import RunFigure
from ..results.notes import Note, notes
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..results.run_figures import figures
from .rule import Finding, RuleVerdict


class Decision(StrEnum):
    """A gate's decision."""

    SHIP = "ship"
    """Every rule that applies is kept."""
    DONT_SHIP = "don't ship"
    """A rule is broken."""
    INCONCLUSIVE = "inconclusive"
    """The runs don't allow a decision."""
    FAILED = "failed"
    """The command failed, so there is no verdict."""
    INTERNAL_ERROR = "internal error"
    """The command crashed, so there is no verdict."""


class Cause(StrEnum):
    """The reason for a gate's decision on a run."""

    VIOLATION = "violation"
    """The run breaks the contract."""
    NOT_SETTLED = "not settled"
    """The run did not settle in time."""
    NOT_A_MEASUREMENT = "not a measurement"
    """The run is not a valid measurement."""
    BROKEN = "broken"
    """A rule is broken."""
    UNDECIDED = "undecided"
    """A rule is inconclusive."""
    NO_RULE = "no rule"
    """No rule applies to the run."""
    KEPT = "kept"
    """Every rule that applies is kept."""


_FOLLOWS: dict[Cause, tuple[int, RuleVerdict | None]] = {
    Cause.VIOLATION: (5, None),
    Cause.NOT_SETTLED: (4, None),
    Cause.NOT_A_MEASUREMENT: (6, None),
    Cause.BROKEN: (1, RuleVerdict.BROKEN),
    Cause.UNDECIDED: (6, RuleVerdict.INCONCLUSIVE),
    Cause.NO_RULE: (6, RuleVerdict.NOT_APPLICABLE),
    Cause.KEPT: (0, RuleVerdict.KEPT),
}
"""For each cause, the exit code and the verdict of the rules that decide."""
_CODES = {RuleVerdict.BROKEN: 1, RuleVerdict.INCONCLUSIVE: 6}
_ORDER = (70, 1, 3, 5, 4, 6, 0)
"""Exit codes in order of precedence. The gate's exit code is the first that any run or rule has."""
_DECISIONS = {
    0: Decision.SHIP,
    1: Decision.DONT_SHIP,
    70: Decision.INTERNAL_ERROR,
} | dict.fromkeys((4, 5, 6), Decision.INCONCLUSIVE)


class Decided(ABC):
    """The base class of verdicts: the exit code determines the decision."""

    @property
    @abstractmethod
    def exit_code(self) -> int:
        """The exit code."""

    @property
    def decision(self) -> Decision:
        """Ship, don't ship or inconclusive; otherwise, there is no verdict."""
        return _DECISIONS.get(self.exit_code, Decision.FAILED)

    @property
    def ships(self) -> bool:
        """Whether the decision is to ship."""
        return self.decision is Decision.SHIP


@frozen(kw_only=True)
class RunVerdict(Decided):
    """The verdict on one run.

    Attributes:
        cause: The cause of the decision.
        pass_rate: The pass rate with its bounds and interval.
        measurement: The measurement conditions, and whether the run meets each of them; empty if the run was
            not checked.
        findings: What the rules found; empty if the run was not checked.
        run: The run, with latencies in the unit set by the rules.
        not_passed: The conversations that didn't pass, worst first. If a decision depends on unknown
            conversations, these come first.
    """

    cause: Cause
    pass_rate: PassRate
    measurement: tuple[Condition, ...] = ()
    findings: tuple[Finding, ...] = ()
    run: SimulationRun
    not_passed: tuple[SimulationResult, ...] = field(default=(), repr=False)

    @property
    def exit_code(self) -> int:
        """The exit code for this run: 0 ship, 1 don't ship, 4 not settled, 5 violation, 6 inconclusive."""
        return _FOLLOWS[self.cause][0]

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that determined the decision; empty if it has another cause."""
        return tuple(each for each in self.findings if each.verdict is _FOLLOWS[self.cause][1])

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The measurement conditions that the run doesn't meet."""
        return tuple(each for each in self.measurement if not each.is_met)

    @property
    def is_measured(self) -> bool:
        """Whether the run is a settled measurement."""
        return bool(self.measurement) and not self.unmet

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes about the run."""
        return notes(self.run)

    @property
    def figures(self) -> tuple[RunFigure, ...]:
        """The run's figures."""
        return figures(self.run)

    @property
    def min_pass_rate(self) -> float | None:
        """The minimum pass rate, in percent; None if the rule is off, or if the run was not checked."""
        return next((each.limit for each in self.findings if each.rule.name == "min-pass-rate"), None)


@frozen
class KnownIds:
    """The known ids of a run that couldn't be checked; unknown ids are empty."""

    id: str = ""
    simulation_id: str = ""

    @property
    def app_url(self) -> str | None:
        """The URL of the run's page in the app; None if an id is unknown."""
        return page_of_run(self.simulation_id, self.id) if self.simulation_id and self.id else None


@frozen
class NoVerdict(Decided):
    """Replaces the verdict on a run that couldn't be read.

    Attributes:
        exit_code: The exit code.
        message: The error message.
        run: The known ids.
    """

    exit_code: int
    message: str
    run: KnownIds = KnownIds()
    notes: ClassVar[tuple[()]] = ()


@frozen(kw_only=True)
class Verdict(Decided):
    """A gate's verdict on its runs.

    Attributes:
        runs: The verdict on each run that was read, in the order the runs were passed.
        failures: The runs that couldn't be read.
        findings: The findings of the rules that span all runs.
        rules_file: The path of the file that supplied rules; None if there is none.
    """

    runs: tuple[RunVerdict, ...] = ()
    failures: tuple[NoVerdict, ...] = ()
    findings: tuple[Finding, ...] = ()
    rules_file: str | None = None

    @property
    def exit_code(self) -> int:
        """The exit code of `gate`; see `docs/definitions.md`, Ship or not."""
        codes = [each.exit_code for each in self.each_run]
        codes += [_CODES.get(each.verdict, 0) for each in self.findings]
        return min(codes, key=lambda code: _ORDER.index(code) if code in _ORDER else -1)

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that span all runs and are broken, or inconclusive if that determines the decision."""
        code = self.exit_code
        return tuple(each for each in self.findings if code and _CODES.get(each.verdict) == code)

    @property
    def each_run(self) -> tuple[RunVerdict | NoVerdict, ...]:
        """The verdict on each run; runs that couldn't be read come last."""
        return (*self.runs, *self.failures)

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The known run ids."""
        return tuple(each.run.id for each in self.each_run if each.run.id)

    def __bool__(self) -> bool:
        """Whether to ship, so that `if gate(run):` works."""
        return self.ships
