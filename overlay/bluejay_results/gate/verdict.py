"""The verdict of a gate on a run: the run and values only, from which every output is written."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from attrs import field, frozen

from ..judging.measurement import Condition
from ..results.app_url import page_of_run
from ..results.figures import FigureObstacle, RunFigure
from ..results.json_output import document
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from .figure_rule import FigureRule


class RuleVerdict(StrEnum):
    """The verdict of one rule."""

    KEPT = "kept"
    """The run keeps the rule, even if every unknown conversation failed."""
    BROKEN = "broken"
    """The run breaks the rule, even if every unknown conversation passed."""
    INCONCLUSIVE = "inconclusive"
    """The rule can't be decided."""
    NOT_APPLICABLE = "not applicable"
    """The run has nothing that the rule judges."""


class Decision(StrEnum):
    """The decision of a gate."""

    SHIP = "ship"
    """Ship."""
    DONT_SHIP = "don't ship"
    """Don't ship."""
    INCONCLUSIVE = "inconclusive"
    """The run doesn't allow a decision."""
    FAILED = "failed"
    """There is no verdict, because the command failed."""


class Cause(StrEnum):
    """The cause of a decision."""

    VIOLATION = "violation"
    """The run breaks the contract."""
    NOT_SETTLED = "not settled"
    """The run did not settle in time."""
    NOT_A_MEASUREMENT = "not a measurement"
    """The run is not a measurement."""
    BROKEN = "broken"
    """A rule is broken."""
    UNDECIDED = "undecided"
    """A rule is inconclusive."""
    NO_RULE = "no rule"
    """No rule applies to the run."""
    KEPT = "kept"
    """Every rule that applies is kept."""


_FOLLOWS: dict[Cause, tuple[int, Decision, RuleVerdict | None]] = {
    Cause.VIOLATION: (5, Decision.INCONCLUSIVE, None),
    Cause.NOT_SETTLED: (4, Decision.INCONCLUSIVE, None),
    Cause.NOT_A_MEASUREMENT: (6, Decision.INCONCLUSIVE, None),
    Cause.BROKEN: (1, Decision.DONT_SHIP, RuleVerdict.BROKEN),
    Cause.UNDECIDED: (6, Decision.INCONCLUSIVE, RuleVerdict.INCONCLUSIVE),
    Cause.NO_RULE: (6, Decision.INCONCLUSIVE, RuleVerdict.NOT_APPLICABLE),
    Cause.KEPT: (0, Decision.SHIP, RuleVerdict.KEPT),
}
"""For each cause: the exit code, the decision, and the verdict of the rules that decide."""
_RUN_IS_KNOWN = frozenset({4, 5})
"""The exit codes of errors after which the run is known, but no decision is possible."""


class Obstacle(StrEnum):
    """Why a rule is inconclusive or doesn't apply, if it isn't a rule about a figure."""

    UNKNOWN_CONVERSATIONS = "unknown conversations"
    """The verdict depends on how the unknown and missing conversations ended."""
    FEW_CALLERS = "few callers"
    """The interval contains the limit. More callers would make the interval narrower."""
    NO_REPEATED_CALLER = "no caller with five conversations"
    """No caller has at least five conversations."""


@frozen
class Finding:
    """The result of one rule.

    Attributes:
        rule: The name of the rule, such as `min-pass-rate`; `require` for a rule about a figure.
        verdict: Whether the rule is kept, broken, inconclusive or not applicable.
        limit: The limit that the value is compared with; None if the rule has none.
        lowest: The measured value, or the lowest value that unknown conversations leave possible; None if
            nothing was measured. A rate is a percentage, a time is in milliseconds.
        highest: The highest possible value.
        is_confident: Whether `lowest` and `highest` are the ends of the interval that `--confident` judges.
        sample: The number of conversations, callers or answers from which the value was computed.
        total: The number of conversations or callers that the rule is about.
        obstacle: Why the rule is inconclusive or doesn't apply; None for other verdicts.
        details: Names or answers that explain the obstacle, as received.
        conversations: The ids of the conversations to open, the worst first.
        figure_rule: The rule about a figure; None for other rules.
        figure: The figure that `figure_rule` is about; None for other rules.
    """

    rule: str
    verdict: RuleVerdict
    limit: float | None = None
    lowest: float | None = None
    highest: float | None = None
    is_confident: bool = False
    sample: int = 0
    total: int = 0
    obstacle: Obstacle | FigureObstacle | None = None
    details: tuple[str, ...] = ()
    conversations: tuple[int, ...] = ()
    figure_rule: FigureRule | None = None
    figure: RunFigure | None = None


