"""Queued runs: which requests are refused, and how a run advances with time."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from bluejay_contract.checks import check, check_sequence
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange, Key, Request
from bluejay_contract.stub import SCENARIOS, Answer, Scenario, Stub

from .conftest import api_of
from .test_stub_scenarios import wrong_in_a_run

LIFE = 1_000


def queue(api: httpx.Client, **body: Any) -> Any:
    return api.post("queue-simulation-run", json={"simulation_id": "731"} | body).json()


def seen(document: Any) -> tuple[str, list[str], bool]:
    """The run's status, the statuses of its results, and whether tool calls are recorded."""
    results = document["simulation_results"]
    recorded = any(tool["actual"] for each in results for tool in each["tool_calls"] or ())
    return document["simulation_run"]["status"], sorted({each["status"] for each in results}), recorded


def test_a_queued_run_advances_over_time_and_is_valid_at_each_moment(contract: Contract) -> None:
    life, found = [], []
    before: Exchange | None = None
    with Stub(queued_run_seconds=LIFE) as stub, api_of(stub) as api:
        run_id = queue(api)["simulation_run_id"]
        for _ in range(21):
            response = api.get(f"retrieve-simulation-results/{run_id}")
            request = Request(run_id, Key.VALID, secret="test-key")
            poll = Exchange(request, response.status_code, dict(response.headers), response.content)
            found += [*check(contract, poll), *wrong_in_a_run(response.json())]
            found += check_sequence(before, poll) if before else []
            if (now := seen(response.json())) not in life:
                life.append(now)
            before = poll
            stub.now += timedelta(seconds=LIFE / 20)
    assert found == []
    assert life == [
        ("INITIALIZING", [], False),
        ("RUNNING", ["QUEUED"], False),
        ("RUNNING", ["IN_PROGRESS", "QUEUED"], False),
        ("RUNNING", ["IN_PROGRESS"], False),
        ("RUNNING", ["EVALUATING", "IN_PROGRESS"], False),
        ("RUNNING", ["COMPLETED", "IN_PROGRESS"], False),
        ("COMPLETED", ["COMPLETED", "EVALUATING"], False),
        ("COMPLETED", ["COMPLETED"], False),
        ("COMPLETED", ["COMPLETED"], True),
    ]


def test_each_request_queues_a_new_run_with_one_conversation_per_caller(
    stub: Stub, api: httpx.Client
) -> None:
    """In the response, the run ended shortly before the response's Date header."""
    first, second = (queue(api, digital_human_ids=ids) for ids in (["7", "7", "8", "x"], None))
    assert first["simulation_run_id"] != second["simulation_run_id"]
    assert len(second["simulation_result_ids"]) > 1
    stub.now += timedelta(seconds=5)
    response = api.get(f"retrieve-simulation-results/{first['simulation_run_id']}")
    date, results = parsedate_to_datetime(response.headers["date"]), response.json()["simulation_results"]
    *callers, unnumbered = [each["digital_human_id"] for each in results]
    assert (callers, type(unnumbered)) == ([7, 7, 8], int)
    assert [str(each["id"]) for each in results] == first["simulation_result_ids"]
    ended = [date - datetime.fromisoformat(each["end_time"]) for each in results]
    assert timedelta() < min(ended) <= max(ended) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("asked", "callers"),
    [
        ({"digital_human_ids": ["7", "8"], "runs_per_digital_human": 3}, {7: 3, 8: 3}),
        ({"digital_human_ids": ["7", "7"], "runs_per_digital_human": 2}, {7: 4}),
        ({"digital_human_ids": ["7"], "runs_per_digital_human": None}, {7: 1}),
        ({"runs_per_digital_human": 2}, dict.fromkeys((101, 102, 104, 105, 106), 2)),
    ],
)
def test_a_queued_run_has_the_requested_number_of_conversations_with_each_caller(
    stub: Stub, api: httpx.Client, asked: dict[str, Any], callers: dict[int, int]
) -> None:
    queued = queue(api, **asked)
    stub.now += timedelta(seconds=5)
    results = api.get(f"retrieve-simulation-results/{queued['simulation_run_id']}").json()[
        "simulation_results"
    ]
    assert Counter(each["digital_human_id"] for each in results) == callers
    assert len(queued["simulation_result_ids"]) == len(results)


