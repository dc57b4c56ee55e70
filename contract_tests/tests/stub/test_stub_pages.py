"""Pages of a run: which part of a run a request gets, and when a run advances."""

import json
from datetime import datetime
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run

from .. import builders

PAGED = SCENARIOS["paged"]
WHOLE = json.loads(PAGED.bodies[0])


def ids(response: httpx.Response) -> list[int]:
    return [each["id"] for each in response.json()["simulation_results"]]


def status(response: httpx.Response) -> str:
    return str(response.json()["simulation_run"]["status"])


def numbered(count: int) -> Answer:
    return Answer.json({"simulation_results": [{"id": index} for index in range(count)]})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, (0, 100)),
        ({"offset": 100}, (100, 200)),
        ({"offset": 200}, (200, 250)),
        ({"limit": 1}, (0, 1)),
        ({"limit": 100, "offset": 249}, (249, 250)),
        ({"limit": 7, "offset": 11}, (11, 18)),
        ({"offset": 250}, (250, 250)),
        ({"offset": 10**30}, (250, 250)),
    ],
)
def test_a_page_has_the_run_and_its_slice_of_the_results(
    client: httpx.Client, query: dict[str, int], expected: tuple[int, int]
) -> None:
    page = client.get(PAGED.run_id, params=query).json()
    first, last = expected
    assert page == WHOLE | {"simulation_results": WHOLE["simulation_results"][first:last]}


@pytest.mark.parametrize(
    ("query", "name", "kind"),
    [
        ("limit=101", "limit", "less_than_equal"),
        ("limit=0", "limit", "greater_than_equal"),
        ("limit=-1", "limit", "greater_than_equal"),
        ("limit=all", "limit", "int_parsing"),
        ("limit=", "limit", "int_parsing"),
        ("offset=-1", "offset", "greater_than_equal"),
        ("limit=1&offset=x", "offset", "int_parsing"),
    ],
)
def test_a_query_that_the_contract_forbids_gets_the_error_of_fastapi_and_no_answer(
    stub: Stub, client: httpx.Client, query: str, name: str, kind: str
) -> None:
    stub.serve("48300", numbered(1), numbered(2))
    response = client.get(f"48300?{query}")
    [error] = response.json()["detail"]
    assert (response.status_code, error["loc"], error["type"]) == (422, ["query", name], kind)
    assert ids(client.get("48300")) == [0]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[" * 100_000,
        b"<html>",
        b'{"simulation_results": [1, 2, 3]',
        b'{"simulation_results": [1, 2, 3]} x',
        b'{"simulation_results": {"0": 1}}',
        b'{"simulation_results": null}',
        b'{"results": [1, 2, 3]}',
        b"[1, 2, 3]",
        b"\xff",
        b'{ "simulation_results" : [ 1 ] , "simulation_results": [1]}',
    ],
)
def test_a_body_without_other_pages_is_sent_byte_for_byte(
    stub: Stub, client: httpx.Client, body: bytes
) -> None:
    stub.serve("48300", Answer(body))
    assert client.get("48300?limit=1").content == body


def test_a_page_keeps_the_bytes_of_its_results_and_of_every_other_value(
    stub: Stub, client: httpx.Client
) -> None:
    stub.serve(
        "48300", Answer(b'{"a": [1.0, "\\u00e9"], "simulation_results": [{}, { "x":1e2 }, 3], "b": -0}')
    )
    page = client.get("48300?limit=1&offset=1").content
    assert page == b'{"a":[1.0, "\\u00e9"],"simulation_results":[{ "x":1e2 }],"b":-0}'


def read_states(client: httpx.Client, *queries: dict[str, int]) -> list[int]:
    """Return which of the served answers each request got."""
    return [int(client.get("48300", params=each).json()["state"]) for each in queries]


STATUS: dict[str, int] = {"limit": 1}
FIRST: dict[str, int] = {"limit": 100, "offset": 0}
SECOND: dict[str, int] = {"limit": 100, "offset": 100}


@pytest.mark.parametrize(
    ("queries", "states"),
    [
        ([STATUS, STATUS, STATUS], [0, 1, 2]),
        ([STATUS, FIRST, SECOND, STATUS, FIRST], [0, 0, 0, 1, 1]),
        ([FIRST, SECOND, FIRST, SECOND], [0, 0, 1, 1]),
        ([FIRST, SECOND, STATUS, FIRST], [0, 0, 1, 1]),
        ([FIRST, SECOND, SECOND, SECOND], [0, 0, 1, 2]),
        ([SECOND, FIRST], [0, 0]),
        ([{}, FIRST, {"limit": 3}], [0, 1, 1]),
    ],
    ids=[
        "polls",
        "a poll and its pages",
        "reads",
        "a poll after a read",
        "the last page again",
        "in any order",
        "other limits",
    ],
)
def test_a_run_advances_once_per_read(
    stub: Stub, client: httpx.Client, queries: list[dict[str, int]], states: list[int]
) -> None:
    stub.serve("48300", *(Answer.json({"state": number, "simulation_results": []}) for number in range(4)))
    assert read_states(client, *queries) == states


