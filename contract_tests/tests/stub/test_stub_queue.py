"""Queued runs: which requests are refused, and how a run advances with time."""

import json
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
LONGEST_BODY = 8_192


def send(api: httpx.Client, body: bytes) -> httpx.Response:
    return api.post("queue-simulation-run", content=body, headers={"content-type": "application/json"})


def queue(api: httpx.Client, **body: Any) -> Any:
    return api.post("queue-simulation-run", json={"simulation_id": "731"} | body).json()


def seen(document: Any) -> tuple[str, list[str], bool]:
    """The run's status, the statuses of its results, and whether tool calls are recorded."""
    results = document["simulation_results"]
    recorded = any(tool["actual"] for each in results for tool in each["tool_calls"] or ())
    return document["simulation_run"]["status"], sorted({each["status"] for each in results}), recorded


def test_a_queued_run_advances_with_time_and_is_valid_at_each_moment(contract: Contract) -> None:
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


def test_a_queued_run_has_ended_shortly_before_the_date_of_the_answer(stub: Stub, api: httpx.Client) -> None:
    run_id = queue(api)["simulation_run_id"]
    stub.now += timedelta(seconds=5)
    response = api.get(f"retrieve-simulation-results/{run_id}")
    date = parsedate_to_datetime(response.headers["date"])
    ended = [datetime.fromisoformat(each["end_time"]) for each in response.json()["simulation_results"]]
    assert max(date - each for each in ended) < timedelta(minutes=1)
    assert min(date - each for each in ended) > timedelta()


def test_each_request_queues_a_new_run_with_one_conversation_per_caller(
    stub: Stub, api: httpx.Client
) -> None:
    first, second = (queue(api, digital_human_ids=ids) for ids in (["7", "7", "8", "x"], None))
    assert first["simulation_run_id"] != second["simulation_run_id"]
    stub.now += timedelta(seconds=5)
    run = api.get(f"retrieve-simulation-results/{first['simulation_run_id']}").json()
    *callers, unnumbered = [each["digital_human_id"] for each in run["simulation_results"]]
    assert callers == [7, 7, 8]
    assert type(unnumbered) is int
    assert [str(each["id"]) for each in run["simulation_results"]] == first["simulation_result_ids"]
    assert run["simulation_run"]["simulation_id"] == "731"
    assert len(second["simulation_result_ids"]) > 1


def test_the_results_of_a_queued_run_can_be_fetched_by_id_from_the_start(api: httpx.Client) -> None:
    result_id = queue(api)["simulation_result_ids"][-1]
    found = api.get(f"retrieve-simulation-result/{result_id}").json()["simulation_result"]
    assert found["status"] == "QUEUED"
    assert api.get(f"retrieve-simulation-result/{result_id[:-1]}9").status_code == 404


def test_the_last_100_queued_runs_are_remembered(api: httpx.Client) -> None:
    run_ids = [queue(api)["simulation_run_id"] for _ in range(101)]
    polls = [api.get(f"retrieve-simulation-results/{each}") for each in run_ids[:2]]
    assert [each.status_code for each in polls] == [404, 200]


@pytest.mark.parametrize(
    ("body", "loc", "kind"),
    [
        (b"", ["body"], "missing"),
        (b"[]", ["body"], "model_attributes_type"),
        (b"{", ["body", 1], "json_invalid"),
        (b"\xff", ["body"], "json_invalid"),
        (b"{}", ["body", "simulation_id"], "missing"),
        (b'{"simulation_id": 731}', ["body", "simulation_id"], "string_type"),
        (b'{"simulation_id": NaN}', ["body", "simulation_id"], "string_type"),
        (b'{"simulation_id": "1", "prompt_id": "1"}', ["body", "prompt_id"], "uuid_parsing"),
        (b'{"simulation_id": "1", "livekit_metadata": []}', ["body", "livekit_metadata"], "dict_type"),
        (
            b'{"simulation_id": "1", "digital_human_ids": ["7", 8]}',
            ["body", "digital_human_ids", 1],
            "string_type",
        ),
    ],
)
def test_a_body_that_the_contract_forbids_gets_the_error_of_fastapi(
    stub: Stub, api: httpx.Client, body: bytes, loc: list[str | int], kind: str
) -> None:
    stub.serve_queue(Answer(b"not asked"))
    response = send(api, body)
    [error] = response.json()["detail"]
    assert response.status_code == 422
    assert error["loc"] == loc
    assert error["type"] == kind


