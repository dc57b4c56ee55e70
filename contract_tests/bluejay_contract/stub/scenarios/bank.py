"""Scenario: a bank tests its phone service, which sends values that the contract doesn't document."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .conversation import Conversation
from .parts import Document, called, event, metric
from .run_document import response, results

_SIMULATION = "732"
_TIMES = {"created_at", "start_time", "end_time"}

_CONVERSATIONS = (
    Conversation(
        caller=201,
        summary="A lost card was blocked and a new one ordered.",
        goal=True,
        reasoning="The card was blocked before anything else was discussed.",
        length=83_200,
        answer_times=(790, 840, 1_120, 960, 880),
        pronunciation=(97, "Digits were read one by one."),
        checks={"blocks before it asks": True},
        metrics=(
            metric("identity_checked", True),
            metric("call_reason", "other"),
            metric("card_blocked_first", True),
        ),
        tools=(called("block_card", {"last_four": "4410"}, {"blocked": True}, 24_900),),
        events=(event("Tool called", 24_900, 25_600, tag="tool", name="block_card"),),
    ),
    Conversation(
        caller=202,
        summary="A caller asked for a higher transfer limit and was told to come to a branch.",
        goal=False,
        reasoning="The limit could have been raised on the phone.",
        length=66_400,
        answer_times=(1_310, 1_180, 1_640),
        metrics=(metric("politeness", 4), metric("next_step", "Visit a branch")),
    ),
    Conversation(
        caller=203,
        summary="The balance was given after a check of the caller's identity.",
        goal=True,
        reasoning="The balance was right.",
        length=47_900,
        answer_times=(700, 930, 810),
        metrics=(
            metric("identity_checked", True),
            metric("card_blocked_first", "not applicable"),
            metric("amounts_named", '{"balance": 1204.55}'),
            metric("balance_tool_called", True),
        ),
        tools=(called("balance", {"account": "main"}, {"eur": 1204.55}, 30_200),),
    ),
)

_UNDOCUMENTED: Mapping[str, Document] = {
    "simulation_run": {"trace_ids": ["4bf92f3577b34da6"], "triggered_by": {"kind": "ci", "attempt": 2}},
    "simulation_results": {"human_edited": True, "retries": 0, "region": "eu-central-1"},
    "events": {"confidence": 0.93},
    "evaluations": {"human_edited": False, "judge": {"model": "judge-7", "votes": [True, True, False]}},
    "latency": {"p999_agent_latency": 1_640},
    "filler_ignored_latency": {"max_filler_ignored_latency": 1_800},
    "custom_metrics": {"weight": 0.5},
    "tool_calls": {"matched": None},
    "expected": {"required": True},
    "actual": {"duration_ms": 412, "error": None},
}


def unknown_status(run_id: str) -> list[Document]:
    """A run and conversations in statuses that are not documented."""
    statuses = ("COMPLETED", "TRANSFERRED", "awaiting review")
    pairs = zip(_CONVERSATIONS, statuses, strict=True)
    conversations = [replace(conversation, status=status) for conversation, status in pairs]
    return [response(run_id, _SIMULATION, "FINALIZING", results(run_id, conversations))]


def unknown_fields(run_id: str) -> list[Document]:
    """A run with an undocumented field in every object."""
    return [{**_mapped(_extended, _completed(run_id)), "region": "eu-central-1"}]


def zoneless_times(run_id: str) -> list[Document]:
    """A run whose times do not say that they are UTC."""
    return [_mapped(_zoneless, _completed(run_id))]


def _completed(run_id: str) -> Document:
    return response(run_id, _SIMULATION, "COMPLETED", results(run_id, _CONVERSATIONS))


def _mapped(change: Callable[[str, Any], Any], node: Any, key: str = "") -> Any:
    """Apply a change to every value in a document, the innermost first."""
    if isinstance(node, dict):
        node = {name: _mapped(change, value, name) for name, value in node.items()}
    elif isinstance(node, list):
        return [_mapped(change, item, key) for item in node]
    return change(key, node)


def _extended(key: str, value: Any) -> Any:
    return value | _UNDOCUMENTED.get(key, {}) if isinstance(value, dict) else value


def _zoneless(key: str, value: Any) -> Any:
    return value.removesuffix("Z") if key in _TIMES else value
