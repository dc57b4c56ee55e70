"""Responses with a run or a conversation, for tests of fetches by id and of recordings."""

import datetime
from typing import Any

from bluejay_contract.stub import Answer, Stub

from .. import builders
from .conftest import ManualClock

CALLED: dict[str, Any] = {"tool_calls": [builders.tool_calls()]}
UNRECORDED: dict[str, Any] = {"tool_calls": [builders.tool_calls(actual=0)]}
EMPTY: dict[str, Any] = {"tool_calls": []}
QUEUED = {"simulation_run_id": "48213", "simulation_result_ids": ["1", "2"], "agent_id": "7"}
RUNNING = Answer.json(builders.response(builders.result(status="EVALUATING"), status="RUNNING"))
SETTLED = Answer.json(builders.response(builders.result()))


def ended(clock: ManualClock, seconds_ago: float = 0) -> builders.Document:
    """Return the end time of a conversation that ended so many seconds ago."""
    return {"end_time": (clock.utc_now() - datetime.timedelta(seconds=seconds_ago)).isoformat()}


def listed(*results: builders.Document, date: Any = datetime.timedelta(), **run: Any) -> Answer:
    """The response with a run; `date` is as in `Answer`."""
    return Answer.json(builders.response(*results, **run), date=date)


def single(id_: int = 1, **fields: Any) -> Answer:
    """The response to a fetch by id."""
    return Answer.json({"simulation_result": builders.result(id_, **fields)})


def fetched_ids(stub: Stub) -> list[str]:
    """The ids of the conversations that were fetched by id, in the order of the requests."""
    return [each.resource_id for each in stub.requests if each.operation == "retrieve_simulation_result"]
