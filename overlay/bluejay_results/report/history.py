"""The history of a simulation: the pass rates of its runs with their intervals, and flips."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ..gate.evidence import Evidence
from ..gate.pass_rate import SHOWN_CONFIDENCE, rate_over_callers
from ..gate.reports.content import plain
from ..gate.rules_and_defaults import Rules
from ..gate.verdict import Decision, RuleVerdict, Verdict
from ..judging.repeats import flips
from ..judging.void_share import void_of
from ..writing.safe_text import percent_text
from .first_screen import decision_reason, title
from .scale import Scale, x_of
from .words import moment_text, rate_text

HEIGHT = 160
"""The height of the chart, from 0 to 100 %, in pixels."""
_LABELS = 0.14
"""The width for labels before the first run, as a share of the width for runs."""


@frozen
class RunRow:
    """One run in the history.

    Attributes:
        run_id: The run's id.
        when: When the run was created.
        url: The run's page in the app.
        title: The decision; the same rules apply to every run of the history.
        reason: The reason of the decision.
        is_valid: Whether the run was a valid measurement.
        is_current: Whether this is the run that the page is about.
        passed: How many conversations passed.
        judged: How many conversations were judged.
        rate: The pass rate.
        interval: The confidence interval as text; a dash without an interval.
        flips: How often two conversations of one caller disagree; a dash without repeats.
        void: The percentage of conversations that are void or missing.
        x: The position on the axis of time.
        y: The distance of the pass rate from the top of the chart; None if nothing was judged.
        ends: The distances of the interval's ends from the top; None without an interval.
    """

    run_id: str
    when: str
    url: str
    title: str
    reason: str
    is_valid: bool
    is_current: bool
    passed: int
    judged: int
    rate: str
    interval: str
    flips: str
    void: str
    x: str
    y: float | None
    ends: tuple[float, float] | None


@frozen
class History:
    """The runs in order of time, and the threshold.

    Attributes:
        rows: The runs, the oldest first.
        threshold: The distance of the threshold from the top of the chart; None if the rule is off.
        threshold_text: The label of the threshold.
    """

    rows: list[RunRow]
    threshold: float | None
    threshold_text: str


def history_of(verdicts: Sequence[Verdict], rules: Rules, current: str) -> History:
    """Return the history of runs, the oldest first; `current` is the id of the run that the page is about."""
    ordered = sorted(verdicts, key=lambda each: (each.run.created_at, each.run.id))
    axis = Scale(-0.5 - _LABELS * len(ordered), len(ordered) - 0.5)
    rows = [_row(each, rules, axis.share(place), current) for place, each in enumerate(ordered)]
    threshold = height(rules.min_pass_rate / 100) if rules.min_pass_rate else None
    return History(rows, threshold, f"at least {rules.min_pass_rate:g} %")


def _row(verdict: Verdict, rules: Rules, share: float, current: str) -> RunRow:
    run, evidence = verdict.run, Evidence(verdict.run)
    over = rate_over_callers(evidence, rules.confidence or SHOWN_CONFIDENCE)
    ends = (over.interval.low, over.interval.high) if over else None
    disagreeing = flips([tally for _, tally in evidence.callers()])
    judged, failed = len(evidence.judged), len(evidence.failed)
    return RunRow(
        plain(run.id),
        moment_text(run.created_at),
        run.app_url or "",
        title(verdict),
        decision_reason(verdict),
        is_valid(verdict),
        run.id == current,
        judged - failed,
        judged,
        rate_text(judged - failed, judged),
        f"{100 * ends[0]:.1f} to {100 * ends[1]:.1f} %" if ends else "-",
        "-" if disagreeing is None else percent_text(disagreeing),
        f"{void_of(run)}",
        x_of(share),
        None if run.judged_pass_rate is None else height(run.judged_pass_rate),
        (height(ends[0]), height(ends[1])) if ends else None,
    )


def is_valid(verdict: Verdict) -> bool:
    """Whether a run was a valid measurement: settled, no violation, and every validity rule kept."""
    if verdict.decision in {Decision.NOT_SETTLED, Decision.VIOLATION}:
        return False
    return all(each.verdict is RuleVerdict.KEPT for each in verdict.validity)


def height(share: float) -> float:
    """Return how far below the top of the chart a rate from 0 to 1 is, in pixels."""
    return round(HEIGHT * (1 - share), 1)
