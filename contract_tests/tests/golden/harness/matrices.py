"""Tables of the rules as a whole: each status, each operation, each key, each goal."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import groupby
from typing import Any

from attrs import evolve
from bluejay_contract.checks import is_under_way
from bluejay_contract.checks.outcomes import has_ended, passed_range
from bluejay_contract.checks.statuses import ENDED, UNDER_WAY
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.operations import Operation

from ... import builders
from ...harness.findings import answered, found_in
from ...harness.mutants.case import KEY, encoded
from ...operations import TRAITS
from .rules import told

SENT: dict[str, Callable[[Request], Request]] = {
    "a valid request": lambda sent: sent,
    "a wrong key": lambda sent: evolve(sent, key=Key.WRONG),
    "no key": lambda sent: evolve(sent, key=Key.MISSING),
    "an unknown key": lambda sent: evolve(sent, key=Key.UNKNOWN),
    "an id that doesn't exist": lambda sent: evolve(sent, exists=False),
    "another method": lambda sent: evolve(sent, method="DELETE"),
    "a forbidden query": lambda sent: evolve(sent, page=None),
    "a bad body": lambda sent: evolve(sent, body=b"{}"),
    "a file": lambda sent: Request(operation=sent.operation),
}
"""Kinds of requests."""


def _sent(operation: Operation) -> Iterator[tuple[str, Request]]:
    traits = TRAITS[operation]
    valid = Request(traits.requested, Key.VALID, operation.method, KEY, "-", True, operation, traits.body)
    yield from ((f"{operation}, {name}", change(valid)) for name, change in SENT.items())


def statuses() -> Iterator[str]:
    """Yield which rules each status breaks, for each kind of request."""
    for name, request in (each for operation in Operation for each in _sent(operation)):
        yield f"== {name}"
        found = (
            (status, _names(found_in(Exchange(request, status, {}, b"{}")))) for status in range(200, 600)
        )
        for names, group in groupby(found, key=lambda each: each[1]):
            first, *_, last = [status for status, _ in group] * 2
            yield f"{first}{f' to {last}' if last > first else ''} => {names}"


def _names(found: Iterable[Any]) -> str:
    return ", ".join(f"{each.rule} at {each.path}" for each in found) or "nothing"


SPELLINGS = (*sorted(ENDED | UNDER_WAY), "No Answer", "canceled", " in-progress ", "TRANSFERRED", "", None)
TOOLS = {
    "no tools": None,
    "called": [builders.tool_calls()],
    "one skipped": [builders.tool_calls(), builders.tool_calls("find", actual=0)],
    "none called": [builders.tool_calls(actual=0)],
    "called elsewhere": [builders.tool_calls(actual=0), builders.tool_calls(expected=0)],
    "another called": [builders.tool_calls(actual=0), builders.tool_calls("find", expected=0)],
}
AT, LATER = "2026-11-19T16:06:00Z", "2026-11-19T17:06:01+01:00"
REACHED, MISSED = {"goal_success": True}, {"goal_success": False}
EVALUATIONS: dict[str, Any] = {
    "reached": [builders.evaluation()],
    "missed": [builders.evaluation(goal_success=False)],
    "no goal": [builders.evaluation(goal_success=None)],
    "not evaluated": [],
    "null": None,
    "a word": [builders.evaluation(goal_success="yes")],
    "missed, later reached": [MISSED | {"created_at": AT}, REACHED | {"created_at": LATER}],
    "later missed, listed first": [MISSED | {"created_at": LATER}, REACHED | {"created_at": AT}],
    "at the same time": [MISSED | {"created_at": AT}, REACHED | {"created_at": AT}],
    "one without a time": [MISSED | {"created_at": AT}, REACHED],
    "both without a time": [REACHED, REACHED],
    **{
        f"{judged} by the judge, {corrected} by the reviewer": [
            builders.evaluation(goal_success=judged, human_goal_success=corrected)
        ]
        for judged in (True, False, None)
        for corrected in (True, False)
    },
}  # fmt: skip
END = datetime(2026, 11, 19, 16, 5, 44, tzinfo=UTC)


def outcomes() -> Iterator[str]:
    """Yield how many of a run's conversations may count as passed, by its status, its tools and its goal.

    `0..1` means none or one. `ended` and `settled` say whether a run without a status has ended and settled.
    """
    for status in SPELLINGS:
        yield f"== {status!r}"
        for name, evaluations in EVALUATIONS.items():
            yield f"{name} => {_cells(status=status, evaluations=evaluations)}"
    yield "== a call may still be missing for 180 seconds after the end"
    evaluated = [builders.evaluation(created_at=END.isoformat())]
    ends: dict[str, dict[str, Any]] = {
        "an end": {"end_time": END.isoformat()},
        "an evaluation": {"evaluations": evaluated},
        "an end, another evaluation": {
            "end_time": END.isoformat(),
            "evaluations": EVALUATIONS["one without a time"],
        },
        "no time": {},
        "no answer": {"end_time": END.isoformat(), "status": "NO_ANSWER"},
        "an error": {"end_time": END.isoformat(), "status": "ERROR"},
    }
    for name, fields in ends.items():
        for after in (-3600, 179, 180):
            yield f"{name}, {after} s later => {_cells(after, run_status='COMPLETED', **fields)}"
    for status in (
        "COMPLETED",
        "INCOMPLETED",
        "INSUFFICIENT_FUNDS",
        "RUNNING",
        "INITIALIZING",
        "MOVED",
        None,
    ):
        for other in ("QUEUED", "EVALUATING", "NO_ANSWER"):
            cell = _cell("called", run_status=status, status=other, evaluations=[])
            yield f"a run {status} with a conversation {other} => {cell}"


def _cells(after: float = 0, **fields: Any) -> str:
    """Return the names of the tools, by what follows from them."""
    found = dict[str, list[str]]()
    for tools in TOOLS:
        found.setdefault(_cell(tools, after, **fields), []).append(tools)
    return "; ".join(f"{cell}: {', '.join(names)}" for cell, names in found.items())


def _cell(tools: str, after: float = 0, run_status: str | None = None, **result: Any) -> str:
    document = builders.response(
        builders.result(**({"tool_calls": TOOLS[tools]} | result)), status=run_status, total_tests=1
    )
    date = format_datetime(END + timedelta(seconds=after), usegmt=True)
    exchange = answered(document, headers={"date": date})
    low, high = passed_range(exchange)
    ended = " ended" * has_ended(exchange) + " settled" * (not is_under_way(exchange))
    return f"{low}..{high}{ended}"


LOCATIONS: list[Any] = [
    ["header", "X-API-Key"], ["header", "x-api-key", 0], ["HEADER", "X-API-Key"], ["header"], ["header", 7],
    ["header", "X-Organization-Id"], ["cookie", "X-API-Key"], ["query", "limit"], ["query", "LIMIT"],
    ["query", "offset"], ["path", "simulation_run_id"], ["path", "test_result_id"], ["path", "simulation_id"],
    ["body"], ["body", 17], ["body", "simulation_id"], ["body", "digital_human_ids", 1], ["body", "new"],
    [], "header", None,
]  # fmt: skip


def locations() -> Iterator[str]:
    """Yield what the rules find in a 422 with an error at each location."""
    for operation in Operation:
        for name, request in list(_sent(operation))[0:8:2]:
            for location in LOCATIONS:
                body = encoded({"detail": [{"loc": location, "msg": "No", "type": "x"}]})
                found = [
                    each
                    for each in found_in(Exchange(request, 422, {}, body))
                    if each.path != "header content-type"
                ]
                yield f"{name}, {location} => {told(found)}"
    for body in (b"", b"{", b"{}", b'{"simulation_id": "1"}', b'{"simulation_id": 1}', b"[]",
                 b'{"simulation_id": "1", "prompt_id": "5f0b"}'):  # fmt: skip
        request = Request("", Key.VALID, "POST", operation=Operation("queue_simulation_run"), body=body)
        error = encoded({"detail": [{"loc": ["body"], "msg": "No", "type": "x"}]})
        yield f"{body!r} => {_names(found_in(Exchange(request, 422, JSON_HEADERS, error)))}"
