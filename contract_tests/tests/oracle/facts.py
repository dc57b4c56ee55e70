"""What the oracle says about runs, comparisons and verdicts; `product.py` says the same for the product."""

from collections.abc import Sequence
from typing import Any

from . import figures
from .changes import can_be_compared, change_of, compared, effects, of_caller
from .figures import Rule
from .gates import Found, Run, answer, cause, findings, gate, gate_one, must_pass_findings
from .outcomes import Json, Outcome, Reading, goals, owner, spelled, tools
from .verdicts import (
    Options,
    bounds,
    conditions,
    interval,
    judged_pass_rate,
    mean_of_callers,
    service_pass_rate,
)

COUNTED: tuple[Outcome, ...] = ("passed", "failed", "unknown", "void")
WITH_TOOLS = {"no tool call recorded", "goal missed", "tools not called"}
"""The reasons that name the tools without a call."""
BROKEN_BODY = 5


def of_conversations(reading: Reading) -> dict[int, Json]:
    found = {}
    for each, outcome, why in zip(reading.conversations, reading.outcomes, reading.reasons, strict=True):
        verdicts = goals(each)
        found[each["id"]] = {
            "outcome": outcome,
            "owner": owner(each, outcome),
            "why": why,
            "status": spelled(each.get("status")),
            "tools": [*tools(each)[0]] if why in WITH_TOOLS else [],
            "goal": verdicts.pop() if len(verdicts) == 1 else None,
        }
    return found


def counts(outcomes: Sequence[Outcome]) -> tuple[int, ...]:
    return tuple(outcomes.count(each) for each in COUNTED)


def named(rule: Rule, figure: figures.Figure) -> tuple[Any, ...]:
    sample = None if figure.value is None else (figure.sample, figure.total)
    return rule.aggregate, rule.figure, rule.is_metric, figure.value, sample


def of_run(reading: Reading) -> Json:
    """All numbers of a run."""
    conversations = figures.not_void(reading)
    of_run = conversations, reading.missing, figures.unit_in(conversations)
    return {
        "conversations": of_conversations(reading),
        "missing": reading.missing,
        "ended": reading.ended,
        "settled": reading.settled,
        "callers": [counts(each) for (kind, _), each in reading.callers().items() if kind != "missing"],
        "rates": (judged_pass_rate(reading), *bounds(reading)),
        "service": service_pass_rate(reading),
        "interval": interval(reading),
        "mean of callers": mean_of_callers(reading),
        "unit": of_run[-1],
        "figures": [named(*each) for each in figures.measured(figures.all_figures(conversations), *of_run)],
    }


def of_comparison(before: Reading, now: Reading, options: Options | None = None) -> Json:
    """A comparison: only whether there is one, or all of its numbers, in points."""
    if not can_be_compared(before, now, options or Options()):
        return {"change": "can't tell", "is compared": False}
    callers, sides = compared(before, now), (before, now)
    changes = {
        id_: [100 * of_caller(both, unknown=each) for each in (False, True)] for id_, both in callers.items()
    }
    of_sides = [figures.not_void(side) for side in sides]
    units = [figures.unit_in(each) for each in of_sides]
    kept = [[each for each in side if each.get("digital_human_id") in callers] for side in of_sides]
    asked = [*figures.COMPARED, *figures.of_metrics(*kept)]
    old, new = (figures.measured(asked, each, 0, unit) for each, unit in zip(kept, units, strict=True))
    deltas = [
        (*named(rule, a), *named(rule, b), None if a.value is None or b.value is None else b.value - a.value)
        for (rule, a), (_, b) in zip(old, new, strict=True)
        if not (a.is_absent and b.is_absent)
    ]
    keys = [key for side in sides for key in side.callers()]
    both_effects = effects(before, now)
    return {
        "change": change_of(both_effects),
        "is compared": True,
        "pairs": {id_: [*map(counts, both), *changes[id_]] for id_, both in callers.items()},
        "order": sorted(round(if_failed, 6) for if_failed, _ in changes.values()),
        "left out": [*dict.fromkeys(id_ for kind, id_ in keys if kind == "id" and id_ not in callers)],
        "without id": sum(kind != "id" for kind, _ in keys),
        "effects": [tuple(100 * number for number in each) for each in both_effects],
        "deltas": deltas,
        "unknown": [
            each["id"]
            for side in (now, before)
            for each, outcome in zip(side.conversations, side.outcomes, strict=True)
            if outcome == "unknown" and each.get("digital_human_id") in callers
        ],
    }


def _findings(found: Sequence[Found]) -> list[tuple[Any, ...]]:
    """Findings by rule; the order of a repeated rule's findings doesn't change."""
    return sorted((each.rule, each.subject, each.verdict, each.lowest, each.highest) for each in found)


def _of_run_verdict(run: Run, options: Options, base: Run | None) -> Json:
    checked = [run] if isinstance(run, Reading) and run.settled else []
    return {
        "answer": answer(gate_one(run, options, base)),
        "cause": cause(run, options, base),
        "conditions": [tuple(each) for reading in checked for each in conditions(reading, options)],
        "findings": _findings([each for reading in checked for each in findings(reading, options, base)]),
    }


def of_verdict(runs: Sequence[Run], options: Options, base: Run | None = None) -> Json:
    """A verdict: the decision, and what was found about each run whose body was received."""
    received = [each for each in runs if isinstance(each, Reading) or each == BROKEN_BODY]
    return {
        "answer": gate(runs, options, base),
        "must-pass": _findings(must_pass_findings(runs, options)),
        "runs": [_of_run_verdict(each, options, base) for each in received],
    }
