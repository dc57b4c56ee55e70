"""Pages: which part of a run a request gets, and when the run advances."""

import json

import httpx
import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub

PAGED = SCENARIOS["paged"]
WHOLE = json.loads(PAGED.bodies[0])


def ids(response: httpx.Response) -> list[int]:
    return [each["id"] for each in response.json()["simulation_results"]]


def numbered(count: int, first: int = 0) -> Answer:
    return Answer.json({"simulation_results": [{"id": first + index} for index in range(count)]})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", (0, 100)),
        ("offset=200", (200, 250)),
        ("limit=1", (0, 1)),
        ("limit=7&offset=11", (11, 18)),
        ("limit=100&offset=250", (250, 250)),
        (f"offset={10**30}", (250, 250)),
    ],
)
def test_a_page_contains_the_results_that_limit_and_offset_select(
    client: httpx.Client, query: str, expected: tuple[int, int]
) -> None:
    results = WHOLE["simulation_results"][slice(*expected)]
    assert client.get(f"{PAGED.run_id}?{query}").json() == WHOLE | {"simulation_results": results}


@pytest.mark.parametrize(
    ("query", "name", "kind"),
    [
        ("limit=101", "limit", "less_than_equal"),
        ("limit=0", "limit", "greater_than_equal"),
        ("limit=", "limit", "int_parsing"),
        ("offset=-1", "offset", "greater_than_equal"),
        ("limit=1&offset=x", "offset", "int_parsing"),
    ],
)
def test_a_request_with_an_invalid_query_does_not_use_up_an_answer(
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
        b'{"simulation_results": [1, 2, 3]} x',
        b'{"simulation_results": {"0": 1}}',
        b'{"results": [1, 2, 3]}',
        b"[1, 2, 3]",
        b"\xff",
        b'{ "simulation_results" : [ 1 ] , "simulation_results": [1]}',
    ],
    ids=lambda body: repr(body[:40]),
)
def test_a_body_that_needs_no_pagination_is_sent_byte_for_byte(
    stub: Stub, client: httpx.Client, body: bytes
) -> None:
    stub.serve("48300", Answer(body))
    assert client.get("48300?limit=1").content == body


def test_a_page_keeps_the_bytes_of_every_value_in_the_answer(stub: Stub, client: httpx.Client) -> None:
    whole = b'{"a": [1.0, "\\u00e9"], "simulation_results": [{}, { "x":1e2 }, 3], "b": -0}'
    stub.serve("48300", Answer(whole))
    page = client.get("48300?limit=1&offset=1").content
    assert page == b'{"a":[1.0, "\\u00e9"],"simulation_results":[{ "x":1e2 }],"b":-0}'


STATUS, FIRST, SECOND = "limit=1", "limit=100&offset=0", "limit=100&offset=100"


@pytest.mark.parametrize(
    ("queries", "states"),
    [
        ([STATUS, STATUS, STATUS], [0, 1, 2]),
        ([STATUS, FIRST, SECOND, STATUS, FIRST], [0, 0, 0, 1, 1]),
        ([FIRST, SECOND, FIRST, SECOND], [0, 0, 1, 1]),
        ([FIRST, SECOND, SECOND, SECOND], [0, 0, 1, 2]),
        ([SECOND, FIRST], [0, 0]),
        (["", FIRST, "limit=3"], [0, 1, 1]),
        ([FIRST, SECOND, STATUS], [0, 0, 1]),
        ([FIRST] * 6, [0, 1, 2, 3, 3, 3]),
    ],
    ids=["polls", "pages", "reads", "the last page again", "any order", "limits", "a poll", "the end"],
)
def test_each_complete_read_of_a_run_advances_the_run_to_its_next_state(
    stub: Stub, client: httpx.Client, queries: list[str], states: list[int]
) -> None:
    stub.serve("48300", *(Answer.json({"state": number, "simulation_results": []}) for number in range(4)))
    assert [client.get(f"48300?{each}").json()["state"] for each in queries] == states


def test_all_pages_of_a_read_come_from_the_same_answer(stub: Stub, client: httpx.Client) -> None:
    stub.serve("48300", Answer(status=503), numbered(101), numbered(102))
    assert [client.get(f"48300?offset={offset}").status_code for offset in (0, 100)] == [503, 503]
    lengths = [len(ids(client.get(f"48300?offset={offset}"))) for offset in (0, 100, 0, 100)]
    assert lengths == [100, 1, 100, 2]


def test_answers_for_one_offset_do_not_change_other_pages(stub: Stub, client: httpx.Client) -> None:
    stub.serve(PAGED.run_id, Answer(b"no", 502), numbered(3), offset=100)
    assert client.get(f"{PAGED.run_id}?offset=100").status_code == 502
    assert ids(client.get(f"{PAGED.run_id}?offset=100")) == [0, 1, 2]
    assert ids(client.get(f"{PAGED.run_id}?offset=100&limit=2")) == [0, 1]
    assert len(ids(client.get(f"{PAGED.run_id}?offset=200"))) == 50
    stub.serve(PAGED.run_id, numbered(101))
    assert ids(client.get(f"{PAGED.run_id}?offset=100")) == [100]


@pytest.mark.parametrize("query", ["limit=1", "offset=200", "limit=x"])
def test_a_stub_without_pagination_ignores_limit_and_offset(
    stub: Stub, client: httpx.Client, query: str
) -> None:
    stub.pages = False
    assert client.get(f"{PAGED.run_id}?{query}").content == PAGED.bodies[0]
