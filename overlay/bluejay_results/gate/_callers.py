"""Rules about callers with several conversations: single verdicts flip, so one says little."""

from __future__ import annotations

import math

from ..digital_human import DigitalHuman, Failing
from ..result import Outcome, SimulationResult
from ..run import SimulationRun
from .verdict import Answer, Finding

FEWEST = 3
"""Judged conversations from which on a caller can fail always."""
BY_CHANCE = 0.05
"""A caller that fails always counts where chance explains it less often than this, over all callers."""


def always_failing(run: SimulationRun, at_most: int) -> Finding:
    """Judge how many callers failed all of at least three conversations, where chance does not explain it."""
    humans = [each for each in run.by_digital_human if each.failing]
    rate = run.judged_pass_rate or 0.0
    found = [
        each
        for each in humans
        if each.failing is Failing.ALWAYS and _is_beyond_chance(_judged(each), len(humans), rate)
    ]
    can_tell = [each for each in humans if _is_beyond_chance(_judged(each), len(humans), rate)]
    threshold, value = f"{at_most}", f"{len(found)} of {len(humans)} callers always fail{_named(found)}"
    if not can_tell:
        return Finding(
            "max-always-failing",
            threshold,
            "",
            len(humans),
            Answer.NOT_APPLICABLE,
            f"no caller has enough judged conversations to tell it from chance{_needed(len(humans), rate)}",
        )
    return Finding(
        "max-always-failing",
        threshold,
        value,
        len(can_tell),
        Answer.KEPT if len(found) <= at_most else Answer.BROKEN,
        f"callers with at least {FEWEST} judged conversations that failed them all, and not by chance",
        _failed(found),
    )


def baseline_broken(run: SimulationRun, baseline: SimulationRun) -> Finding:
    """Judge whether callers that always passed in the baseline always fail now."""
    before = {each.id: each for each in baseline.by_digital_human if each.id is not None}
    both = [
        (before[each.id], each)
        for each in run.by_digital_human
        if each.id in before and _judged(each) >= FEWEST and _judged(before[each.id]) >= FEWEST
    ]
    threshold = f"against run {baseline.id}"
    if not baseline.is_settled or baseline.violations or not both:
        reason = f"no caller has {FEWEST} judged conversations on both sides"
        if not baseline.is_settled or baseline.violations:
            reason = "the baseline is not settled"
        return Finding("baseline", threshold, "", len(both), Answer.INCONCLUSIVE, reason)
    turned = [now for then, now in both if then.failing is Failing.NEVER and now.failing is Failing.ALWAYS]
    return Finding(
        "baseline",
        threshold,
        f"{len(turned)} of {len(both)} callers turned from always to never passing{_named(turned)}",
        len(both),
        Answer.BROKEN if turned else Answer.KEPT,
        f"callers with at least {FEWEST} judged conversations on both sides",
        _failed(turned),
    )


def _is_beyond_chance(judged: int, callers: int, rate: float) -> bool:
    return judged >= FEWEST and callers * (1 - rate) ** judged <= BY_CHANCE


def _needed(callers: int, rate: float) -> str:
    """Say how many conversations each would take."""
    if rate <= 0 or not callers:
        return "; with none passed there is no telling"
    least = FEWEST if rate >= 1 else math.ceil(math.log(BY_CHANCE / callers) / math.log(1 - rate))
    return f"; {max(FEWEST, least)} each would do"


def _judged(human: DigitalHuman) -> int:
    return human.passed + human.failed


def _failed(humans: list[DigitalHuman]) -> tuple[SimulationResult, ...]:
    return tuple(each for human in humans for each in human.results if each.outcome is Outcome.FAILED)


def _named(humans: list[DigitalHuman], most: int = 3) -> str:
    ids = [f"{each.id}" for each in humans]
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return f": {', '.join(ids[:most])}{more}" if ids else ""
