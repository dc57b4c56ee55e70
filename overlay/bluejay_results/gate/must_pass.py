"""The `must-pass` rule, which checks one caller across all runs."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from ..results.outcome import Outcome
from ..results.run import SimulationRun
from ..writing.words import count_text
from .advice import about_unknown
from .rule import FIX, Finding, Obstacle, Rule, RuleVerdict, see


@frozen
class MustPass(Rule):
    """Requires that at least one of a caller's conversations passed, and none failed or is unknown."""

    caller: int
    name = "must-pass"

    @property
    def subject(self) -> str:
        """The caller's id."""
        return str(self.caller)

    @property
    def title(self) -> str:
        """The rule in words."""
        return f"caller {self.caller} must pass"

    def check(self, runs: Iterable[SimulationRun]) -> Finding:
        """Check the caller's conversations in all runs that are settled measurements."""
        checked = tuple(runs)
        found = [each for run in checked for each in run.not_passed if each.digital_human_id == self.caller]
        passed = sum(each.digital_human_id == self.caller for run in checked for each in run.passed)
        opened = {kind: [each.id for each in found if each.outcome is kind] for kind in Outcome}
        failed, unknown, void = (opened[each] for each in (Outcome.FAILED, Outcome.UNKNOWN, Outcome.VOID))
        obstacle = None
        if not failed and (unknown or not passed):
            obstacle = Obstacle.UNKNOWN_CONVERSATIONS if unknown else Obstacle.NOTHING_PASSED
        verdict = RuleVerdict.BROKEN if failed else RuleVerdict.KEPT
        return Finding(
            rule=self,
            verdict=RuleVerdict.INCONCLUSIVE if obstacle else verdict,
            runs=checked,
            lowest=float(passed),
            highest=float(passed + len(unknown)),
            sample=passed + len(failed),
            total=passed + len(found),
            obstacle=obstacle,
            conversations=tuple(failed or unknown or void),
        )

    def sentence(self, finding: Finding) -> str:
        """Return how many of the caller's conversations passed."""
        if not finding.total:
            return f"{self.title}, but no valid measurement includes this caller"
        if finding.obstacle is Obstacle.NOTHING_PASSED:
            return f"{self.title}, but {self.remark(finding)}"
        how = "and" if finding.obstacle else "but only"
        total = count_text(finding.total, "conversation")
        return f"{self.title}, {how} {_passed(finding)} of {total} passed{see(finding)}"

    def value(self, finding: Finding) -> str:
        """Return how many of the caller's conversations passed."""
        if not finding.total:
            return "no conversations in a valid measurement"
        return f"{_passed(finding)} of {finding.total} passed"

    def remark(self, finding: Finding) -> str:
        """Return which conversation to open."""
        if finding.obstacle is Obstacle.NOTHING_PASSED and finding.total:
            return f"no conversation passed or failed{see(finding)}"
        return see(finding).strip(" ()")

    def next_step(self, finding: Finding) -> str:
        """Return the advice to fix the agent, or what would decide the rule."""
        if finding.obstacle is Obstacle.UNKNOWN_CONVERSATIONS:
            return about_unknown(next(run for run in finding.runs if self._is_unknown_in(run)))
        if finding.obstacle is Obstacle.NOTHING_PASSED and not finding.total:
            return f"Check the id of caller {self.caller}, because no valid measurement has this caller."
        return (
            "Run the simulation again, because all of this caller's conversations are void."
            if finding.obstacle
            else FIX
        )

    def _is_unknown_in(self, run: SimulationRun) -> bool:
        return any(each.digital_human_id == self.caller for each in run.unknown)


def _passed(finding: Finding) -> str:
    """Return the number of conversations that passed, as a range if some are unknown."""
    return " to ".join(map(str, dict.fromkeys((int(finding.lowest or 0), int(finding.highest or 0)))))
