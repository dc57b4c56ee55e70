"""The `base` rule, which compares a run with a base run."""

from __future__ import annotations

from attrs import field, frozen

from ..compare import Comparison, ComparisonCause, compare
from ..compare.comparison import FEWEST
from ..compare.comparison_text import change_text, obstacles_text, open_text
from ..errors import BluejayError
from ..measuring.measurement import MeasurementRules
from ..results.run import SimulationRun
from .advice import about_unknown
from .rule import Finding, Obstacle, RuleVerdict, RunRule


@frozen
class NotWorse(RunRule):
    """Requires that the run isn't worse than the base run."""

    base: SimulationRun | BluejayError = field(repr=False)
    measured_by: MeasurementRules
    name = "base"

    @property
    def subject(self) -> str | None:
        """The base run's id; None if it couldn't be read."""
        return self.base.id if isinstance(self.base, SimulationRun) else None

    @property
    def text(self) -> str:
        """The rule as written by users."""
        return " ".join(filter(None, (self.name, self.subject)))

    @property
    def title(self) -> str:
        """The rule in words."""
        return f"not worse than {self._base}"

    @property
    def _base(self) -> str:
        return f"run {self.subject}" if self.subject else "the base run"

    def check(self, run: SimulationRun) -> Finding:
        """Compare the run with the base run; raise UsageError if they can't be compared."""
        if isinstance(self.base, BluejayError):
            return Finding(
                rule=self,
                verdict=RuleVerdict.INCONCLUSIVE,
                runs=(run,),
                obstacle=Obstacle.NO_BASE,
                details=(self.base.reason,),
            )
        comparison = compare(self.base, run, self.measured_by)
        verdict, obstacle = _verdict(comparison)
        effects = comparison.effects
        return Finding(
            rule=self,
            verdict=verdict,
            runs=(run,),
            lowest=min((each.change for each in effects), default=None),
            highest=max((each.change for each in effects), default=None),
            sample=len(comparison.pairs),
            total=len(comparison.pairs) + len(comparison.left_out) + comparison.left_out_without_id,
            obstacle=obstacle,
            conversations=_to_open(comparison, obstacle) if verdict is not RuleVerdict.KEPT else (),
            comparison=comparison,
        )

    def sentence(self, finding: Finding) -> str:
        """Return the change with its interval."""
        if finding.verdict is RuleVerdict.KEPT:
            return f"{self.title}: {self.value(finding)}"
        if finding.verdict is RuleVerdict.BROKEN:
            return f"worse than {self._base}: {self.value(finding)}"
        return f"can't tell whether the run is worse than {self._base}, because {self.remark(finding)}"

    def value(self, finding: Finding) -> str:
        """Return the change with its interval."""
        return (finding.comparison and change_text(finding.comparison)) or "-"

    def remark(self, finding: Finding) -> str:
        """Return why the runs can't be compared, or what would decide the rule."""
        if finding.obstacle is Obstacle.FEW_CALLERS:
            return f"fewer than {FEWEST} callers are in both runs"
        if finding.obstacle is Obstacle.NO_BASE:
            why = "; ".join(finding.details).rstrip(".")
            unread = f"the base run could not be read ({why})"
            return obstacles_text(finding.comparison) if finding.comparison else unread
        return open_text(finding.comparison) if finding.obstacle and finding.comparison else ""

    def next_step(self, finding: Finding) -> str:
        """Return the advice to fix the agent, or what would decide the rule."""
        if finding.verdict is RuleVerdict.BROKEN:
            return "Fix the agent, starting with the callers that got worse."
        if finding.obstacle is Obstacle.FEW_CALLERS:
            return f"Run the simulation with at least {FEWEST} of the base run's callers."
        if finding.obstacle is Obstacle.UNKNOWN_CONVERSATIONS:
            return about_unknown(finding.run)
        return "Use another base run, or try again later."


def _verdict(comparison: Comparison) -> tuple[RuleVerdict, Obstacle | None]:
    if comparison.cause is not ComparisonCause.COMPARED:
        return RuleVerdict.INCONCLUSIVE, Obstacle.NO_BASE
    if len(comparison.pairs) < FEWEST:
        return RuleVerdict.INCONCLUSIVE, Obstacle.FEW_CALLERS
    is_worse = {each.high < 0 for each in comparison.effects}
    if len(is_worse) > 1:
        return RuleVerdict.INCONCLUSIVE, Obstacle.UNKNOWN_CONVERSATIONS
    return (RuleVerdict.BROKEN if is_worse == {True} else RuleVerdict.KEPT), None


def _to_open(comparison: Comparison, obstacle: Obstacle | None) -> tuple[int, ...]:
    """Return the ids of conversations that made callers worse or, if inconclusive, of unknown ones."""
    run = comparison.run
    if obstacle:
        unknown = {result.id for result in run.unknown}
        return tuple(each for each in comparison.unknown if each in unknown)
    worse = [each.now.id for each in comparison.pairs if each.change_if_passed < 0]
    place = {id_: place for place, id_ in enumerate(worse)}
    failed = [each for each in run.not_passed if each.digital_human_id in place]
    return tuple(each.id for each in sorted(failed, key=lambda each: place[each.digital_human_id]))
