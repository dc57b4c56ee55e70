"""The pass rate: against its threshold as it is, or by its interval about callers like these."""

from __future__ import annotations

import math
from fractions import Fraction

from ..judging.statistics import Rate, binomial_tail, rate_of_callers
from ..judging.tally import Tally
from ..judging.thresholds import beside
from .evidence import Evidence
from .verdict import Answer, Finding, kept_if

SHOWN_CONFIDENCE = 0.95
"""The confidence level of the interval that is shown where none is asked for."""
WEAKER = 20
"""By how many points an agent is below the threshold, which a run should not ship."""
TOO_OFTEN = 0.1
"""A verdict gets a note if the chance of shipping such an agent is above this."""
_RARELY = 0.055
"""The chance that the note's larger run has at most: it is printed as 5 %."""
_MOST = 200


def min_pass_rate(evidence: Evidence, threshold: float, confidence: float | None) -> Finding:
    """Judge the share of judged conversations that passed."""
    judged, failed = len(evidence.judged) + evidence.missing, len(evidence.failed) + evidence.missing
    passed = judged - failed
    rate = rate_over_callers(evidence, confidence or SHOWN_CONFIDENCE)
    value = f"{passed} of {judged} judged passed, {_percent(passed / judged, threshold)}" if judged else ""
    if confidence is not None:
        answer, explanation = _by_interval(rate, threshold, confidence)
        value += f", {_interval(rate, confidence)}" if rate else ""
    elif judged:
        answer = kept_if(passed * 100 >= Fraction(str(threshold)) * judged)
        explanation = f"passed / judged; {_interval(rate, SHOWN_CONFIDENCE)}"
    else:
        answer, explanation = Answer.INCONCLUSIVE, "no conversation was judged"
    return Finding("min-pass-rate", f"{threshold:g} %", value, judged, answer, explanation, evidence.failed)


def few_conversations(judged: int, threshold: float) -> str:
    """Say how often a run of so few conversations ships an agent far below the threshold; empty if rarely."""
    weaker = threshold - WEAKER
    if weaker <= 0 or not 0 < judged <= _MOST or (chance := _ships(judged, weaker, threshold)) <= TOO_OFTEN:
        return ""
    sizes = range(judged - judged % 5 + 5, _MOST, 5)
    enough = next((each for each in sizes if _ships(each, weaker, threshold) < _RARELY), None)
    larger = f"; {enough} would make it {100 * _ships(enough, weaker, threshold):.0f} %" if enough else ""
    return f"{judged} judged: an agent of {weaker:g} % ships in {100 * chance:.0f} % of such runs{larger}"


def _ships(judged: int, rate: float, threshold: float) -> float:
    """Return the chance that a run of an agent with this pass rate, in percent, reaches a threshold."""
    return binomial_tail(math.ceil(Fraction(str(threshold)) * judged / 100), judged, rate / 100)


def rate_over_callers(evidence: Evidence, confidence: float) -> Rate | None:
    """Return the pass rate over callers with its confidence interval; None if fewer than two were judged."""
    callers = [tally for _, tally in evidence.callers()]
    return rate_of_callers([*callers, *[Tally(0, 1)] * evidence.missing], confidence)


def _by_interval(rate: Rate | None, threshold: float, confidence: float) -> tuple[Answer, str]:
    if rate is None:
        return Answer.INCONCLUSIVE, "fewer than two callers were judged, so there is no interval"
    low, high = rate.interval.low * 100, rate.interval.high * 100
    interval = _interval(rate, confidence)
    if low >= threshold:
        return Answer.KEPT, interval
    if high < threshold:
        return Answer.BROKEN, interval
    reason = f"{interval}; it contains {threshold:g} %; more callers make it narrower"
    return Answer.INCONCLUSIVE, reason


def _interval(rate: Rate | None, confidence: float) -> str:
    if rate is None:
        return "no interval: fewer than two callers were judged"
    low, high = rate.interval.low, rate.interval.high
    return (
        f"mean of {rate.callers} callers {100 * rate.estimate:.1f} %, {100 * confidence:.4g} % confidence "
        f"interval {100 * low:.1f} to {100 * high:.1f} %"
    )


def _percent(rate: float, threshold: float) -> str:
    return f"{beside(100 * rate, threshold)} %"
