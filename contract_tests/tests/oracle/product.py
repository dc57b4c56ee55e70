"""What the product says about runs, comparisons and verdicts, in the types of `facts.py`.

In this folder, only this module calls the product.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import evolve, fields
from bluejay_contract.stub import Answer
from bluejay_results import BluejayError, ContractViolationError, SimulationRun, UsageError
from bluejay_results.compare import Comparison
from bluejay_results.gate import Rule, Rules
from bluejay_results.gate import gate as decide
from bluejay_results.gate.figure_rule import FigureRule
from bluejay_results.gate.verdict import NoVerdict
from bluejay_results.measuring.pass_rate import PassRate
from bluejay_results.recording.exchange import Exchange, ReadSettings
from bluejay_results.results.aggregate import Aggregate
from bluejay_results.results.figures import FLAGS, LATENCIES, RunFigure
from bluejay_results.results.notes import NoteKind, notes
from bluejay_results.results.page import Parts, read_record
from bluejay_results.results.pass_rates import Caller
from bluejay_results.results.result import SimulationResult
from bluejay_results.results.run_figures import computed

from ..builders import encoded
from ..virtual import BOTH, Call, play
from .outcomes import Json
from .verdicts import Options

LATER = datetime(2026, 11, 21, tzinfo=UTC)
"""When the responses were read, long after each conversation's end."""


def run_of(document: Json, chosen: Options | None = None) -> SimulationRun:
    """Return the run that the client would read from a document, with violations collected."""
    listed = SimulationRun.from_bytes(encoded(document), on_violation="collect")
    if chosen is None or not (chosen.fetched or chosen.queued):
        return listed
    pages = tuple(evolve(each, exchange=_exchange(each.exchange.body, 0)) for each in listed.parts.pages)
    fetched = [_exchange(encoded({"simulation_result": each}), 1) for each in chosen.fetched]
    records = tuple(read_record(each) for each in fetched)
    return SimulationRun(Parts(pages, fetched=records, settings=ReadSettings(queued_ids=chosen.queued)))


def _exchange(body: bytes, moment: float) -> Exchange:
    return Exchange(body=body, moment=moment, started_at=LATER)


def awaited(answers: Mapping[str, Sequence[Answer]]) -> tuple[SimulationRun | int, list[str]]:
    """Wait for a run in virtual time; return it, or 5 if it breaks the contract, and the requests."""
    played = play(BOTH["sync"], Call("wait", answers=answers, settings={"retries": 0}))
    if isinstance(played.ended, ContractViolationError):
        return 5, played.trace.split()
    assert isinstance(played.ended, SimulationRun), played.ended
    return played.ended, played.trace.split()


def not_fetched(run: SimulationRun) -> set[int]:
    """Return the conversations for which the outputs say that a request by id failed."""
    told = [each.data["ids"] for each in notes(run) if each.kind is NoteKind.NOT_FETCHED]
    return {int(each) for ids in told for each in ids}


def rule_names(kind: type[Rule] = Rule) -> set[str]:
    return {getattr(kind, "name", "")}.union(*map(rule_names, kind.__subclasses__())) - {""}


def rules_of(chosen: Options) -> Rules | None:
    """Return the rules; None if the options are rejected."""
    values = {each.name: getattr(chosen, each.name) for each in fields(Rules)}
    values["require"] = [str(each) for each in chosen.require]
    try:
        return Rules(**values)
    except UsageError:
        return None


def _conversation(result: SimulationResult) -> Json:
    reason = result.reason
    return {
        "outcome": str(result.outcome),
        "owner": result.owner,
        "why": str(reason.why),
        "status": reason.status,
        "tools": [*reason.tools],
        "goal": result.goal_success,
    }


def _counts(caller: Caller) -> tuple[int, ...]:
    return caller.passed, caller.failed, caller.unknown, caller.void


def _named(figure: RunFigure) -> tuple[Any, ...]:
    sample = None if figure.value is None else (figure.sample, figure.total)
    return str(figure.aggregate), figure.figure, figure.is_metric, figure.value, sample


def _all_figures(run: SimulationRun) -> Iterable[RunFigure]:
    of_run, numbers = computed(run), [each for each in Aggregate if each is not Aggregate.RATE]
    yield from (of_run.figure(kind, name) for name in (*LATENCIES, "duration") for kind in numbers)
    yield from (of_run.figure(Aggregate.RATE, name) for name in FLAGS)
    yield from (of_run.figure(kind, name, is_metric=True) for name in of_run.metrics for kind in Aggregate)


def of_run(run: SimulationRun) -> Json:
    rate = PassRate.of(run)
    assert (rate.value, rate.lowest, rate.highest) == (
        run.pass_rate,
        run.pass_rate_lowest,
        run.pass_rate_highest,
    )
    return {
        "conversations": {each.id: _conversation(each) for each in run.results},
        "missing": run.missing_count,
        "ended": run.has_ended,
        "settled": run.is_settled,
        "callers": [_counts(each) for each in run.callers],
        "rates": (rate.value, rate.lowest, rate.highest),
        "service": run.service_pass_rate,
        "interval": rate.interval,
        "mean of callers": rate.mean_of_callers,
        "unit": run.latency_unit,
        "figures": [_named(each) for each in _all_figures(run)],
    }


def of_comparison(found: Comparison) -> Json:
    if found.cause != "compared":
        return {"change": str(found.change), "is compared": False}
    return {
        "change": str(found.change),
        "is compared": True,
        "pairs": {
            each.now.id: [
                _counts(each.before),
                _counts(each.now),
                each.change_if_failed,
                each.change_if_passed,
            ]
            for each in found.pairs
        },
        "order": [round(each.change_if_failed, 6) for each in found.pairs],
        "left out": [*found.left_out],
        "without id": found.left_out_without_id,
        "effects": [(each.change, each.low, each.high) for each in found.effects],
        "deltas": [(*_named(each.base), *_named(each.now), each.change) for each in found.deltas],
        "unknown": [*found.unknown],
    }


def _findings(found: Iterable[Any]) -> list[tuple[Any, ...]]:
    applicable = [each for each in found if each.verdict != "not applicable"]
    return sorted(
        (each.rule.name, _subject(each.rule), str(each.verdict), each.lowest, each.highest)
        for each in applicable
    )


def _subject(rule: Any) -> str:
    if isinstance(rule, FigureRule):
        return f"{rule.aggregate} {rule.figure} {rule.is_metric} {rule.operator}"
    return rule.subject if rule.name == "must-pass" else ""


def of_verdict(
    runs: Sequence[SimulationRun | int], chosen: Options, base: SimulationRun | int | None = None
) -> Json | None:
    """Return the facts of a verdict; None if the runs or the options are rejected.

    Numbers stand for runs that couldn't be read, by their exit codes.
    """
    rules, readable = rules_of(chosen), [each for each in runs if isinstance(each, SimulationRun)]
    if rules is None:
        return None
    of_base = BluejayError("unreadable") if isinstance(base, int) else base
    try:
        verdict = decide(readable, rules, base=of_base)
    except UsageError:
        return None
    failures = tuple(NoVerdict(each, "") for each in runs if isinstance(each, int))
    verdict = evolve(verdict, failures=failures)
    return {
        "answer": (str(verdict.decision), verdict.exit_code),
        "must-pass": _findings(verdict.findings),
        "runs": [
            {
                "answer": (str(each.decision), each.exit_code),
                "cause": str(each.cause),
                "conditions": [(one.name, one.is_met, one.value) for one in each.measurement],
                "findings": _findings(each.findings),
            }
            for each in verdict.runs
        ],
    }
