"""Conversations that a run lists more than once: each id counts once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import cast

from attrs import astuple

from .result import Outcome, SimulationResult

_WORST_FIRST = (Outcome.UNDER_WAY, Outcome.FAILED, Outcome.VOID, Outcome.PASSED)


def copies_by_id(results: Sequence[SimulationResult]) -> dict[int, tuple[SimulationResult, ...]]:
    """Return the copies of each conversation by its id, in the order of the list.

    If a violation hides an id, the conversation counts as separate and gets a negative number.
    """
    copies: dict[int, list[SimulationResult]] = {}
    for place, each in enumerate(results):
        id_ = cast("int | None", each.id)  # a violation makes it None
        copies.setdefault(-1 - place if id_ is None else id_, []).append(each)
    return {id_: tuple(group) for id_, group in copies.items()}


def worst_copy(copies: Sequence[SimulationResult]) -> SimulationResult:
    """Return the copy with the worst outcome: under way, failed, void, then passed."""
    if len(copies) == 1:
        return copies[0]
    return min(copies, key=lambda each: _WORST_FIRST.index(each.outcome))


def differ(copies: Sequence[SimulationResult]) -> bool:
    """Whether copies differ in a value that a rule of the gate reads."""
    return len(copies) > 1 and len(set(map(_read_by_rules, copies))) > 1


def _read_by_rules(result: SimulationResult) -> Hashable:
    evaluation = result.evaluation
    judged = evaluation and (
        evaluation.goal_success,
        evaluation.hallucination,
        evaluation.redundancy,
        evaluation.num_turns,
        tuple(
            (each.name, each.response_type, each.response_value, each.min_value, each.max_value)
            for each in evaluation.custom_metrics or ()
        ),
    )
    tools = (result.expected_tools, result.missing_tools)
    return result.outcome, result.digital_human_id, tools, judged, astuple(result.latency_received)
