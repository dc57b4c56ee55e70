"""Scenario: a delivery service whose tool calls arrive late, aren't listed, or were never made."""

from collections.abc import Collection
from itertools import cycle

from .builder import run
from .parts import Document


def late_tools(run_id: str) -> list[Document]:
    """Six conversations, the first three without the calls that they made."""
    whole = run(passed=6, id=run_id)
    first, second, third, *others = whole["simulation_results"]
    return [whole | {"simulation_results": [*map(without_calls, (first, second, third)), *others]}]


def late_tools_singly(run_id: str) -> list[Document]:
    """The same conversations fetched by id: the calls have arrived by the third fetch."""
    return [*late_tools(run_id) * 2, run(passed=6, id=run_id)]


def gaps(run_id: str) -> list[Document]:
    """180 conversations, of which the last 49 seem to have no tool calls."""
    [whole] = gaps_singly(run_id)
    return [with_gaps(whole, [result["id"] for result in whole["simulation_results"][-49:]])]


def gaps_singly(run_id: str) -> list[Document]:
    """The same conversations fetched by id: each has its tool calls."""
    return [run(passed=150, failed=30, id=run_id)]


def skipped_tool(run_id: str) -> list[Document]:
    """Six conversations that reached their goal; the last one didn't call its expected tools."""
    whole = run(passed=6, id=run_id, tests_passed=5, tests_failed=1)
    *others, last = whole["simulation_results"]
    return [whole | {"simulation_results": [*others, without_calls(last)]}]


def no_calls(run_id: str) -> list[Document]:
    """Fifty conversations: 32 passed, 8 failed, and ten have expected tools but no recorded call."""
    whole = run(passed=[{}] * 42, failed=8, id=run_id, tests_passed=32, tests_failed=18)
    silent = whole["simulation_results"][:10]
    return [whole | {"simulation_results": [*map(without_calls, silent), *whole["simulation_results"][10:]]}]


def with_gaps(document: Document, result_ids: Collection[int]) -> Document:
    """Return the response of a large run, whose list leaves out the tool calls of these results.

    The results take turns: in the first, the calls are missing from `tool_calls`; in the second, `tool_calls`
    is empty; in the third, it is null.
    """
    ways = cycle(range(3))
    listed = [
        _with_gap(result, next(ways)) if result["id"] in result_ids else result
        for result in document["simulation_results"]
    ]
    return document | {"simulation_results": listed}


def without_calls(result: Document) -> Document:
    """Return a copy of a result that keeps its expected tools but has none of their calls."""
    tools = result["tool_calls"] and [tool | {"actual": []} for tool in result["tool_calls"]]
    return result | {"tool_calls": tools}


def _with_gap(result: Document, way: int) -> Document:
    return without_calls(result) if way == 0 else result | {"tool_calls": [] if way == 1 else None}
