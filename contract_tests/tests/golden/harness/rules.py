"""What the rules find in each case: a line for each, by rule."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from bluejay_contract.checks import bounds
from bluejay_contract.checks.document import chains
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.failure import Failure
from bluejay_contract.operations import RESULT, RESULTS, RUNS, Operation
from contract_kit.read.paths import Path, at, replaced

from ...harness.findings import ALL_RULES, failures, found_in
from ...harness.mutants import Case, catalogue
from ...harness.mutants.case import encoded, sound
from ...operations import TRAITS


def told(found: Iterable[Failure]) -> str:
    """Return the rules' findings on one line."""
    lines = [f"{each.rule} at {each.path}: {each.expected} | {each.received}" for each in found]
    return "; ".join(lines) or "nothing"


@cache
def found_in_cases() -> list[tuple[Case, list[Failure]]]:
    return [(case, failures(case)) for case in catalogue()]


def cases() -> Iterator[str]:
    """Yield, by rule, its severity and description, and what all rules find in each of its cases."""
    for rule in ALL_RULES:
        yield f"== {rule.name} ({rule.severity}): {rule.description}"
        for case, found in found_in_cases():
            if case.rule == rule.name:
                yield f"{'breaks' if case.path else 'keeps'} {case.id!r} => {told(found)}"


NOW = datetime(2026, 11, 20, tzinfo=UTC)
HEADERS = JSON_HEADERS | {"date": "Fri, 20 Nov 2026 00:00:00 GMT"}


def limits() -> Iterator[str]:
    """Yield what the rules find at each limit in the table of `bounds.py`, and one step beside it."""
    for name, _, operations, *rows in bounds._TABLE:
        yield f"== {name}"
        for operation in operations:
            for row in rows:
                for field in row.fields:
                    yield from _beside(operation, row, field)


def _beside(operation: Operation, row: bounds.Row, field: str) -> Iterator[str]:
    document = _whole(operation)
    found = chains(_exchange(operation, document), row.objects)
    if not found:
        return  # this operation's response has no such object
    path, chain = found[0]
    first, _, second = field.partition(" + ")
    low, high, _ = row.limits(_exchange(operation, document), chain)
    step = timedelta(milliseconds=1) if isinstance(low or high, datetime) else 1
    for limit, beside in ((low, -step), (high, step)):
        for value in () if limit is None else (limit, limit + beside):
            number = value - chain[-1][second] if second else value
            text = number.isoformat() if isinstance(number, datetime) else number
            changed = replaced(document, (*_steps(path), first), text)
            yield f"{operation} {path} {field} {text} => {told(found_in(_exchange(operation, changed)))}"


def _exchange(operation: Operation, document: Any) -> Exchange:
    request = Request(TRAITS[operation].requested, Key.VALID, operation=operation)
    return Exchange(request, 200, HEADERS, encoded(document))


def _steps(path: str) -> Path:
    words = path.replace("]", "").replace("[", ".").split(".")[1:]
    return tuple(int(each) if each.isdecimal() else each for each in words)


def _whole(operation: Operation) -> Any:
    """Return the contract's example, with the fields that it lacks."""
    document = sound(operation)
    first = {RESULT: ("simulation_result",), RESULTS: ("simulation_results", 0)}.get(operation)
    if operation is RUNS or first is None:
        return document
    filler = dict.fromkeys(bounds.LATENCIES["filler_ignored_latency"], 100)
    evaluation = (*first, "evaluations", 0)
    times = {"last_edited_at": "2026-11-19T18:00:00Z"}
    metric = at(document, (*evaluation, "custom_metrics", 0)) | times
    changed = (
        at(document, evaluation) | {"filler_ignored_latency": filler, "custom_metrics": [metric]} | times
    )
    return replaced(document, evaluation, changed)
