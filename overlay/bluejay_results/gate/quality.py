"""The rules about judges' flags and about tools, and the check that enough conversations have a figure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from bluejay_api.models import Evaluation

from ..judging.thresholds import distinct_number
from ..results.result import SimulationResult
from .evidence import Evidence
from .verdict import Finding, RuleVerdict, kept_if

FEWEST = 3
"""The minimum number of judged conversations with a figure, for a rule about that figure."""


def too_few_reason(
    measured: Sequence[SimulationResult],
    evidence: Evidence,
    min_measured: float,
    left_out: Collection[int] = (),
) -> str:
    """Return that too few judged conversations have a figure; empty if enough have it.

    A doubtful conversation without a verdict counts only if it has the figure. The conversations in
    `left_out`, to which a metric doesn't apply, don't count.
    """
    ids = {each.id for each in measured}
    judged = {each.id for each in Evidence(evidence.run).judged if each.id not in left_out} | ids
    is_too_few = len(ids) < min(FEWEST, len(judged))
    if not is_too_few and len(ids) * 100 >= min_measured * len(judged):
        return ""
    return f"only {len(ids)} of {len(judged)} judged conversations have a value"


def flagged(evidence: Evidence, flag: str, at_most: float, min_measured: float) -> Finding:
    """Judge the percentage of judged conversations that have a flag, such as a hallucination."""

    def answer(result: SimulationResult) -> bool | None:
        evaluation: Evaluation | None = result.evaluation
        found: bool | None = getattr(evaluation, flag, None)
        return found

    answers = list(evidence.measured(answer, any))
    found = tuple(each for each, is_found in answers if is_found)
    finding = Finding(
        f"max-{flag}",
        f"{at_most:g} %",
        f"{distinct_number(100 * len(found) / len(answers), at_most)} %" if answers else "",
        len(answers),
        kept_if(len(found) * 100 <= Fraction(str(at_most)) * len(answers)),
        f"{len(found)} of {len(answers)} judged conversations have a {flag}",
        found,
        is_about_figure=True,
    )
    if not answers:
        return finding.inconclusive(f"no judge answered whether there was a {flag}")
    few = too_few_reason([each for each, _ in answers], evidence, min_measured)
    return finding.inconclusive(few) if few else finding


def tools(evidence: Evidence) -> Finding:
    """Judge whether every judged conversation has called its tools.

    If doubt counts as failed, a conversation also misses a tool if the list may lack its tool calls.
    """
    with_tools = [each for each in evidence.judged if each.expected_tools]
    missing = tuple(each for each in with_tools if each.missing_tools)
    if evidence.doubtful_as:
        incomplete = {each.id for each in evidence.run.incomplete}
        missing = tuple(each for each in evidence.judged if each.missing_tools or each.id in incomplete)
    finding = Finding(
        "require-tools",
        "all called",
        f"{len(missing)} of {len(with_tools)} conversations did not call all their tools",
        len(with_tools),
        RuleVerdict.BROKEN if missing else RuleVerdict.KEPT,
        "judged conversations that have tools to call; tools are matched by name",
        missing,
    )
    if not with_tools:
        return finding.without_value("no judged conversation has tools to call").inconclusive(
            "no judged conversation has tools to call"
        )
    return finding
