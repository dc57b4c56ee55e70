"""The `min-pass-rate` rule, with or without `confident`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from ..measuring.pass_rate import PassRate
from ..measuring.statistics import rate_interval
from ..results.outcome import Outcome
from ..results.pass_rates import Unknown, percentage, rates_of
from ..results.run import SimulationRun
from ..writing.numbers import exact_text, range_text
from .advice import about_unknown
from .rule import FIX, Finding, Obstacle, RuleVerdict, RunRule, see, unknown_text


@frozen
class MinPassRate(RunRule):
    """Requires a minimum pass rate, even if every unknown conversation failed."""

    minimum: float
    name = "min-pass-rate"

    @property
    def limit(self) -> float:
        """The minimum, in percent."""
        return self.minimum

    @property
    def title(self) -> str:
        """The rule in words."""
        return f"at least {exact_text(self.minimum, '%')} passed"

    def check(self, run: SimulationRun) -> Finding:
        """Compare the lowest and the highest possible pass rate with the minimum."""
        rate, least = PassRate.of(run), Fraction(str(self.minimum))
        is_kept = 100 * rate.passed >= least * rate.total > 0
        is_broken = 100 * (rate.passed + rate.unknown) < least * rate.total
        return self._finding(run, rate, is_kept, is_broken, (rate.lowest, rate.highest))

    def _finding(
        self,
        run: SimulationRun,
        rate: PassRate,
        is_kept: bool,
        is_broken: bool,
        ends: tuple[float | None, float | None],
        obstacle: Obstacle = Obstacle.UNKNOWN_CONVERSATIONS,
    ) -> Finding:
        verdict = RuleVerdict.INCONCLUSIVE
        if is_kept or is_broken:
            verdict = RuleVerdict.KEPT if is_kept else RuleVerdict.BROKEN
        if not rate.total:
            obstacle = Obstacle.NOTHING_PASSED
        opened = {RuleVerdict.BROKEN: Outcome.FAILED, RuleVerdict.INCONCLUSIVE: Outcome.UNKNOWN}.get(verdict)
        return Finding(
            rule=self,
            verdict=verdict,
            runs=(run,),
            lowest=ends[0],
            highest=ends[1],
            sample=rate.passed + rate.failed,
            total=rate.total,
            obstacle=obstacle if verdict is RuleVerdict.INCONCLUSIVE else None,
            conversations=tuple(each.id for each in run.not_passed if each.outcome is opened),
        )

    def sentence(self, finding: Finding) -> str:
        """Return how many conversations passed: a minimum, a maximum or a range if some are unknown."""
        rate, ones = PassRate.of(finding.run), unknown_text(finding.run)
        least, most = rate.passed, rate.passed + rate.unknown
        if not rate.unknown:
            return self._passed(rate, (least, least), "")
        if finding.verdict is RuleVerdict.KEPT:
            return f"at least {self._passed(rate, (least, least), f', even if {ones} failed')}"
        if finding.verdict is RuleVerdict.BROKEN:
            return f"at most {self._passed(rate, (most, most), f', even if {ones} passed')}"
        return self._passed(rate, (least, most), f", depending on {self.remark(finding)}")

    def _passed(self, rate: PassRate, counts: tuple[int, int], why: str, interval: str = "") -> str:
        passed = " to ".join(map(str, dict.fromkeys(counts)))
        low, high = (percentage(each, rate.total) for each in counts)
        share = range_text(low, high, self.minimum)
        asked = exact_text(self.minimum, "%")
        return f"{passed} of {rate.total} passed, {share}{interval} (required: at least {asked}){why}"

    def value(self, finding: Finding) -> str:
        """Return the lowest and the highest possible pass rate."""
        return "-" if finding.lowest is None else range_text(finding.lowest, finding.highest, self.minimum)

    def remark(self, finding: Finding) -> str:
        """Return how many conversations are unknown, if the verdict depends on them."""
        if finding.obstacle is Obstacle.NOTHING_PASSED:
            return "no conversation passed, failed or is unknown"
        return f"{unknown_text(finding.run)}{see(finding)}" if finding.obstacle else ""

    def next_step(self, finding: Finding) -> str:
        """Return the advice to fix the agent, or what to do about unknown conversations."""
        return about_unknown(finding.run) if finding.obstacle else FIX


@frozen
class ConfidentMinPassRate(MinPassRate):
    """Requires a minimum pass rate for similar callers: the 95 % interval must not extend below it."""

    @property
    def text(self) -> str:
        """The two rules as written by users."""
        return f"{self.name} {exact_text(self.minimum)} confident"

    @property
    def title(self) -> str:
        """The rule in words."""
        return f"{super().title}, according to the 95 % interval"

    def check(self, run: SimulationRun) -> Finding:
        """Compare the interval's ends with the minimum."""
        failed, passed = _intervals(run)
        ends = (100 * failed[0], 100 * passed[1]) if failed and passed else (None, None)
        low, high = ends[0] or 0.0, 100.0 if ends[1] is None else ends[1]
        is_kept, is_broken = low >= self.minimum, high < self.minimum
        rate = PassRate.of(run)
        return self._finding(run, rate, is_kept, is_broken, ends, Obstacle.FEW_CALLERS)

    def _unknown_decide(self, run: SimulationRun) -> bool:
        """Whether the rule is broken if all unknown conversations failed, and kept if all passed."""
        failed, passed = _intervals(run)
        if failed is None or passed is None:
            return False
        return 100 * failed[1] < self.minimum <= 100 * passed[0]

    def sentence(self, finding: Finding) -> str:
        """Return how many conversations passed, and the interval."""
        rate, why = PassRate.of(finding.run), self.remark(finding)
        counts = rate.passed, rate.passed + rate.unknown
        return self._passed(rate, counts, f", but {why}" if why else "", f", interval {self.value(finding)}")

    def remark(self, finding: Finding) -> str:
        """Return whether more callers would be enough."""
        if finding.obstacle is not Obstacle.FEW_CALLERS:
            return super().remark(finding)
        return f"the interval includes {exact_text(self.minimum, '%')}; {self.enough(finding)}"

    def enough(self, finding: Finding) -> str:
        """Return whether more callers would decide an inconclusive rule."""
        if _mean_is_above(self.minimum, finding.run, Unknown.FAILED):
            return "more callers like these would be enough"
        if self.minimum == 100:
            return "no number of callers can prove 100 %"
        if self._unknown_decide(finding.run):
            return f"the unknown conversations would decide{see(finding)}"
        if _mean_is_above(self.minimum, finding.run, Unknown.PASSED):
            return f"more callers help only if the unknown ones passed{see(finding)}"
        return "more callers like these would not be enough"

    def next_step(self, finding: Finding) -> str:
        """Return the advice to run the simulation with more callers, if that might be enough."""
        if not finding.obstacle:
            return FIX
        if _mean_is_above(self.minimum, finding.run, Unknown.FAILED):
            return "Run the simulation with more callers."
        if self.minimum == 100:
            return "Lower the minimum, or leave out --confident to check the rate instead of its interval."
        if _mean_is_above(self.minimum, finding.run, Unknown.PASSED):
            return about_unknown(finding.run)
        return FIX


def _intervals(run: SimulationRun) -> Iterator[tuple[float, float] | None]:
    """Yield the interval if all unknown conversations failed, and if all of them passed."""
    for each in (Unknown.FAILED, Unknown.PASSED):
        yield rate_interval(rates_of(run.callers, run.missing_count, each))


def _mean_is_above(minimum: float, run: SimulationRun, unknown: Unknown) -> bool:
    """Whether the callers' mean rate, computed exactly, is above a percentage."""
    callers = [each for each in run.callers if each.counted]
    passed = sum(
        (Fraction(each.passed + each.unknown * (unknown.value or 0), each.counted) for each in callers),
        Fraction(run.missing_count * (unknown.value or 0)),
    )
    return 100 * passed > Fraction(str(minimum)) * (len(callers) + run.missing_count)
