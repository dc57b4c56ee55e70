"""Responses from a service that puts the key and a signed URL into every text field."""

import json

from bluejay_contract.stub import SCENARIOS, Answer

from .canary import KEY, SIGNED_URL

SETTLED = SCENARIOS["settled"].bodies[-1]
_SAID = f"{KEY} at {SIGNED_URL}"


def careless(run_id: str = "careless", *, has_new_statuses: bool = True) -> Answer:
    """Return a valid run in which no conversation passed, with new statuses and a new field."""
    document = json.loads(SETTLED)
    document["simulation_run"] |= {"id": run_id, "summary": _SAID}
    if has_new_statuses:
        document["simulation_run"]["status"] = KEY
    for result in document["simulation_results"]:
        if has_new_statuses and result["id"] % 2:
            result["status"] = SIGNED_URL
        for evaluation in result.get("evaluations") or []:
            evaluation |= {"goal_success": False, "goal_reasoning": f"{'x' * (result['id'] % 80)}{_SAID}"}
        for group in result.get("tool_calls") or []:
            for call in [*group.get("expected", ()), *group.get("actual", ())]:
                call["parameters"] = {KEY: _SAID}
        result[KEY] = 1
    return Answer.json(document)


def careless_runs() -> Answer:
    """Return simulation 731's runs, with the key and a URL in statuses, summaries and new fields."""
    run = {"experiment_id": 731, "created_at": "2026-11-19T16:04:00Z", "summary": _SAID, KEY: 1}
    runs = [run | {"id": id_, "status": f"{'x' * 50 * id_}{_SAID}"} for id_ in range(3)]
    return Answer.json({"simulation_runs": runs})


def broken() -> Answer:
    """Return the careless run with the key or the URL in place of a number, a time or a list."""
    document = json.loads(careless().body)
    document["simulation_run"] |= {"total_tests": KEY, "created_at": SIGNED_URL}
    first, second, *_ = document["simulation_results"]
    first |= {"id": _SAID, "events": KEY}
    second["evaluations"] = {KEY: SIGNED_URL}
    document[SIGNED_URL] = KEY
    return Answer.json(document)


def refused() -> Answer:
    """Return a 422 response with the key and a URL in its fields."""
    return Answer.json({"detail": [{"loc": [KEY], "msg": _SAID, "type": KEY}]}, status=422)
