"""Converts the product's runs and verdicts to the oracle's types.

In this folder, only this module and test_corrections.py call the product's gate.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import evolve, fields
from bluejay_results import SimulationRun, UsageError
from bluejay_results.gate import Rule, Rules
from bluejay_results.gate import gate as decide
from bluejay_results.recording.exchange import Exchange, ReadSettings
from bluejay_results.results.page import Parts, read_record

from ..builders import encoded
from .gates import Found
from .outcomes import Json
from .verdicts import Options

LATER = datetime(2026, 11, 21, tzinfo=UTC)
"""When the responses were read, long after each conversation's end."""
JUDGED = {"kept", "broken", "inconclusive"}


def run_of(document: Json, chosen: Options | None = None) -> SimulationRun:
    """Return the run that the product's client would read from a document, with violations collected."""
    listed = SimulationRun.from_bytes(encoded(document), on_violation="collect")
    if chosen is None or not (chosen.fetched or chosen.queued):
        return listed
    pages = tuple(evolve(each, exchange=_exchange(each.exchange.body, 0)) for each in listed.parts.pages)
    fetched = [_exchange(encoded({"simulation_result": each}), 1) for each in chosen.fetched]
    records = tuple(read_record(each) for each in fetched)
    return SimulationRun(Parts(pages, fetched=records, settings=ReadSettings(queued_ids=chosen.queued)))


def _exchange(body: bytes, moment: float) -> Exchange:
    return Exchange(body=body, moment=moment, started_at=LATER)


def rule_names(kind: type[Rule] = Rule) -> set[str]:
    return {getattr(kind, "name", "")}.union(*map(rule_names, kind.__subclasses__())) - {""}


def rules_of(chosen: Options) -> Rules | None:
    """Return the product's rules; None if it rejects the options."""
    values = {each.name: getattr(chosen, each.name) for each in fields(Rules)}
    values["require"] = [str(each) for each in chosen.require]
    try:
        return Rules(**values)
    except UsageError:
        return None


def gate(runs: Sequence[SimulationRun], chosen: Options, base: SimulationRun | None = None) -> Any:
    """Return the product's verdict; None if the product rejects the runs or the options."""
    if (rules := rules_of(chosen)) is None:
        return None
    try:
        return decide(list(runs), rules, base=base)
    except UsageError:
        return None


def answer(verdict: Any) -> tuple[str, int] | None:
    """Return the decision and the exit code of a verdict on one run or on all runs."""
    return None if verdict is None else (str(verdict.decision), verdict.exit_code)


def findings(verdict: Any) -> list[Found]:
    """Return a verdict's findings about its single run, for each rule that applies."""
    return [
        Found(
            each.rule.name,
            each.verdict.value,
            each.lowest,
            each.highest,
        )
        for each in verdict.findings
        if each.verdict.value in JUDGED
    ]


def must_pass_findings(verdict: Any) -> list[Found]:
    """Return a verdict's `--must-pass` findings, which span all runs."""
    return [Found(each.rule.name, each.verdict.value, subject=each.subject) for each in verdict.findings]


def unmet(verdict: Any) -> list[str]:
    """Return the measurement conditions that a run doesn't meet."""
    return [each.name for each in verdict.measurement if not each.is_met]
