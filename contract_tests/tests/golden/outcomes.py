"""A conversation's outcome for each status, in every spelling, with each kind of verdict and tool calls."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from bluejay_results import SimulationResult

from .. import builders
from ..overlay.answers import CALLED, EMPTY, UNRECORDED
from ..runs import run_of
from .layout import Case, laid_out

STATUSES = (
    *("COMPLETED", "CALL_DROPPED", "ERROR", "FAILED", "VOICEMAIL", "NO_CONNECTION", "NO_ANSWER", "REJECTED"),
    *("INCOMPLETED", "CUSTOM_ERROR", "OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "CANCELLED"),
    *("INITIALIZING", "QUEUED", "READY", "DISPATCHED", "RUNNING", "IN_PROGRESS", "PENDING"),
    *("EVALUATION_PENDING", "EVALUATING", "CONVERSATION_ENDED", None),
)
SPELLINGS = (
    *("", " ", "completed", "Call Dropped", "Failed", "No Answer", "no-answer", " NO_ANSWER ", "No  answer"),
    *("Incompleted", "Custom Error", "insufficient funds", "System Error", "Canceled", "In Progress"),
    "conversation ended",
)
EARLY, LATE = ({"created_at": f"2026-11-19T1{hour}:00:00Z"} for hour in (6, 7))


def _judged(*verdicts: bool | None, **fields: Any) -> list[builders.Document]:
    return [builders.evaluation(goal_success=each, **fields) for each in verdicts]


VERDICTS: dict[str, Any] = {
    "reached": _judged(True),
    "missed": _judged(False),
    "not judged": _judged(None),
    "without evaluations": [],
    "evaluations are null": None,
    "corrected to reached": _judged(False, human_goal_success=True),
    "corrected to missed": _judged(True, human_goal_success=False),
    "only a reviewer": _judged(None, human_goal_success=True),
    "agrees": _judged(True, True),
    "disagrees": _judged(True, False),
    "disagrees, one without a verdict": _judged(True, None),
    "later missed": _judged(False, **LATE) + _judged(True, **EARLY),
    "later reached": _judged(False, **EARLY) + _judged(True, **LATE),
    "at the same time": _judged(False, created_at="2026-11-19T18:00:00+01:00") + _judged(True, **LATE),
    "one without a time": _judged(True, **LATE) + _judged(False),
}
TOOLS: dict[str, Any] = {
    "no tools": EMPTY,
    "called": CALLED,
    "not called": UNRECORDED,
    "one of two": {"tool_calls": [builders.tool_calls("find"), builders.tool_calls(actual=0)]},
    "not expected": {"tool_calls": [builders.tool_calls("find", expected=0)]},
    "the wrong one": {"tool_calls": [builders.tool_calls("find", expected=0), builders.tool_calls(actual=0)]},
}
FEW_VERDICTS = [*VERDICTS][:4]
FEW_TOOLS = [*TOOLS][:3]
RUNS = ("RUNNING", "INCOMPLETED", "INSUFFICIENT_FUNDS", None, "ESCALATED")
CANONICAL = ("COMPLETED", "CALL_DROPPED", "ERROR", "VOICEMAIL", "NO_ANSWER", "CANCELLED", "RUNNING", None)


def outcomes() -> Iterator[str]:
    """Yield the outcome, the reason and the owner of a conversation of each kind."""
    yield from laid_out(_cases())


def _cases() -> Iterator[Case]:
    for status in STATUSES:
        yield f"status {status!r}", _grid(status, "COMPLETED", VERDICTS, TOOLS)
    for status in SPELLINGS:
        yield f"status {status!r}", _grid(status, "COMPLETED", FEW_VERDICTS, FEW_TOOLS)
    for run_status, status in product(RUNS, CANONICAL):
        yield f"status {status!r}, run {run_status}", _grid(status, run_status, FEW_VERDICTS, FEW_TOOLS)


def _grid(
    status: str | None, run_status: str | None, verdicts: Iterable[str], tools: Iterable[str]
) -> Iterator[str]:
    kinds = [*product(verdicts, tools)]
    made = [
        builders.result(number, status=status, evaluations=VERDICTS[verdict], **TOOLS[tool])
        for number, (verdict, tool) in enumerate(kinds)
    ]
    found = run_of(*made, status=run_status).results
    for verdict in verdicts:
        cells = [_cell(each) for (row, _), each in zip(kinds, found, strict=True) if row == verdict]
        yield f"{verdict}: {' | '.join(cells)}"


def _cell(result: SimulationResult) -> str:
    owner = f", {result.owner}" if result.owner else ""
    ended = "" if result.has_ended else ", not ended"
    return f"{result.outcome} ({result.reason.why}, {result.goal_success}{owner}{ended})"
