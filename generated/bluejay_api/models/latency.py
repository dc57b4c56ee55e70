# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define


@define(weakref_slot=False)
class Latency:
    """The agent's response times. The unit is undocumented, and 0 means not measured."""

    avg_agent_latency: float | None = 0.0
    """Mean. The unit is undocumented, and 0 means not measured."""

    max_agent_latency: float | None = 0.0
    """Maximum. The unit is undocumented, and 0 means not measured."""

    p50_agent_latency: float | None = 0.0
    """50th percentile. The unit is undocumented, and 0 means not measured."""

    p90_agent_latency: float | None = 0.0
    """90th percentile. The unit is undocumented, and 0 means not measured."""

    p95_agent_latency: float | None = 0.0
    """95th percentile. The unit is undocumented, and 0 means not measured."""

    p99_agent_latency: float | None = 0.0
    """99th percentile. The unit is undocumented, and 0 means not measured."""
