"""Why the decision is as it is, and what to do next, for a reader who doesn't know the options."""

from __future__ import annotations

import math
from collections import Counter

from attrs import evolve

from ..gate.verdict import Cause, Finding, NoVerdict, Obstacle, PassRate, Verdict
from ..gate.verdict_text import reason
from ..judging.statistics import rate_interval
from ..results.figures import FigureObstacle
from ..results.outcome import Outcome, Owner
from ..results.pass_rates import Unknown, rates_of
from ..results.reason import Why
from ..writing.numbers import exact_text, number_text
from ..writing.words import count_text
from .conversations import capitalized

_MISSING = "the service"
"""Who has to act on missing conversations."""
_VOID: dict[str, str] = {
    Owner.ACCOUNT: "Top up the account, then run the simulation again.",
    Owner.PLATFORM: "Run the simulation again, because the platform failed.",
    Owner.CANCELLER: "Run the simulation again, because conversations were cancelled.",
    _MISSING: "Run the simulation again, because the service doesn't list all of its conversations.",
}
_UNKNOWN: dict[str, str] = {
    Owner.CONFIGURATION: "Check the agent's configuration, because calls could not connect. Then run "
    "the simulation again.",
    Owner.LINE: "Check the agent and its phone line, because the agent did not take calls. Then run "
    "the simulation again.",
    _MISSING: _VOID[_MISSING],
}
_CAUSES = {
    Cause.VIOLATION: "Check the run id. Read the run again. If it still breaks the contract, tell Bluejay.",
    Cause.NOT_SETTLED: "Wait, because scores may still arrive. Then judge the run again.",
    Cause.NO_RULE: "Set a minimum pass rate, or let each caller call at least five times.",
}
_OBSTACLES: dict[Obstacle | FigureObstacle | None, str] = {
    FigureObstacle.UNIT_UNKNOWN: "Name the unit of the latencies with --latency-unit, then judge the run "
    "again.",
    FigureObstacle.FEW_VALUES: "Check that the rule names a figure that this simulation measures.",
    FigureObstacle.TYPE_UNFIT: "Change the rule so that it fits the type of the metric.",
    FigureObstacle.EVALUATIONS_DISAGREE: "Open the conversation, or run the simulation again.",
    FigureObstacle.UNREADABLE: "Change the metric so that its answers can be read, then run the "
    "simulation again.",
}
_STEPS = 42
"""The steps of the search. Each adds 10 % of callers, up to about 50 times as many as the run has."""


def next_step(verdict: Verdict) -> str:
    """Return what to do next; empty if the command failed, because its message says what to do."""
    if verdict.cause is Cause.NOT_A_MEASUREMENT:
        return _measure_again(verdict)
    if verdict.cause is Cause.UNDECIDED:
        return _decide(verdict.deciding[0], verdict)
    if verdict.cause is Cause.BROKEN:
        return "Fix the agent: start with the conversations below."
    if verdict.cause is Cause.KEPT:
        failed = verdict.pass_rate.failed
        which = "the conversation" if failed == 1 else f"the {failed:,} conversations"
        more = f" To improve the agent, read {which} below that failed."
        return f"Ship.{more if failed else ''}"
    return _CAUSES.get(verdict.cause, "")


def _measure_again(verdict: Verdict) -> str:
    """Return how to get a measurement.

    The text depends on the most frequent owner of the void or unknown conversations.
    """
    unmet = {each.name for each in verdict.unmet}
    if unmet <= {"counters", "total-tests"}:
        return "Read the run again later. If its counters are still wrong, run the simulation again."
    if "max-void" in unmet or not verdict.pass_rate.unknown:
        return _VOID.get(_most_frequent_owner(Outcome.VOID, verdict), "Run the simulation again.")
    return _about_unknown(verdict)


def _decide(finding: Finding, verdict: Verdict) -> str:
    """Return what would decide a rule that is inconclusive."""
    if finding.obstacle is Obstacle.UNKNOWN_CONVERSATIONS:
        return _about_unknown(verdict)
    if finding.obstacle is Obstacle.FEW_CALLERS:
        return _more_callers(finding.limit or 0.0, verdict)
    return _OBSTACLES.get(finding.obstacle, "Change the rule.")