@frozen
class PassRate:
    """The pass rate of a run, in percent.

    Attributes:
        passed: The number of conversations that passed.
        failed: The number of conversations that failed.
        unknown: The number of unknown and missing conversations.
        value: passed / (passed + failed); None if both are 0.
        lowest: The rate if every unknown conversation failed; None if the three numbers above are 0.
        highest: The rate if every unknown conversation passed; None if the three numbers above are 0.
        interval: The 95 % interval of the callers' mean rate, without unknown conversations; None without
            a conversation that passed or failed.
        mean_of_callers: The mean of the callers' rates, if callers have different numbers of conversations;
            otherwise None, because the mean equals `value`.
    """

    passed: int = 0
    failed: int = 0
    unknown: int = 0
    value: float | None = None
    lowest: float | None = None
    highest: float | None = None
    interval: tuple[float, float] | None = None
    mean_of_callers: float | None = None


@frozen(kw_only=True)
class Verdict:
    """The verdict of a gate on a run.

    Attributes:
        cause: The cause of the decision.
        pass_rate: The pass rate, with its bounds and its interval.
        measurement: The conditions that make the run a measurement; empty if the run was not judged.
        rules: The results of the rules; empty if the run was not judged.
        run: The run, with latencies in the unit that the rules set.
        not_passed: The conversations that did not pass, the worst first. If a decision depends on unknown
            conversations, these come before all others.
    """

    cause: Cause
    pass_rate: PassRate
    measurement: tuple[Condition, ...] = ()
    rules: tuple[Finding, ...] = ()
    run: SimulationRun
    not_passed: tuple[SimulationResult, ...] = field(default=(), repr=False)

    @property
    def decision(self) -> Decision:
        """Ship, don't ship or inconclusive."""
        return _FOLLOWS[self.cause][1]

    @property
    def exit_code(self) -> int:
        """The exit code of `gate`: 0 ship, 1 don't ship, 4 not settled, 5 violation, 6 inconclusive."""
        return _FOLLOWS[self.cause][0]

    @property
    def results(self) -> tuple[SimulationResult, ...]:
        """The conversations, oldest first."""
        return self.run.results

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The results of the rules that decided; empty if the decision has another cause."""
        return tuple(each for each in self.rules if each.verdict is _FOLLOWS[self.cause][2])

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The conditions of a measurement that the run doesn't meet."""
        return tuple(each for each in self.measurement if not each.is_met)

    @property
    def min_pass_rate(self) -> float | None:
        """The minimum pass rate, in percent; None if the rule is off, or if the run was not judged."""
        return next((each.limit for each in self.rules if each.rule == "min-pass-rate"), None)

    @property
    def ships(self) -> bool:
        """Whether to ship."""
        return self.decision is Decision.SHIP

    def __bool__(self) -> bool:
        """Whether to ship, so that `if gate(run):` works."""
        return self.ships

    def to_json(self) -> bytes:
        """Return the verdict as JSON, as `gate --json` writes it."""
        return document("bluejay-results/gate", self)


@frozen
class KnownIds:
    """What is known about a run that could not be judged; an id is empty if it is not known."""

    id: str = ""
    simulation_id: str = ""
    notes: ClassVar[tuple[()]] = ()

    @property
    def app_url(self) -> str | None:
        """The URL of the run's page in the app; None if an id is not known."""
        return page_of_run(self.simulation_id, self.id) if self.simulation_id and self.id else None


@frozen
class NoVerdict:
    """What the reports show instead of a verdict, if an error ended the gate.

    Attributes:
        exit_code: The exit code.
        message: The message of the error.
        run: The known ids.
    """

    exit_code: int
    message: str
    run: KnownIds = KnownIds()
    ships: ClassVar[bool] = False
    measurement: ClassVar[tuple[()]] = ()
    rules: ClassVar[tuple[()]] = ()
    not_passed: ClassVar[tuple[()]] = ()

    @property
    def decision(self) -> Decision:
        """Inconclusive if the run is known, otherwise failed."""
        return Decision.INCONCLUSIVE if self.exit_code in _RUN_IS_KNOWN else Decision.FAILED
