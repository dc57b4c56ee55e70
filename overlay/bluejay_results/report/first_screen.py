"""The first screen: the decision, the pass rate, the outcomes, and the conversations to open first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from attrs import frozen

from ..gate import Cause, Decision, PassRate, RunVerdict, Verdict
from ..gate.verdict import NoVerdict
from ..results.notes import Note, NoteKind, notes
from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..writing.numbers import exact_text, number_text, range_text
from .charts import PERCENT, HistoryRow, Mark, Scale
from .conversations import KINDS, reason_text

MOST_REASONS = 5
"""The maximum number of reasons on the first screen."""
_MOST_FREQUENT = 3
"""The maximum number of reasons for an unknown or void outcome that are shown below the outcome bar."""
MOST_OPENED = 3
"""The maximum number of conversations to list for a reason."""


@frozen
class RateChart:
    """The run's pass rate and the estimated rate for similar callers, on a scale from 0 to 100 %.

    Attributes:
        words: The chart as text.
        dot: The run's pass rate; None if no conversation passed or failed.
        range: The start and width of the range from lowest to highest; None if nothing is unknown.
        mean: The position of the callers' mean rate; None without an interval.
        interval: The positions of the ends of the mean's 95 % interval; None without an interval.
        threshold: The minimum pass rate; None if the rule is off.
        is_left: Whether the labels are at the left end of the scale; true if the rate is at least 50 %.
    """

    words: str
    dot: Mark | None
    range: tuple[str, str] | None
    mean: str | None
    interval: tuple[str, str] | None
    threshold: Mark | None
    is_left: bool


@frozen
class Segment:
    """A segment of the outcome bar.

    Attributes:
        kind: The kind of mark, as in `KINDS`.
        count: The number of conversations.
        outcome: The conversations' outcome.
        why: What an unknown or void outcome means, and its most frequent reasons; otherwise empty.
        x: Where the segment begins.
        width: The width of the segment.
    """

    kind: str
    count: int
    outcome: str
    why: str
    x: str
    width: str


def title(verdict: Verdict | RunVerdict | NoVerdict | HistoryRow) -> str:
    """Return the decision as the page title."""
    return "No verdict" if verdict.decision is Decision.FAILED else verdict.decision.capitalize()


def rate_chart(rate: PassRate, minimum: float | None) -> RateChart:
    """Return the pass rate with its range, interval and minimum."""
    ends = (rate.lowest or 0.0, rate.highest or 0.0)
    mean = rate.value if rate.mean_of_callers is None else rate.mean_of_callers
    return RateChart(
        ". ".join(_rate_words(rate, minimum)),
        None if rate.value is None else PERCENT.mark(rate.value, number_text(rate.value, "%", minimum)),
        (PERCENT.x(ends[0]), PERCENT.width(*ends)) if rate.unknown else None,
        None if mean is None else PERCENT.x(mean),
        (PERCENT.x(rate.interval[0]), PERCENT.x(rate.interval[1])) if rate.interval else None,
        PERCENT.mark(minimum, f"at least {exact_text(minimum, '%')}") if minimum else None,
        (rate.value or ends[0]) >= 50,
    )


def _rate_words(rate: PassRate, minimum: float | None) -> Iterator[str]:
    if rate.value is None:
        passed = "No conversation passed or failed"
    else:
        counts = f"{rate.passed:,} of {rate.passed + rate.failed:,}"
        passed = f"{counts} conversations passed, {number_text(rate.value, '%', minimum)}"
    ends = range_text(rate.lowest, rate.highest, minimum)
    yield f"{passed}; with {rate.unknown:,} unknown, {ends} (grey)" if rate.unknown else passed
    if rate.interval is not None:
        interval = range_text(*rate.interval, minimum)
        yield f"For callers like these: {interval} (lower line, 95 % interval)"


def outcomes(run: SimulationRun) -> list[Segment]:
    """Return the segments of the bar; missing conversations count as unknown."""
    counts = run.outcomes
    counts[Outcome.UNKNOWN] += run.missing_count
    scale, parts, begin = Scale(0, sum(counts.values()) or 1), [], 0
    for outcome, count in counts.items():
        if count:
            why = f"{_MEANINGS[outcome]}: {_most_frequent(run, outcome)}" if outcome in _MEANINGS else ""
            x, width = scale.x(begin), scale.width(0, count)
            parts.append(Segment(KINDS[outcome], count, outcome.value, why, x, width))
            begin += count
    return parts


_MEANINGS = {
    Outcome.UNKNOWN: "which might have passed or failed",
    Outcome.VOID: "stopped by the account, the platform or a person",
}


def _most_frequent(run: SimulationRun, outcome: Outcome) -> str:
    """Return the three most frequent reasons for an outcome, with the number of conversations for each."""
    texts = [reason_text(each) for each in run.results if each.outcome is outcome]
    reasons = Counter(text[:1].lower() + text[1:] for text in texts)
    if outcome is Outcome.UNKNOWN and run.missing_count:
        reasons["missing from the list"] = run.missing_count
    named = reasons.most_common(_MOST_FREQUENT)
    others = reasons.total() - sum(count for _, count in named)
    rest = [f"other reasons ({others:,})"] if others else []
    return ", ".join([*(f"{reason} ({count:,})" for reason, count in named), *rest])


@frozen
class SharedReason:
    """A reason for not passing, and the conversations that share it.

    Attributes:
        text: The reason.
        results: The conversations that share the reason; those that the decision depends on come first.
    """

    text: str
    results: list[SimulationResult]


def other_notes(run: SimulationRun) -> list[Note]:
    """Return the notes, except those about reasons for outcomes, which the outcome bar shows."""
    return [each for each in notes(run) if each.kind not in {NoteKind.NOT_COUNTED, NoteKind.MISSING}]


def to_open(verdict: RunVerdict) -> list[SharedReason]:
    """Return the reasons why conversations didn't pass; those that the decision depends on come first.

    Void conversations are included only if the decision depends on them.
    """
    by_id = {each.id: each for each in verdict.run.results}
    deciding = [*_deciding(verdict)]
    found: dict[str, SharedReason] = {}
    for id_ in dict.fromkeys(
        (*deciding, *(each.id for each in verdict.not_passed if each.outcome is not Outcome.VOID))
    ):
        text = reason_text(by_id[id_])
        found.setdefault(text, SharedReason(text, [])).results.append(by_id[id_])
    return sorted(found.values(), key=lambda each: (each.results[0].id not in deciding, -len(each.results)))


def _deciding(verdict: RunVerdict) -> Iterator[int]:
    """Yield the ids of the conversations that the decision depends on."""
    if verdict.cause in {Cause.BROKEN, Cause.UNDECIDED}:
        for finding in verdict.deciding:
            yield from finding.conversations
    for condition in verdict.unmet:
        yield from condition.conversations
