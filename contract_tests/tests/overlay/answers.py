"""Builds responses with a run or a conversation, for tests of fetches by id and recordings."""

import datetime
from typing import Any

from bluejay_contract.stub import Answer

from .. import builders

CALLED: dict[str, Any] = {"tool_calls": [builders.tool_calls()]}
UNRECORDED: dict[str, Any] = {"tool_calls": [builders.tool_calls(actual=0)]}
EMPTY: dict[str, Any] = {"tool_calls": []}
UNSCORED: dict[str, Any] = {"status": "EVALUATING", "evaluations": []}
QUEUED = {"simulation_run_id": "48213", "simulation_result_ids": ["1", "2"], "agent_id": "7"}


def listed(*results: builders.Document, date: Any = datetime.timedelta(), **run: Any) -> Answer:
    """A response with a run; `date` is as in `Answer`."""
    return Answer.json(builders.response(*results, **run), date=date)


def single(id_: int = 1, **fields: Any) -> Answer:
    """The response to a fetch by id."""
    return Answer.json({"simulation_result": builders.result(id_, **fields)})


def conversations(count: int, first: int = 1, **fields: Any) -> list[builders.Document]:
    """Build this many small conversations with consecutive ids."""
    return [builders.result(id_, **fields) for id_ in range(first, first + count)]


def large_run(*unscored: int, count: int = 250, **run: Any) -> Answer:
    """A run with this many conversations, of which those in `unscored` are still being scored."""
    results = [each | UNSCORED if each["id"] in unscored else each for each in conversations(count)]
    return listed(*results, **{"total_tests": count} | run)
