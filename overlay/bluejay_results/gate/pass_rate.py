"""The rule about the pass rate: the rate, or its confidence interval, is compared with the threshold."""

from __future__ import annotations

import math
from fractions import Fraction

from ..judging.statistics import Rate, binomial_tail, rate_of_callers
from ..judging.tally import Tally
from ..judging.thresholds import distinct_number
from .evidence import Evidence
from .verdict import Finding, RuleVerdict, kept_if

SHOWN_CONFIDENCE = 0.95
"""The confidence level of the interval that is shown if the rules set none."""
WEAKER = 20
"""The note about few conversations names an agent whose pass rate is this many points below the threshold."""
TOO_OFTEN = 0.1
"""The note is added if such an agent ships with a chance above this."""
_RARELY = 0.055
"""The note names a larger run that ships such an agent with less than this chance, printed as 5 %."""
_MOST = 200
"""The maximum number of conversations in the note."""


def min_pass_rate(evidence: Evidence, threshold: float, confidence: float | None) -> Finding:
    """Judge the share of judged conversations that passed."""
    judged, failed = len(evidence.judged) + evidence.missing, len(evidence.failed) + evidence.missing
    passed = judged - failed
    rate = rate_over_callers(evidence, confidence or SHOWN_CONFIDENCE)
    share = _percent_text(passed / judged, threshold) if judged else ""
    value = f"{passed} of {judged} judged conversations passed, {share}" if judged else ""
    if confidence is not None:
        answer, explanation = _by_interval(rate, threshold, confidence)
        value += f", {_interval_text(rate, confidence)}" if rate else ""
    elif judged:
        answer = kept_if(passed * 100 >= Fraction(str(threshold)) * judged)
        explanation = f"passed / judged; {_interval_text(rate, SHOWN_CONFIDENCE)}"
    else:
        answer, explanation = RuleVerdict.INCONCLUSIVE, "no conversation was judged"
    return Finding("min-pass-rate", f"{threshold:g} %", value, judged, answer, explanation, evidence.failed)


def few_conversations_note(judged: int, threshold: float) -> str:
    """Return a note if runs of this size often ship an agent far below the threshold; otherwise empty."""
    weaker = threshold - WEAKER
    if weaker <= 0 or not 0 < judged <= _MOST or (chance := _ships(judged, weaker, threshold)) <= TOO_OFTEN:
        return ""
    sizes = range(judged - judged % 5 + 5, _MOST, 5)
    enough = next((each for each in sizes if _ships(each, weaker, threshold) < _RARELY), None)
    larger = f" (with {enough} judged: {100 * _ships(enough, weaker, threshold):.0f} %)" if enough else ""
    return (
        f"few conversations: with {judged} judged, an agent with a pass rate of {weaker:g} % would ship in "
        f"{100 * chance:.0f} % of runs{larger}"
    )


def _ships(judged: int, rate: float, threshold: float) -> float:
    """Return the chance that an agent whose pass rate is `rate` percent reaches the threshold in one run."""
    return binomial_tail(math.ceil(Fraction(str(threshold)) * judged / 100), judged, rate / 100)


def rate_over_callers(evidence: Evidence, confidence: float) -> Rate | None:
    """Return the pass rate over callers with its confidence interval; None for fewer than two callers."""
    callers = [tally for _, tally in evidence.callers()]
    return rate_of_callers([*callers, *[Tally(0, 1)] * evidence.missing], confidence)


def _by_interval(rate: Rate | None, threshold: float, confidence: float) -> tuple[RuleVerdict, str]:
    if rate is None:
        return RuleVerdict.INCONCLUSIVE, "fewer than two callers were judged, so there is no interval"
    low, high = rate.interval.low * 100, rate.interval.high * 100
    interval = _interval_text(rate, confidence)
    if low >= threshold:
        return RuleVerdict.KEPT, interval
    if high < threshold:
        return RuleVerdict.BROKEN, interval
    reason = f"{interval}; the interval contains {threshold:g} %; more callers would narrow the interval"
    return RuleVerdict.INCONCLUSIVE, reason


def _interval_text(rate: Rate | None, confidence: float) -> str:
    if rate is None:
        return "no interval: fewer than two callers were judged"
    low, high = rate.interval.low, rate.interval.high
    return (
        f"mean of {rate.callers} callers {100 * rate.estimate:.1f} %, {100 * confidence:.4g} % confidence "
        f"interval {100 * low:.1f} to {100 * high:.1f} %"
    )


def _percent_text(rate: float, threshold: float) -> str:
    return f"{distinct_number(100 * rate, threshold)} %"