def test_a_run_of_several_states_stays_in_the_last_one(client: httpx.Client) -> None:
    run_id = SCENARIOS["advancing"].run_id
    seen = [status(client.get(run_id)) for _ in range(8)]
    assert seen == ["INITIALIZING", *["RUNNING"] * 3, *["COMPLETED"] * 4]


def test_a_later_page_that_is_read_first_shows_the_first_state(client: httpx.Client) -> None:
    assert status(client.get(SCENARIOS["advancing"].run_id, params={"offset": 100})) == "INITIALIZING"


def test_served_answers_are_sent_in_pages_and_a_later_page_comes_from_the_same_answer(
    stub: Stub, client: httpx.Client
) -> None:
    stub.serve("48300", Answer(status=503), numbered(101), numbered(102))
    assert client.get("48300").status_code == 503
    assert client.get("48300?offset=100").status_code == 503
    lengths = [len(ids(client.get("48300", params={"offset": offset}))) for offset in (0, 100, 0, 100)]
    assert lengths == [100, 1, 100, 2]


def test_answers_to_one_offset_are_given_in_turn_and_other_pages_stay(
    stub: Stub, client: httpx.Client
) -> None:
    stub.serve(PAGED.run_id, Answer(b"no", 502), numbered(3), offset=100)
    assert client.get(PAGED.run_id, params={"offset": 100}).status_code == 502
    assert ids(client.get(PAGED.run_id, params={"offset": 100})) == [0, 1, 2]
    assert ids(client.get(PAGED.run_id, params={"offset": 100, "limit": 2})) == [0, 1]
    assert len(ids(client.get(PAGED.run_id, params={"offset": 200}))) == 50
    stub.serve(PAGED.run_id, numbered(101))
    assert ids(client.get(PAGED.run_id, params={"offset": 100})) == [100]


@pytest.mark.parametrize("query", ["limit=1", "limit=1000", "offset=200", "limit=x"])
def test_a_stub_without_pages_ignores_the_parameters(stub: Stub, client: httpx.Client, query: str) -> None:
    stub.pages = False
    assert client.get(f"{PAGED.run_id}?{query}").content == PAGED.bodies[0]


def test_a_reset_restores_the_pages_that_the_stub_was_started_with() -> None:
    for pages in (True, False):
        stub = Stub(pages=pages)
        stub.pages = not pages
        stub.reset()
        assert stub.pages is pages


def test_the_query_of_each_request_is_recorded(stub: Stub, client: httpx.Client) -> None:
    client.get("48213?limit=5&offset=%31&limit=1000&x=")
    client.get("48213")
    first, second = stub.requests
    assert first.query == {"limit": "1000", "offset": "1", "x": ""}
    assert first.path == "/v1/retrieve-simulation-results/48213"
    assert second.query == {}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_results_of_every_scenario_are_listed_oldest_first(name: str) -> None:
    for body in SCENARIOS[name].bodies:
        results = json.loads(body).get("simulation_results") or ()
        starts = [datetime.fromisoformat(each["start_time"]) for each in results if each.get("start_time")]
        assert starts == sorted(starts)


def test_only_the_last_page_of_the_paged_scenario_decides_the_verdict() -> None:
    passed = [each["evaluations"][0]["goal_success"] for each in WHOLE["simulation_results"]]
    assert sum(passed[:100]) == 100
    assert sum(passed[:200]) == 190
    assert sum(passed) == WHOLE["simulation_run"]["tests_passed"] == 190
    assert len(passed) == 250


def test_a_recording_answers_each_page_with_the_recorded_bytes(
    stub: Stub, client: httpx.Client, tmp_path: Any
) -> None:
    """A poll with limit=1, then a read of three pages. A limit that was not recorded gets part of a page."""
    asked = [("limit=1", b'{"simulation_results":[1],"simulation_run":{}}')]
    asked += [(f"limit=100&offset={start}", builders.encoded(_page(start))) for start in (0, 100, 200)]
    entries = [
        _entry(f"{stub.url}/v1/retrieve-simulation-results/48300?{query}", body) for query, body in asked
    ]
    (tmp_path / "run.har").write_text(json.dumps({"log": {"entries": entries}}))
    assert stub.serve_recording(tmp_path / "run.har") == "48300"
    for query, body in [*reversed(asked), *asked]:
        assert client.get(f"48300?{query}").content == body
    assert ids(client.get("48300?limit=2&offset=100")) == [100, 101]
    assert client.get("48300?offset=300").status_code == 404


def _page(start: int) -> dict[str, Any]:
    whole = run(passed=250)
    return whole | {"simulation_results": [{"id": start + index} for index in range(100 - start // 4)]}


def _entry(url: str, body: bytes) -> dict[str, Any]:
    content = {"mimeType": "application/json", "text": body.decode()}
    return {
        "request": {"method": "GET", "url": url},
        "response": {"status": 200, "headers": [], "content": content},
    }
