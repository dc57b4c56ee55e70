"""Rules about judges' flags and tools, and what all rules about a figure need: enough that have it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from bluejay_api.models import Evaluation

from ..judging.thresholds import beside
from ..results.result import SimulationResult
from .evidence import Evidence
from .verdict import Answer, Finding, kept_if

FEWEST = 3
"""How many judged conversations must have a figure, before a rule about the figure says anything."""


def thin(
    measured: Sequence[SimulationResult],
    evidence: Evidence,
    min_measured: float,
    left_out: Collection[int] = (),
) -> str:
    """Say that too few judged conversations have a figure; empty if enough have it.

    A doubtful conversation without a verdict only counts if it has the figure. One that is left out, because
    a metric doesn't apply to it, counts neither way.
    """
    ids = {each.id for each in measured}
    judged = {each.id for each in Evidence(evidence.run).judged if each.id not in left_out} | ids
    is_too_few = len(ids) < min(FEWEST, len(judged))
    if not is_too_few and len(ids) * 100 >= min_measured * len(judged):
        return ""
    return f"only {len(ids)} of {len(judged)} judged conversations have a value"


def flagged(evidence: Evidence, flag: str, at_most: float, min_measured: float) -> Finding:
    """Judge the percentage of judged conversations in which a judge has found something."""

    def answer(result: SimulationResult) -> bool | None:
        evaluation: Evaluation | None = result.evaluation
        found: bool | None = getattr(evaluation, flag, None)
        return found

    answers = list(evidence.measured(answer, any))
    found = tuple(each for each, is_found in answers if is_found)
    finding = Finding(
        f"max-{flag}",
        f"{at_most:g} %",
        f"{beside(100 * len(found) / len(answers), at_most)} %" if answers else "",
        len(answers),
        kept_if(len(found) * 100 <= Fraction(str(at_most)) * len(answers)),
        f"{len(found)} of {len(answers)} judged conversations have a {flag}",
        found,
    )
    if not answers:
        return finding.inconclusive(f"no judged conversation says whether there was a {flag}")
    few = thin([each for each, _ in answers], evidence, min_measured)
    return finding.inconclusive(few) if few else finding


def tools(evidence: Evidence) -> Finding:
    """Judge whether every judged conversation has called its tools.

    With doubt, a conversation without a recorded call counts as missing a tool, and so does one whose tool
    calls the list may have left out.
    """
    with_tools = [each for each in evidence.judged if each.expected_tools]
    missing = tuple(each for each in with_tools if each.missing_tools)
    if evidence.doubtful_as:
        incomplete = {each.id for each in evidence.run.incomplete}
        missing = tuple(each for each in evidence.judged if each.missing_tools or each.id in incomplete)
    finding = Finding(
        "require-tools",
        "all called",
        f"{len(missing)} of {len(with_tools)} conversations miss a tool",
        len(with_tools),
        Answer.BROKEN if missing else Answer.KEPT,
        "judged conversations that have tools to call; tools are matched by name",
        missing,
    )
    if not with_tools:
        return finding.without_value("no judged conversation has tools to call").inconclusive(
            "no judged conversation has tools to call"
        )
    return finding
