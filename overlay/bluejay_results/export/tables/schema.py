"""All tables, and the fields of the contract that are in no table."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from .column import Table
from .detail_tables import EVALUATIONS, EVENTS, METRICS, TOOL_CALLS
from .error_table import ERRORS
from .summary_tables import CONVERSATIONS, RUNS

TABLES = MappingProxyType[str, Table[Any]](
    {each.name: each for each in (RUNS, CONVERSATIONS, EVALUATIONS, METRICS, TOOL_CALLS, EVENTS, ERRORS)}
)
"""The tables by name. `errors` is last, because writing the other tables can add rows to it."""

OMITTED = MappingProxyType(
    {
        "SimulationResultsResponse.status": "the HTTP status again, as text; it says nothing about the run",
        "SingleSimulationResultResponse.status": "the HTTP status again, as text",
    }
)
"""The fields of the contract that are in no table, and why."""
