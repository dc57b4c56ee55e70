"""The pass rate: against its threshold as it is, or by its interval about callers like these."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .._statistics import Rate, rate_of_callers
from ..result import Outcome, SimulationResult
from ..run import SimulationRun
from .rules import Rules
from .verdict import Answer, Finding

SHOWN_CONFIDENCE = 0.95
"""Of the interval that is shown where none is asked for."""


def min_pass_rate(run: SimulationRun, judged: Sequence[SimulationResult], rules: Rules) -> Finding:
    """Judge the share of judged conversations that passed."""
    failed = tuple(each for each in judged if each.outcome is Outcome.FAILED)
    passed = len(judged) - len(failed)
    callers = [(human.passed, human.passed + human.failed) for human in run.by_digital_human]
    rate = rate_of_callers(callers, rules.confidence or SHOWN_CONFIDENCE)
    answer, explanation = Answer.INCONCLUSIVE, "no conversation was judged"
    if rules.confidence is not None:
        answer, explanation = _by_interval(rate, rules.min_pass_rate, rules.confidence)
    elif judged:
        is_kept = passed * 100 >= Fraction(str(rules.min_pass_rate)) * len(judged)
        answer = Answer.KEPT if is_kept else Answer.BROKEN
        explanation = f"passed / judged; {_interval(rate, SHOWN_CONFIDENCE)}"
    value = ""
    if judged:
        value = (
            f"{passed} of {len(judged)} judged passed, {_beside(passed / len(judged), rules.min_pass_rate)}"
        )
    if rules.confidence is not None and rate:
        value += f", {_interval(rate, rules.confidence)}"
    return Finding(
        "min-pass-rate", f"{rules.min_pass_rate:g} %", value, len(judged), answer, explanation, failed
    )


def _by_interval(rate: Rate | None, threshold: float, confidence: float) -> tuple[Answer, str]:
    if rate is None:
        return Answer.INCONCLUSIVE, "fewer than two callers were judged, so there is no interval"
    low, high = rate.interval.low * 100, rate.interval.high * 100
    said = _interval(rate, confidence)
    if low >= threshold:
        return Answer.KEPT, said
    if high < threshold:
        return Answer.BROKEN, said
    return Answer.INCONCLUSIVE, f"{said}, on both sides of {threshold:g} %; more callers make it narrower"


def _interval(rate: Rate | None, confidence: float) -> str:
    if rate is None:
        return "no interval: fewer than two callers were judged"
    low, high = rate.interval.low, rate.interval.high
    return (
        f"{_percent(rate.estimate)} of callers like these, {_percent(low)} to {_percent(high)} at "
        f"{confidence:.4g} confidence from {rate.callers} callers"
    )


def _beside(rate: float, threshold: float) -> str:
    """Write a rate with as many digits as tell it from the threshold."""
    digits = 1
    while digits < 6 and round(100 * rate, digits) == threshold != 100 * rate:
        digits += 1
    return f"{100 * rate:.{digits}f} %"


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f} %"
