"""The first screen: verdict, pass rate, outcomes, doubt, and the conversations to open first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from attrs import frozen

from ..compare import Comparison, sentence
from ..compare.deltas import FLAGS
from ..gate.evidence import Evidence
from ..gate.pass_rate import SHOWN_CONFIDENCE, min_pass_rate, rate_over_callers
from ..gate.reports.content import headline, plain, reason_text
from ..gate.rules_and_defaults import Rules
from ..gate.verdict import Decision, RuleVerdict, Verdict
from ..judging.repeats import turned
from ..judging.worst_first import worst_first
from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from .scale import PERCENT, Mark, Scale, x_of
from .words import MAY_HAVE_FAILED, count_text, kind

_TITLES = {Decision.SHIP: "Ship", Decision.DO_NOT_SHIP: "Don't ship"}
_TO_OPEN = 5
_LINK = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+([/?#][!-~]*)?")


@frozen
class PassRate:
    """The pass rate as text and on a scale.

    Attributes:
        words: The numbers as text.
        dot: The rate; None if nothing was judged.
        interval: Where the confidence interval begins and ends; None without an interval.
        threshold: The threshold of the rule; None if the rule is off.
    """

    words: str
    dot: Mark | None
    interval: tuple[str, str] | None
    threshold: Mark | None


@frozen
class Part:
    """A part of the bar of outcomes.

    Attributes:
        kind: The kind of the part's mark.
        count: The number of conversations.
        text: The outcome of the conversations, and who has to act.
        x: Where the part begins.
        width: How wide the part is.
    """

    kind: str
    count: int
    text: str
    x: str
    width: str


def title(verdict: Verdict) -> str:
    """Return the decision as the title of the page."""
    return _TITLES.get(verdict.decision, "Can't tell")


def decision_reason(verdict: Verdict) -> str:
    """Return the reason of the decision, as the command prints it."""
    said = headline(verdict)
    for word in ("ship: ", "don't ship: ", "inconclusive: ", "violation: ", "not settled: "):
        said = said.removeprefix(word)
    return said


def pass_rate(verdict: Verdict, rules: Rules) -> PassRate:
    """Return the pass rate of the judged conversations, with the interval for callers like these."""
    evidence, confidence = Evidence(verdict.run), rules.confidence or SHOWN_CONFIDENCE
    found = min_pass_rate(evidence, rules.min_pass_rate, None)
    over = rate_over_callers(evidence, confidence)
    rate, limit = verdict.run.judged_pass_rate, rules.min_pass_rate / 100
    words = found.value or "No conversation was judged"
    if over:
        low, high = over.interval.low, over.interval.high
        words += (
            f"; callers like these: {100 * low:.1f} to {100 * high:.1f} % "
            f"({100 * confidence:.4g} % confidence interval; mean over {count_text(over.callers, 'caller')}: "
            f"{100 * over.estimate:.1f} %)"
        )
    elif found.value:
        words += "; no interval: fewer than two callers were judged"
    return PassRate(
        words,
        None if rate is None else PERCENT.mark(rate, f"{100 * rate:.1f} %"),
        (PERCENT.x(over.interval.low), PERCENT.x(over.interval.high)) if over else None,
        PERCENT.mark(limit, f"at least {rules.min_pass_rate:g} %") if limit else None,
    )


def outcomes(run: SimulationRun) -> list[Part]:
    """Return the parts of the bar: passed, failed, void for each owner, under way and missing."""
    counts = Counter((kind(each), _part_text(each)) for each in _in_order(run))
    groups = [(mark, text, count) for (mark, text), count in counts.items()]
    if run.missing_count:
        groups.append(("d", f"missing from the list, {MAY_HAVE_FAILED}", run.missing_count))
    total = sum(count for *_, count in groups)
    parts, begin = [], 0
    for mark, text, count in groups:
        scale = Scale(0, total)
        width = scale.share(count)
        parts.append(Part(mark, count, text, scale.x(begin), x_of(width)))
        begin += count
    return parts


def _in_order(run: SimulationRun) -> Iterator[SimulationResult]:
    for each in (Outcome.PASSED, Outcome.FAILED, Outcome.VOID, Outcome.UNDER_WAY):
        found = run.results_by_outcome[each]
        yield from sorted(found, key=lambda result: (result.owner or "", kind(result) == "d"))


def _part_text(result: SimulationResult) -> str:
    text = result.outcome.value
    if result.outcome is Outcome.VOID:
        text += f", for {result.owner} to fix" if result.owner != "unknown" else ", owner unknown"
    return f"{text}, {MAY_HAVE_FAILED}" if kind(result) == "d" else text


def doubt_text(verdict: Verdict, rules: Rules) -> str:
    """Return how many conversations may have failed, why, and the pass rate if all failed; may be empty."""
    run = verdict.run
    doubtful = [each for each in run.doubtful if each.outcome is not Outcome.FAILED]
    count = len(doubtful) + run.missing_count
    if not count:
        return ""
    reasons = Counter(_short_doubt_text(each) for each in doubtful)
    if run.missing_count:
        reasons["missing from the list"] += run.missing_count
    said = "; ".join(f"{number} {text}" if len(reasons) > 1 else text for text, number in _most(reasons))
    value = min_pass_rate(Evidence(run).with_doubt, rules.min_pass_rate, None).value
    return f"{count_text(count, 'conversation')} {MAY_HAVE_FAILED}: {said}. If counted as failed: {value}."


def _short_doubt_text(result: SimulationResult) -> str:
    """Return why a conversation may have failed, without details that differ between conversations."""
    if result.lacks_tool_calls:
        return "tool calls expected but none recorded"
    return plain(result.doubt).partition("; owner: ")[0]


def _most(reasons: Counter[str], most: int = 3) -> list[tuple[str, int]]:
    """Return the most frequent reasons with their counts, then the count of all other reasons."""
    found = reasons.most_common(most)
    others = reasons.total() - sum(number for _, number in found)
    return [*found, ("for other reasons", others)] if others else found


@frozen
class ToOpen:
    """A conversation to open.

    Attributes:
        result: The conversation.
        reason: Why the conversation did not pass, or why it may have failed.
        alike: How many conversations have this reason.
    """

    result: SimulationResult
    reason: str
    alike: int


def open_first(verdict: Verdict, comparison: Comparison | None) -> list[ToOpen]:
    """Return at most five conversations to open; conversations with different reasons come first."""
    candidates = list({each.id: each for each in _candidates(verdict, comparison)}.values())
    reasons = [reason_text(each) for each in candidates]
    alike, first_of = Counter(reasons), {text: place for place, text in reversed([*enumerate(reasons)])}
    order = sorted(range(len(candidates)), key=lambda place: first_of[reasons[place]] != place)
    return [
        ToOpen(candidates[place], reasons[place].removeprefix("goal not reached: "), alike[reasons[place]])
        for place in order[:_TO_OPEN]
    ]


def _candidates(verdict: Verdict, comparison: Comparison | None) -> Iterator[SimulationResult]:
    """Yield conversations of callers that got worse, then those that break rules, then others to look at."""
    run_of = {each.id: each for each in verdict.run.results}
    worse = comparison.worse if comparison else ()
    for pair in sorted(worse, key=lambda pair: not turned(*pair.tallies)):
        yield from (each for each in pair.new.results if each.outcome is Outcome.FAILED and each.id in run_of)
    for finding in verdict.quality:
        if finding.verdict is RuleVerdict.BROKEN:
            yield from sorted(finding.broken_by, key=lambda each: each.outcome is not Outcome.FAILED)
    for finding in verdict.quality:
        yield from finding.doubtful
    yield from worst_first(verdict.run)


def comparison_text(comparison: Comparison | None) -> str:
    """Return the compared runs and the verdict in a sentence; empty without a comparison."""
    if comparison is None:
        return ""
    runs = ", ".join(f"{each.id} ({each.created_at.date().isoformat()})" for each in comparison.base)
    return f"Compared with run {plain(runs)}: {plain(sentence(comparison))}.{_flag_text(comparison)}"


def _flag_text(comparison: Comparison) -> str:
    """Return the judges' flag that changed most, without a verdict; empty for a change below 0.1 points."""
    flags = [
        (abs(each.new - each.base), f" Also changed: {each.name} {each.base:.1f} to {each.new:.1f} %.")
        for each in comparison.deltas
        if each.name in FLAGS and each.base is not None and each.new is not None
    ]
    most, said = max(flags, default=(0.0, ""))
    return said if most >= 0.1 else ""


def is_link(url: str | None) -> bool:
    """Whether a URL may become a link: http or https, with a host, in printable ASCII."""
    return bool(_LINK.fullmatch(url or ""))
