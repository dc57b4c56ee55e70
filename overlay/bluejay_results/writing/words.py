"""Wording about runs, shared by several outputs. The outputs must escape any received text in it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator

from attrs import frozen

from ..measuring.measurement import Condition
from ..results.figures import RunFigure
from ..results.latency import LatencySummary, LatencyUnit
from ..results.outcome import Outcome, Owner
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..results.unknown_fields import names_text
from .numbers import exact_text, figure_text, number_text, obstacle_of_figure


def in_utc(moment: datetime.datetime) -> datetime.datetime:
    """Convert a time to UTC; if the result is before the year 1 or after 9999, return the time unchanged."""
    try:
        return moment.astimezone(datetime.UTC)
    except OverflowError:
        return moment


def count_text(count: int, noun: str) -> str:
    """Return a count with its noun: `1 caller`, `1,200 callers`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def outcomes_text(run: SimulationRun) -> str:
    """Return the number of conversations with each outcome, and of missing ones."""
    counts = [*run.outcomes.items(), ("missing", run.missing_count)]
    return ", ".join(f"{count} {name}" for name, count in counts if count) or "no conversations"


def passed_text(run: SimulationRun) -> str:
    """Return "N of M passed" and the pass rate, where M counts only passed and failed conversations."""
    if run.pass_rate is None:
        return "no conversation passed or failed"
    passed, failed = len(run.passed), len(run.failed)
    return f"{passed} of {passed + failed} passed, {number_text(run.pass_rate, '%')}"


@frozen
class Group:
    """The conversations that have the same outcome and the same owner, in display order.

    Attributes:
        outcome: The outcome; never `passed`.
        owner: Who has to act; None if unknown.
        results: The conversations.
    """

    outcome: Outcome
    owner: Owner | None
    results: list[SimulationResult]

    @property
    def title(self) -> str:
        """The number of conversations, their outcome, and who has to act."""
        owner = f"; owner: {self.owner}" if self.owner else ""
        return f"{len(self.results)} {self.outcome}{owner}"

    @property
    def reasons(self) -> list[str]:
        """One line per reason, with the ids of its conversations.

        The first conversation's reason comes first, followed by the most frequent reasons.
        """
        ids_of = defaultdict[str, list[int]](list)
        for each in self.results:
            ids_of[str(each.reason)].append(each.id)
        first, *others = ids_of.items()
        ordered = [first, *sorted(others, key=lambda each: -len(each[1]))]
        return [f"{names_text(ids)}: {text}" for text, ids in ordered]


def groups(results: Iterable[SimulationResult]) -> list[Group]:
    """Return the groups of conversations that didn't pass, ordered by their first conversation."""
    found: dict[tuple[Outcome, Owner | None], Group] = {}
    for each in results:
        key = each.outcome, each.owner
        found.setdefault(key, Group(*key, [])).results.append(each)
    return list(found.values())


def obstacle_text(run: SimulationRun, name: str = "the run") -> str:
    """Return the violation, or why the run isn't settled, or "" if the run can be checked."""
    if run.violations:
        first = run.violations[0]
        return f"{name} breaks the contract at {first.path} ({first.message})"
    return "" if run.is_settled else f"{name} isn't settled ({', '.join(_lacking(run))})"


def _lacking(run: SimulationRun) -> Iterator[str]:
    yield f"status {run.status or 'null'}"
    listed, awaited = len(run.results), run.awaited_count
    if under_way := len(run.under_way) - awaited:
        yield f"{under_way} of {count_text(listed, 'conversation')} under way"
    if awaited:
        of_all = f"{awaited} of {count_text(listed, 'conversation')}"
        yield f"{of_all} still waiting for a verdict or tool calls"
    if run.missing_count:
        yield f"{run.missing_count} missing"


def unmet_text(condition: Condition, run: SimulationRun) -> str:
    """Return why a run doesn't meet a measurement condition."""
    limit, sample = condition.limit or 0, condition.sample
    if condition.name == "min-conversations":
        found = f"only {count_text(sample, 'conversation')}" if sample else "no conversation"
        return f"{found} passed or failed (required: at least {exact_text(limit)})"
    if condition.name == "max-void":
        share, most = number_text(condition.value or 0.0, "%", limit), exact_text(limit, "%")
        counts, kinds = f"{condition.sample} of {condition.total}", "void"
        if run.missing_count:
            counts, kinds = f"{counts}, including {run.missing_count} missing", "void or missing"
        return f"{share} of its conversations ({counts}) are {kinds}, but at most {most} may be"
    if condition.name == "run-status":
        return f"its status '{run.status}' is unknown to this version"
    if condition.negative:
        verb = "is" if len(condition.negative) == 1 else "are"
        return f"its {' and '.join(condition.negative)} {verb} negative"
    if condition.name == "total-tests":
        return f"the run's conversation count is {'null' if condition.value is None else 0}"
    return " and ".join(map(str, condition.contradictions))


def void_text(condition: Condition, run: SimulationRun) -> str:
    """Return how many conversations are void or missing."""
    missing = f" or missing ({run.missing_count} missing)" if run.missing_count else ""
    verb = "is" if condition.sample == 1 else "are"
    return f"{condition.sample} of {count_text(condition.total, 'conversation')} {verb} void{missing}"


def run_latency_text(figures: Iterable[RunFigure]) -> str:
    """Return a run's latencies: the median p50 and the highest p95, or the median of the averages."""
    named = {each.name: each for each in figures}
    middle, highest = (named.get(each) for each in ("median(latency.p50)", "max(latency.p95)"))
    average = named.get("median(latency.average)")
    if middle and highest:
        shown = {"median p50": middle, "highest p95": highest}
    else:
        shown = {"median of the conversations' averages": average} if average else {}
    known = [f"{name} {figure_text(each)}" for name, each in shown.items() if each.obstacle is None]
    if known:
        measured = next(each for each in shown.values() if each.obstacle is None)
        known.append(f"measured in {measured.sample} of {count_text(measured.total, 'conversation')}")
    unknown = dict.fromkeys(obstacle_of_figure(each) for each in shown.values() if each.obstacle)
    return "; ".join(filter(None, (", ".join(known), *unknown))) or "not measured"


def conversation_latency_text(latency: LatencySummary) -> str:
    """Return a conversation's latencies, or an empty string if none was measured."""
    names = ("average", "p50", "p90", "p95", "p99", "maximum")
    shown = latency.in_milliseconds() or latency
    measured = [(name, value) for name in names if (value := getattr(shown, name))]
    figures = ", ".join(f"{name} {number_text(value, shown.unit or '')}" for name, value in measured)
    return f"{figures}{'' if shown.unit else ' (unit unknown)'}" if figures else ""


def latency_heading(unit: LatencyUnit | None) -> str:
    """Return the heading of a latency column."""
    return f"p50/p95 {LatencyUnit.MILLISECONDS}" if unit else "p50/p95"


def latency_cell(latency: LatencySummary) -> str:
    """Return p50 and p95 without a unit, the average if both are unknown, or a dash if all are unknown."""
    shown = latency.in_milliseconds() or latency
    p50, p95, average = (
        "-" if value is None else number_text(value, "ms").removesuffix(" ms")
        for value in (shown.p50, shown.p95, shown.average)
    )
    if p50 == p95 == "-":
        return "-" if average == "-" else f"avg {average}"
    return f"{p50}/{p95}"


def answer_text(answer: object) -> str:
    """Return an answer as text: `yes` or `no` for a boolean, `-` for none."""
    if answer is None:
        return "-"
    return ("no", "yes")[answer] if isinstance(answer, bool) else f"{answer}"