def test_a_newly_queued_run_is_listed_and_its_results_can_be_fetched_by_id(
    api: httpx.Client,
) -> None:
    queued = queue(api, simulation_id="740")
    result_id = queued["simulation_result_ids"][-1]
    found = api.get(f"retrieve-simulation-result/{result_id}").json()["simulation_result"]
    assert found["status"] == "QUEUED"
    assert api.get(f"retrieve-simulation-result/{result_id[:-1]}9").status_code == 404
    [listed] = api.get("get-simulation-runs/740").json()["simulation_runs"]
    assert (str(listed["id"]), listed["status"]) == (queued["simulation_run_id"], "INITIALIZING")


def test_the_last_100_queued_runs_are_remembered(api: httpx.Client) -> None:
    run_ids = [queue(api)["simulation_run_id"] for _ in range(101)]
    polls = [api.get(f"retrieve-simulation-results/{each}") for each in run_ids[:2]]
    assert [each.status_code for each in polls] == [404, 200]


@pytest.mark.parametrize(
    ("body", "loc", "kind"),
    [
        (b"", [], "missing"),
        (b"[]", [], "model_attributes_type"),
        (b"{", [1], "json_invalid"),
        (b"\xff", [], "json_invalid"),
        (b"{}", ["simulation_id"], "missing"),
        (b'{"simulation_id": NaN}', ["simulation_id"], "string_type"),
        (b'{"simulation_id": "1", "prompt_id": "1"}', ["prompt_id"], "uuid_parsing"),
        (b'{"simulation_id": "1", "livekit_metadata": []}', ["livekit_metadata"], "dict_type"),
        (b'{"simulation_id": "1", "digital_human_ids": ["7", 8]}', ["digital_human_ids", 1], "string_type"),
        *(
            (
                b'{"simulation_id": "1", "runs_per_digital_human": %s}' % value,
                ["runs_per_digital_human"],
                kind,
            )
            for value, kind in (
                (b"0", "greater_than_equal"),
                (b"101", "less_than_equal"),
                (b"1.5", "int_from_float"),
            )
        ),
        (b'{"simulation_id": "1", "retell_agent_id": 7}', ["retell_agent_id"], "string_type"),
    ],
)
def test_a_queue_request_with_an_invalid_body_does_not_use_up_an_answer(
    stub: Stub, api: httpx.Client, body: bytes, loc: list[str | int], kind: str
) -> None:
    stub.serve_queue(Answer.json("busy"))
    headers = {"content-type": "application/json"}
    response = api.post("queue-simulation-run", content=body, headers=headers)
    [error] = response.json()["detail"]
    assert (response.status_code, error["loc"], error["type"]) == (422, ["body", *loc], kind)
    assert queue(api) == "busy"
    assert api.get("retrieve-simulation-results/48401").status_code == 404


def test_a_request_with_two_different_agent_version_ids_gets_a_400(api: httpx.Client) -> None:
    one, other = str(UUID(int=1)), str(UUID(int=2))
    assert "detail" in queue(api, prompt_id=one, agent_version_id=other)
    assert api.get("retrieve-simulation-results/48401").status_code == 404
    assert queue(api, prompt_id=one, agent_version_id=one)["simulation_run_id"] == "48401"


def test_a_stubs_clock_continues_from_the_time_that_a_test_sets(stub: Stub, api: httpx.Client) -> None:
    stub.now = datetime(2030, 1, 1, tzinfo=UTC)
    assert api.get("none").headers["date"].startswith("Tue, 01 Jan 2030 00:")
    assert stub.now > datetime(2030, 1, 1, tzinfo=UTC)
    stub.reset()
    assert abs(stub.now - datetime.now(UTC)) < timedelta(hours=1)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda each: each.name)
def test_a_scenario_runs_if_its_run_id_is_queued_as_a_simulation_id(
    api: httpx.Client, scenario: Scenario
) -> None:
    queued = queue(api, simulation_id=scenario.run_id)
    run_id = queued["simulation_run_id"]
    polls = [api.get(f"retrieve-simulation-results/{run_id}?limit=100").json() for _ in scenario.bodies]
    ids = {"id": run_id, "simulation_id": scenario.run_id}
    assert polls[-1]["simulation_run"] == json.loads(scenario.bodies[-1])["simulation_run"] | ids
    listed = [str(each["id"]) for each in polls[-1].get("simulation_results") or []]
    assert listed == queued["simulation_result_ids"][:100]
    for each in listed[:1]:
        fetched = api.get(f"retrieve-simulation-result/{each}").json()["simulation_result"]
        assert str(fetched["id"]) == each
    [only] = api.get(f"get-simulation-runs/{scenario.run_id}").json()["simulation_runs"]
    assert (only["id"], only["experiment_id"]) == (int(run_id), int(scenario.run_id))
