"""The `max-always-failing` rule, which limits how many callers always fail."""

from __future__ import annotations

from attrs import frozen

from ..results.outcome import Outcome
from ..results.run import SimulationRun
from ..writing.words import count_text
from .advice import about_unknown, about_void
from .rule import FIX, Finding, Obstacle, RuleVerdict, RunRule, named, see

FEWEST = 5
"""Callers with fewer conversations are ignored because all of them could fail by chance."""
_CERTAIN = 4
"""A caller is certain to always fail if at least this many conversations failed and all others are void."""


@frozen
class MaxAlwaysFailing(RunRule):
    """Limits how many callers always fail, considering only callers with at least five conversations."""

    maximum: int
    name = "max-always-failing"

    @property
    def limit(self) -> float:
        """The maximum number of callers."""
        return self.maximum

    @property
    def title(self) -> str:
        """The rule in words."""
        if not self.maximum:
            return "no caller always fails"
        return f"at most {count_text(self.maximum, 'caller')} always fail"

    def check(self, run: SimulationRun) -> Finding:
        """Count the callers that certainly always fail, and those that might."""
        repeated = [each for each in run.callers if each.counted + each.void >= FEWEST]
        may = [each for each in repeated if not each.passed and (each.failed or each.unknown)]
        certain = [each for each in may if each.failed >= _CERTAIN and not each.unknown]
        if not repeated:
            return Finding(
                rule=self,
                verdict=RuleVerdict.NOT_APPLICABLE,
                runs=(run,),
                obstacle=Obstacle.NO_REPEATED_CALLER,
            )
        verdict, shown = RuleVerdict.INCONCLUSIVE, may
        if len(may) <= self.maximum:
            verdict, shown = RuleVerdict.KEPT, []
        elif len(certain) > self.maximum:
            verdict, shown = RuleVerdict.BROKEN, certain
        return Finding(
            rule=self,
            verdict=verdict,
            runs=(run,),
            lowest=float(len(certain)),
            highest=float(len(may)),
            sample=len(repeated),
            total=len(repeated),
            obstacle=Obstacle.UNKNOWN_CONVERSATIONS if verdict is RuleVerdict.INCONCLUSIVE else None,
            details=tuple(str(each.id) for each in shown),
            conversations=tuple(
                each.id
                for caller in shown
                for each in run.results
                if each.digital_human_id == caller.id and each.outcome in {Outcome.FAILED, Outcome.UNKNOWN}
            ),
        )

    def sentence(self, finding: Finding) -> str:
        """Return how many callers always fail, and which ones."""
        if finding.lowest is None:
            return self.remark(finding)
        verb = "fails" if finding.lowest == finding.highest == 1 else "fail"
        text = f"{self.value(finding)} always {verb} (required: at most {self.maximum})"
        how = ", depending on " if finding.obstacle else ", namely "
        return how.join(filter(None, (text, self.remark(finding))))

    def value(self, finding: Finding) -> str:
        """Return how many of the callers with at least five conversations always fail."""
        if finding.lowest is None or finding.highest is None:
            return "-"
        counts = dict.fromkeys((int(finding.lowest), int(finding.highest)))
        return f"{' to '.join(map(str, counts))} of {count_text(finding.total, 'caller')}"

    def remark(self, finding: Finding) -> str:
        """Return which callers always fail."""
        if finding.obstacle is Obstacle.NO_REPEATED_CALLER:
            return f"no caller has {FEWEST} conversations"
        callers = f"caller{'' if len(finding.details) == 1 else 's'} {named(finding.details)}"
        return f"{callers}{see(finding) if finding.obstacle else ''}" if finding.details else ""

    def next_step(self, finding: Finding) -> str:
        """Return the advice to fix the agent, or what would decide the rule."""
        if finding.obstacle is Obstacle.NO_REPEATED_CALLER:
            return (
                "Set a minimum pass rate, or run the simulation with at least five conversations per caller."
            )
        if not finding.obstacle:
            return FIX
        run = finding.run  # void conversations can leave it open, too
        return about_unknown(run) if run.unknown or run.missing_count else about_void(run)
