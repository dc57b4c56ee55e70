"""What to do next, for readers who don't know the options."""

from __future__ import annotations

from ..writing.numbers import exact_text, range_text
from .advice import about_unknown, about_void
from .pass_rate_rules import ConfidentMinPassRate
from .rule import RuleVerdict
from .verdict import Cause, RunVerdict, Verdict

_CAUSES = {
    Cause.VIOLATION: "Check the run id. Fetch the run again. If it still breaks the contract, tell Bluejay.",
    Cause.NOT_SETTLED: "Wait, because scores might still arrive. Then check the run again.",
}


def next_step(verdict: Verdict) -> str:
    """Return what to do next, or an empty string after a failure, whose message already says what to do."""
    for finding in verdict.deciding:
        if finding.runs:  # otherwise, the runs have to be measured first
            return finding.rule.next_step(finding)
    deciding = (each for each in verdict.runs if each.exit_code == verdict.exit_code)
    return next(map(_about_run, deciding), "")


def how_sure(verdict: RunVerdict) -> str:
    """Return how far a run's result applies to other callers, or "" if no conversation passed or failed."""
    minimum, interval = verdict.min_pass_rate, verdict.pass_rate.interval
    if interval is None:
        return ""
    known = f"For similar callers, it could be {range_text(*interval, minimum)}"
    if minimum is None:
        return f"{known}."
    rule = ConfidentMinPassRate(minimum)
    finding = rule.check(verdict.run)
    limit = exact_text(minimum, "%")
    if not finding.obstacle:
        side = "at least" if finding.verdict is RuleVerdict.KEPT else "below"
        return f"High. {known}, all of which is {side} {limit}."
    enough = rule.enough(finding)
    return f"Low. {known}. {enough[0].upper()}{enough[1:]}."


def _about_run(verdict: RunVerdict) -> str:
    if verdict.cause is Cause.NOT_A_MEASUREMENT:
        return _measure_again(verdict)
    if verdict.cause is not Cause.KEPT:
        steps = (each.rule.next_step(each) for each in verdict.deciding)
        return _CAUSES.get(verdict.cause) or next(steps)
    failed = verdict.pass_rate.failed
    which = "the failed conversation" if failed == 1 else f"the {failed:,} failed conversations"
    more = f" To improve the agent, read {which} below."
    return f"Ship.{more if failed else ''}"


def _measure_again(verdict: RunVerdict) -> str:
    unmet = {each.name for each in verdict.unmet}
    if "run-status" in unmet:
        return "Upgrade this package, because the service's statuses have changed."
    if unmet <= {"counters", "total-tests"}:
        return "Fetch the run again later. If its counters are still wrong, run the simulation again."
    if not (verdict.run.void or verdict.pass_rate.unknown):
        return "Run the simulation with more conversations, because too few passed or failed."
    if "max-void" in unmet or not verdict.pass_rate.unknown:
        return about_void(verdict.run)
    return about_unknown(verdict.run)
