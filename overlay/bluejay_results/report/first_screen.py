"""The first screen: the decision, the pass rate, the outcomes, and the conversations to open first."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from ..gate import Cause, Decision, PassRate, RunVerdict, Verdict
from ..gate.verdict import NoVerdict
from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..writing.numbers import exact_text, number_text, range_text
from ..writing.words import count_text
from .charts import PERCENT, HistoryRow, Mark, Scale
from .conversations import KINDS, reason_text

_TO_OPEN = 5
MOST_OPENED = 3
"""How many conversations are named for a reason."""


@frozen
class RateChart:
    """The pass rate on a scale from 0 to 100 %.

    Attributes:
        words: The chart as text.
        dot: The rate; None if no conversation passed or failed.
        interval: The positions of the interval's ends; None without an interval.
        range: Where the range from lowest to highest begins, and its width; None if nothing is unknown.
        threshold: The minimum; None if the rule is off.
        is_left: Whether the labels are at the left end of the scale; true if the rate is at least 50 %.
    """

    words: str
    dot: Mark | None
    interval: tuple[str, str] | None
    range: tuple[str, str] | None
    threshold: Mark | None
    is_left: bool


@frozen
class Segment:
    """A segment of the bar of outcomes.

    Attributes:
        kind: The kind of the part's mark, as in `KINDS`.
        count: The number of conversations.
        text: The outcome of the conversations.
        x: Where the part begins.
        width: How wide the part is.
    """

    kind: str
    count: int
    text: str
    x: str
    width: str


def title(verdict: Verdict | RunVerdict | NoVerdict | HistoryRow) -> str:
    """Return the decision as the title of the page."""
    return "No verdict" if verdict.decision is Decision.FAILED else verdict.decision.capitalize()


def rate_chart(rate: PassRate, minimum: float | None, *, is_confident: bool) -> RateChart:
    """Return the pass rate with its interval, its range and the minimum.

    `is_confident` says whether the verdict is about the interval.
    """
    ends = (rate.lowest or 0.0, rate.highest or 0.0)
    return RateChart(
        ". ".join(_rate_words(rate, minimum, is_confident)),
        None if rate.value is None else PERCENT.mark(rate.value, number_text(rate.value, "%", minimum)),
        (PERCENT.x(rate.interval[0]), PERCENT.x(rate.interval[1])) if rate.interval else None,
        (PERCENT.x(ends[0]), PERCENT.width(*ends)) if rate.unknown else None,
        PERCENT.mark(minimum, f"at least {exact_text(minimum, '%')}") if minimum else None,
        (rate.value or ends[0]) >= 50,
    )


def _rate_words(rate: PassRate, minimum: float | None, is_confident: bool) -> Iterator[str]:
    if rate.interval is None or rate.value is None:
        yield "No conversation passed or failed"
    else:
        known = " with a known outcome" if rate.unknown else ""
        value = number_text(rate.value, "%", minimum)
        yield f"{rate.passed:,} of {rate.passed + rate.failed:,} conversations{known} passed, {value}"
    if rate.unknown:
        unknown = count_text(rate.unknown, "unknown conversation")
        ends = range_text(rate.lowest, rate.highest, minimum)
        yield f"With {unknown}, the rate is {ends}"
    if rate.interval is not None:
        low, high = rate.interval
        average = rate.mean_of_callers
        interval = f"{range_text(low, high, minimum)} (95 % interval)"
        yield f"The verdict is about {'callers like these' if is_confident else 'this run'}"
        if average is None:
            yield f"The pass rate of callers like these may be {interval}"
        else:
            mean = f"If each caller counts equally, the pass rate is {number_text(average, '%', minimum)}"
            yield f"{mean}; for callers like these, it may be {interval}"


def outcomes(run: SimulationRun) -> list[Segment]:
    """Return the parts of the bar; missing conversations count as unknown."""
    counts = run.outcomes
    counts[Outcome.UNKNOWN] += run.missing_count
    scale, parts, begin = Scale(0, sum(counts.values()) or 1), [], 0
    for outcome, count in counts.items():
        if count:
            is_partly_missing = outcome is Outcome.UNKNOWN and run.missing_count
            text = (
                f"{outcome} or missing ({run.missing_count:,} missing)"
                if is_partly_missing
                else outcome.value
            )
            parts.append(Segment(KINDS[outcome], count, text, scale.x(begin), scale.width(0, count)))
            begin += count
    return parts


@frozen
class SharedReason:
    """A reason that several conversations may have for not passing.

    Attributes:
        text: The reason.
        results: The conversations that have it; those on which the decision depends come first.
    """

    text: str
    results: list[SimulationResult]


def to_open(verdict: RunVerdict) -> list[SharedReason]:
    """Return at most five reasons, those of the conversations on which the decision depends first."""
    by_id = {each.id: each for each in verdict.run.results}
    deciding = [*_deciding(verdict)]
    found: dict[str, SharedReason] = {}
    for id_ in dict.fromkeys((*deciding, *(each.id for each in verdict.not_passed))):
        text = reason_text(by_id[id_])
        found.setdefault(text, SharedReason(text, [])).results.append(by_id[id_])
    ordered = sorted(
        found.values(), key=lambda each: (each.results[0].id not in deciding, -len(each.results))
    )
    return ordered[:_TO_OPEN]


def _deciding(verdict: RunVerdict) -> Iterator[int]:
    """Yield the ids of the conversations on which the decision depends."""
    if verdict.cause in {Cause.BROKEN, Cause.UNDECIDED}:
        for finding in verdict.deciding:
            yield from finding.conversations
    for condition in verdict.unmet:
        yield from condition.conversations
