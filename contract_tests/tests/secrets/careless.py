"""Responses of a service that puts the key and a signed URL into every text field."""

import json

from bluejay_contract.stub import Answer

from .canary import KEY, SIGNED_URL
from .scenes import SETTLED

_SAID = f"{KEY} at {SIGNED_URL}"


def careless() -> Answer:
    """Return a run that is valid, except for new statuses and a new field."""
    document = json.loads(SETTLED.body)
    document["simulation_run"] |= {"id": "careless", "summary": _SAID, "status": KEY}
    for result in document["simulation_results"]:
        result["status"] = SIGNED_URL if result["id"] % 2 else result["status"]
        for evaluation in result.get("evaluations") or []:
            evaluation |= {"goal_success": False, "goal_reasoning": f"{'x' * (result['id'] % 80)}{_SAID}"}
        for group in result.get("tool_calls") or []:
            for call in [*group.get("expected", ()), *group.get("actual", ())]:
                call["parameters"] = {KEY: _SAID}
        result[KEY] = 1
    return Answer.json(document)


def careless_runs() -> Answer:
    """Return runs of simulation 731 with careless statuses, summaries and fields."""
    run = {"experiment_id": 731, "created_at": "2026-11-19T16:04:00Z", "summary": _SAID, KEY: 1}
    runs = [run | {"id": id_, "status": f"{'x' * 50 * id_}{KEY}"} for id_ in range(3)]
    return Answer.json({"simulation_runs": runs})


def worse() -> Answer:
    """Return a settled run in which no conversation passed; each reason is careless."""
    document = json.loads(SETTLED.body)
    document["simulation_run"]["id"] = "worse"
    for result in document["simulation_results"]:
        for evaluation in result.get("evaluations") or []:
            evaluation |= {"goal_success": False, "goal_reasoning": _SAID}
    return Answer.json(document)


def broken() -> Answer:
    """Return the same run with the key or the URL in place of a number, a time or a list."""
    document = json.loads(careless().body)
    document["simulation_run"] |= {"total_tests": KEY, "created_at": SIGNED_URL}
    first, second, *_ = document["simulation_results"]
    first |= {"id": _SAID, "events": KEY}
    second["evaluations"] = {KEY: SIGNED_URL}
    document[SIGNED_URL] = KEY
    return Answer.json(document)
