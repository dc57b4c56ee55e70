"""Properties across the fields of every scenario that no rule of the harness checks.

harness/test_checks.py applies the rules to every scenario. Three scenarios are left out here: `reference`
only lists the documented fields, and `left_out` and `nulls` have hardly any fields.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS

Document = dict[str, Any]
UNDER_WAY = {"QUEUED", "DISPATCHED", "IN_PROGRESS", "EVALUATING", "CONVERSATION_ENDED"}


def moment(text: str) -> datetime:
    """Return a time as a datetime; a time without a zone is UTC."""
    return datetime.fromisoformat(text if text.endswith(("Z", "+00:00")) else text + "Z")


def wrong_in_a_run(document: Document) -> Iterator[str]:
    results = document["simulation_results"] or []
    evaluations = [each for result in results for each in result.get("evaluations") or ()]
    if len({each["id"] for each in evaluations}) < len(evaluations):
        yield "two evaluations have one id"
    for result in results:
        if result["status"] in UNDER_WAY and result["evaluations"]:
            yield f"{result['id']} is under way and has a score"
        if result.get("end_time"):
            yield from (f"{result['id']} {wrong}" for wrong in wrong_in_a_conversation(result))
    for each in evaluations:
        yield from (f"{each['id']} {wrong}" for wrong in wrong_in_an_evaluation(each))


def wrong_in_a_conversation(result: Document) -> Iterator[str]:
    lasted = moment(result["end_time"]) - moment(result["start_time"])
    milliseconds = lasted / timedelta(milliseconds=1)
    if lasted <= timedelta():
        yield "takes no time"
    if result["duration"] not in (int(milliseconds), lasted.total_seconds()):
        yield "has a duration that is its length neither in milliseconds nor in seconds"
    if any(not 0 <= start <= end <= milliseconds for start, end in offsets(result)):
        yield "has an event or a call that lies outside of it"


def offsets(result: Document) -> Iterator[tuple[int, int]]:
    """The start and the end of each event and tool call of a conversation."""
    for event in result["events"] or ():
        yield event["start_offset_ms"], event["end_offset_ms"] or event["start_offset_ms"]
    for tool in result["tool_calls"] or ():
        yield from ((call["start_offset_ms"], call["start_offset_ms"]) for call in tool["actual"])


def wrong_in_an_evaluation(evaluation: Document) -> Iterator[str]:
    scores, label = evaluation["sentiment_scores"], evaluation["sentiment_label"]
    if evaluation["avg_agent_latency"] != evaluation["latency"]["avg_agent_latency"]:
        yield "has two mean latencies"
    if not evaluation["sentiment_score"] == scores[label] == max(scores.values()):
        yield "has a sentiment that is not the prevailing one"
    if sum(scores.values()) != pytest.approx(1):
        yield "has sentiments that are no shares of a whole"


@pytest.mark.parametrize("name", sorted(SCENARIOS.keys() - {"reference", "left_out", "nulls"}))
def test_the_fields_of_a_scenario_do_not_contradict_each_other(name: str) -> None:
    assert [wrong for body in SCENARIOS[name].bodies for wrong in wrong_in_a_run(json.loads(body))] == []
