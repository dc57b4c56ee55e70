# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define


@define(weakref_slot=False)
class Latency:
    """The agent's answer times. Unit undocumented; 0 means not measured."""

    avg_agent_latency: float | None = 0.0
    """Mean; unit undocumented, 0 means not measured."""

    max_agent_latency: float | None = 0.0
    """Maximum; unit undocumented, 0 means not measured."""

    p50_agent_latency: float | None = 0.0
    """50th percentile; unit undocumented, 0 means not measured."""

    p90_agent_latency: float | None = 0.0
    """90th percentile; unit undocumented, 0 means not measured."""

    p95_agent_latency: float | None = 0.0
    """95th percentile; unit undocumented, 0 means not measured."""

    p99_agent_latency: float | None = 0.0
    """99th percentile; unit undocumented, 0 means not measured."""