def _about_unknown(verdict: Verdict) -> str:
    """Return what to do about the unknown conversations. The text depends on their most frequent owner."""
    advice = _UNKNOWN.get(_most_frequent_owner(Outcome.UNKNOWN, verdict))
    if advice:
        return advice
    if any(each.reason.why is Why.NO_CALLS for each in verdict.results):
        return "Check if the agent called tools in the unknown conversations, or run the simulation again."
    return "Open the unknown conversations below, or run the simulation again."


def _most_frequent_owner(outcome: Outcome, verdict: Verdict) -> str:
    owners = Counter[str](each.owner or "" for each in verdict.results if each.outcome is outcome)
    owners[_MISSING] = verdict.run.missing_count
    [(owner, _)] = owners.most_common(1)
    return owner


def _more_callers(limit: float, verdict: Verdict) -> str:
    """Return how many callers would be enough for a decision, if new callers pass as often as these."""
    failed, passed = (
        rates_of(verdict.run.callers, verdict.run.missing_count, each)
        for each in (Unknown.FAILED, Unknown.PASSED)
    )
    total = failed.total()
    too_few = f"{count_text(total, 'caller')} {'is' if total == 1 else 'are'} too few"
    for step in range(1, _STEPS):
        count = math.ceil(total * 1.1**step)
        low, high = (rate_interval(_stretched(each, count)) for each in (failed, passed))
        if low and high and (100 * low[0] >= limit or 100 * high[1] < limit):
            return f"Run the simulation with about {count:,} callers, because {too_few}."
    return f"Run the simulation with many more callers, because {too_few}."


def _stretched(rates: Counter[float], count: int) -> Counter[float]:
    """Return `count` rates that are distributed like the given rates."""
    found, total, before = Counter[float](), rates.total(), 0
    for rate, number in rates.items():
        # The places from the first to the last caller with this rate, on a scale of `count` places.
        found[rate] = -(-(before + number) * count // total) + (-before * count // total)
        before += number
    return found


def why(verdict: Verdict | NoVerdict) -> str:
    """Return the reason for the decision. If the pass rate decides, the first sentence is about it."""
    if isinstance(verdict, NoVerdict):
        return f"{capitalized(reason(verdict))}."
    deciding = verdict.deciding[:1] if verdict.cause is Cause.KEPT else verdict.deciding
    rates = [each for each in deciding if each.rule == "min-pass-rate" and not each.is_confident]
    others = tuple(each for each in deciding if each not in rates)
    said = [_about_pass_rate(rates[0], verdict.pass_rate, verdict.cause)] if rates else []
    if others or not rates:
        said.append(reason(evolve(verdict, rules=others) if rates else verdict))
    return " ".join(f"{capitalized(each)}." for each in said)


def _about_pass_rate(finding: Finding, rate: PassRate, cause: Cause) -> str:
    """Return the pass rate as text, with all unknown conversations counted against the decision."""
    limit, total, unknown = finding.limit or 0.0, finding.total, rate.unknown
    least = f"the minimum is {exact_text(limit, '%')}"
    lowest, highest = (number_text(each or 0.0, "%", limit) for each in (rate.lowest, rate.highest))
    ones = "the unknown conversation" if unknown == 1 else f"the {unknown:,} unknown conversations"
    if not unknown:
        return f"{rate.passed:,} of {total:,} conversations passed, {lowest}; {least}"
    if cause is Cause.KEPT:
        return f"With {ones} counted as failed, {rate.passed:,} of {total:,} passed, {lowest}; {least}"
    if cause is Cause.BROKEN:
        most = rate.passed + unknown
        return f"Even with {ones} counted as passed, only {most:,} of {total:,} passed, {highest}; {least}"
    are = "is" if unknown == 1 else "are"
    return (
        f"{rate.passed:,} of {total:,} conversations passed and {unknown:,} {are} unknown, so the pass rate "
        f"is between {lowest.removesuffix(' %')} and {highest}; {least}"
    )
