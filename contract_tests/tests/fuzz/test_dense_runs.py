"""Runs that a service has reason to send are read and decided, however dense they are."""

import json
from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import Decision, Rules, gate
from contract_kit.tests.tables import table
from hypothesis import given, settings
from hypothesis import strategies as st

from .. import builders

MIB = 1 << 20
RULES = Rules(no_counters=True)
PAGE = 50
"""The number of conversations in each of several pages."""
_NAMES = st.sampled_from(["", "a", "book", "check_balance"])
_TEXT_FIELDS: dict[str, dict[str, Any]] = {
    "status": {"status": "@"},
    "transcript_url": {"transcript_url": "@"},
    "audio_url": {"audio_url": "@"},
    "result": {"result": {"@": "@"}},
    "custom_metrics": {"custom_metrics": ["@"]},
    "latency": {"latency": ["@"]},
    "trace_ids": {"trace_ids": ["@"]},
    "events": {
        "events": [
            {"title": "@", "start_offset_ms": 0, "description": "@", "tags": ["@"], "metadata": {"": "@"}}
        ]
    },
    "tool_calls": {
        "tool_calls": [{"name": "@", "actual": [{"parameters": {"": "@"}, "output": "@"}], "expected": [{}]}]
    },
    "goal_reasoning": {"evaluations": [builders.evaluation(goal_reasoning="@")]},
    "sentiment_label": {"evaluations": [builders.evaluation(sentiment_label="@")]},
    "a metric": {
        "evaluations": [
            builders.evaluation(
                custom_metrics=[
                    {"name": "@", "description": "@", "response_type": "@", "response_value": "@"}
                    | {"reasoning": "@", "tags": ["@"], "scoring_guidance": "@"}
                ]
            )
        ]
    },
}
"""Conversations with texts, marked `@`, in the fields in question."""


def _compact(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _run(conversations: int, calls: int, events: int, name: str = "") -> list[dict[str, Any]]:
    """List conversations in the most compact form, each with one group of calls, and with events."""
    fields = {
        "tool_calls": [{"name": name, "actual": [{}] * calls}],
        "events": [{"title": name, "start_offset_ms": 0}] * events,
    }
    return [builders.result(id_, **fields) for id_ in range(1, conversations + 1)]


def _is_decided(results: list[dict[str, Any]], size: int) -> bool:
    pages = [
        _compact(builders.response(*results[start : start + size], total_tests=len(results)))
        for start in range(0, len(results), size)
    ]
    run = SimulationRun.from_bytes(pages if len(pages) > 1 else pages[0])
    return len(run.results) == len(results) and gate(run, RULES).decision is Decision.SHIP


@pytest.mark.parametrize("size", [PAGE, 100])
def test_a_run_with_500_calls_and_500_events_per_conversation_is_decided(size: int) -> None:
    assert _is_decided(_run(100, 500, 500), size)


def test_a_run_of_20_000_conversations_is_decided() -> None:
    assert _is_decided(_run(20_000, 3, 5, "book"), 20_000)


@settings(max_examples=8, deadline=None)
@given(st.integers(40, 300), st.integers(60, 400), st.integers(60, 400), _NAMES, st.sampled_from([PAGE, 300]))
def test_a_dense_run_is_decided(conversations: int, calls: int, events: int, name: str, size: int) -> None:
    assert _is_decided(_run(conversations, calls, events, name), size)


@table("field", _TEXT_FIELDS)
def test_texts_of_nearly_1_mib_are_decided(field: str) -> None:
    body = _compact(builders.response(builders.result(**_TEXT_FIELDS[field]), total_tests=1))
    run = SimulationRun.from_bytes(body.replace(b"@", b"a" * (MIB - 1)))
    assert gate(run, RULES).decision in Decision
