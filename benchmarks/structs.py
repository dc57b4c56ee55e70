"""The contract as msgspec structs, by hand: as fast as JSON gets in Python with every type checked.

What ours does beyond this limit it does without: every time that RFC 3339 allows, a time without a zone, a
status that nobody has seen before, an integer written 81.0.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from msgspec import Struct

FreeForm = dict[str, Any]


class _Status(Enum):
    COMPLETED = "COMPLETED"
    INCOMPLETED = "INCOMPLETED"
    INITIALIZING = "INITIALIZING"
    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    RUNNING = "RUNNING"


class _Run(Struct):
    id: str
    simulation_id: str
    created_at: datetime
    summary: str | None = None
    status: _Status | None = None
    total_tests: int | None = None
    tests_passed: int | None = None
    tests_failed: int | None = None
    tests_completed: int | None = None
    tests_incompleted: int | None = None


class _Latency(Struct):
    avg_agent_latency: float | None = 0.0
    max_agent_latency: float | None = 0.0
    p50_agent_latency: float | None = 0.0
    p90_agent_latency: float | None = 0.0
    p95_agent_latency: float | None = 0.0
    p99_agent_latency: float | None = 0.0


class _FillerIgnoredLatency(Struct):
    avg_filler_ignored_latency: float | None = 0.0
    p50_filler_ignored_latency: float | None = 0.0
    p90_filler_ignored_latency: float | None = 0.0
    p95_filler_ignored_latency: float | None = 0.0
    p99_filler_ignored_latency: float | None = 0.0


class _CustomMetric(Struct):
    name: str
    description: str
    response_type: str
    response_value: str
    reasoning: str | None = None
    min_value: float | None = None
    max_value: float | None = None
    category: str | None = None
    tags: list[str] | None = None
    scoring_guidance: str | None = None
    enum_options: list[str] | None = None


class _Evaluation(Struct):
    agent_speak_percentage: float | None
    avg_agent_latency: float | None
    id: str = ""
    created_at: datetime | None = None
    hallucination: bool | None = None
    hallucination_reasoning: str | None = None
    redundancy: bool | None = None
    redundancy_reasoning: str | None = None
    latency: _Latency | None = None
    filler_ignored_latency: _FillerIgnoredLatency | None = None
    num_turns: int | None = None
    call_summary: str | None = None
    custom_evals: FreeForm | list[Any] | None = None
    custom_evals_success_rate: float | None = None
    goal_success: bool | None = None
    goal_reasoning: str | None = None
    pronunciation_score: float | None = None
    pronunciation_reasoning: str | None = None
    sentiment_label: str | None = None
    sentiment_score: float | None = None
    sentiment_scores: dict[str, float] | None = None
    custom_metrics: list[_CustomMetric] | None = None


class _Event(Struct):
    title: str
    start_offset_ms: int
    description: str | None = None
    end_offset_ms: int | None = None
    tags: list[str] | None = None
    metadata: FreeForm | None = None


class _ExpectedToolCall(Struct):
    parameters: FreeForm | None = None
    output: Any = None


class _ActualToolCall(Struct):
    parameters: FreeForm | None = None
    output: Any = None
    start_offset_ms: int | None = None


class _ToolCalls(Struct):
    name: str
    expected: list[_ExpectedToolCall] = []
    actual: list[_ActualToolCall] = []


class _Result(Struct):
    id: int
    digital_human_id: int | None = None
    result: FreeForm | None = None
    duration: int | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    custom_metrics: FreeForm | list[Any] | None = None
    status: str | None = None
    latency: FreeForm | list[Any] | None = None
    events: list[_Event] | None = None
    transcript_url: str | None = None
    audio_url: str | None = None
    evaluations: list[_Evaluation] | None = None
    tool_calls: list[_ToolCalls] | None = None


class Response(Struct):
    """The body of a response."""

    simulation_run: _Run
    simulation_results: list[_Result] | None = None
    status: str = "200"
