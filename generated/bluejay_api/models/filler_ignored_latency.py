# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define


@define(weakref_slot=False)
class FillerIgnoredLatency:
    """The agent's response times without filler words. The unit is undocumented, and 0 means not measured."""

    avg_filler_ignored_latency: float | None = 0.0
    """Mean. The unit is undocumented, and 0 means not measured."""

    p50_filler_ignored_latency: float | None = 0.0
    """50th percentile. The unit is undocumented, and 0 means not measured."""

    p90_filler_ignored_latency: float | None = 0.0
    """90th percentile. The unit is undocumented, and 0 means not measured."""

    p95_filler_ignored_latency: float | None = 0.0
    """95th percentile. The unit is undocumented, and 0 means not measured."""

    p99_filler_ignored_latency: float | None = 0.0
    """99th percentile. The unit is undocumented, and 0 means not measured."""