def test_two_different_ids_of_an_agent_version_get_a_400_and_queue_no_run(api: httpx.Client) -> None:
    one, other = str(UUID(int=1)), str(UUID(int=2))
    both = {"simulation_id": "731", "prompt_id": one, "agent_version_id": other}
    response = send(api, json.dumps(both).encode())
    assert response.status_code == 400
    assert response.json() == {"detail": "prompt_id and agent_version_id differ"}
    assert api.get("retrieve-simulation-results/48401").status_code == 404
    assert send(api, json.dumps(both | {"agent_version_id": one}).encode()).status_code == 200


def test_text_that_utf_8_cannot_encode_causes_no_error(api: httpx.Client) -> None:
    body = b'{"simulation_id": "\\ud800", "digital_human_ids": ["\\ud800"]}'
    run_id = send(api, body).json()["simulation_run_id"]
    assert api.get(f"retrieve-simulation-results/{run_id}").status_code == 200


def test_served_answers_are_given_in_turn_and_queue_no_run(stub: Stub, api: httpx.Client) -> None:
    stub.serve_queue(Answer.json("busy", status=429), Answer.json({"simulation_run_id": "mine"}))
    assert [queue(api), queue(api), queue(api)] == ["busy", *[{"simulation_run_id": "mine"}] * 2]
    assert api.get("retrieve-simulation-results/48401").status_code == 404


def test_the_operation_and_the_start_of_the_body_are_recorded(stub: Stub, api: httpx.Client) -> None:
    queue(api, phone_number="7" * LONGEST_BODY)
    api.get("retrieve-simulation-result/a%2Fb")
    api.get("none")
    queued, single, none = stub.requests
    assert queued.operation == "queue_simulation_run"
    assert queued.run_id is None
    assert len(queued.body) == LONGEST_BODY
    assert queued.body.startswith(b'{"simulation_id":"731","phone_number":"777')
    assert single.operation == "retrieve_simulation_result"
    assert single.resource_id == "a/b"
    assert single.body == b""
    assert none.operation is None
    assert none.resource_id == ""


def test_a_clock_that_was_set_keeps_running_until_the_reset(stub: Stub, api: httpx.Client) -> None:
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    stub.now = moment
    assert timedelta() <= stub.now - moment < timedelta(hours=1)
    assert api.get("none").headers["date"].startswith("Tue, 01 Jan 2030 00:")
    stub.reset()
    assert abs(stub.now - datetime.now(UTC)) < timedelta(hours=1)


def test_queued_run_seconds_of_0_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^queued_run_seconds must be above 0, got 0$"):
        Stub(queued_run_seconds=0)


def test_a_simulation_with_the_run_id_of_a_scenario_queues_a_run_that_plays_it(api: httpx.Client) -> None:
    queued = queue(api, simulation_id="48215")
    run_id = queued["simulation_run_id"]
    polls = [api.get(f"retrieve-simulation-results/{run_id}").json() for _ in range(6)]
    assert {(each["simulation_run"]["id"], each["simulation_run"]["simulation_id"]) for each in polls} == {
        (run_id, "48215")
    }
    assert [len(each["simulation_results"]) for each in polls] == [0, 6, 6, 6, 6, 6]
    assert [str(each["id"]) for each in polls[-1]["simulation_results"]] == queued["simulation_result_ids"]
    result = api.get(f"retrieve-simulation-result/{queued['simulation_result_ids'][0]}").json()
    assert result["simulation_result"] == polls[-1]["simulation_results"][0]
    [listed] = api.get("get-simulation-runs/48215").json()["simulation_runs"]
    assert (listed["id"], listed["experiment_id"], listed["status"]) == (int(run_id), 48215, "COMPLETED")
    scenario = api.get("retrieve-simulation-results/48215").json()
    assert scenario["simulation_run"] == {**polls[0]["simulation_run"], "id": "48215", "simulation_id": "733"}


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda each: each.name)
def test_every_scenario_can_be_queued(api: httpx.Client, scenario: Scenario) -> None:
    queued = queue(api, simulation_id=scenario.run_id)
    for _ in scenario.bodies:
        response = api.get(f"retrieve-simulation-results/{queued['simulation_run_id']}")
    run = response.json()["simulation_run"]
    assert (run["id"], run["simulation_id"]) == (queued["simulation_run_id"], scenario.run_id)
    for result_id in queued["simulation_result_ids"][:1]:
        fetched = api.get(f"retrieve-simulation-result/{result_id}")
        assert str(fetched.json()["simulation_result"]["id"]) == result_id
