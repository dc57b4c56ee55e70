"""Pagination: which properties are cursors, and whether a client that follows cursors stops."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.exchange import Response
from contract_kit.derive.pages import NEXT, TOKEN, linked
from contract_kit.derive.strictness import Strictness
from contract_kit.judge.client_run import run_mutants
from contract_kit.judge.controls import Controls
from contract_kit.judge.verdicts import Verdict
from contract_kit.read.document import Document
from contract_kit.serve.clients import Client
from contract_kit.serve.server import KitServer

from .documents import answering, json_response, mutants_of, openapi
from .fakes import Judge, Write, mutant

TEXT, OR_NULL, NUMBER = {"type": "string"}, {"type": ["string", "null"]}, {"enum": [3, None]}
FLAG, URI = {"type": "boolean"}, {"type": "string", "format": "uri", "example": "https://example.com/?page=2"}
ITEMS = {"type": "array", "items": {"type": "object", "properties": {"id": TEXT}, "required": ["id"]}}


def of(**properties: Any) -> dict[str, Any]:
    """Return an object's schema, in which properties whose names end with an underscore are required."""
    named = {name.rstrip("_"): schema for name, schema in properties.items()}
    required = [name.rstrip("_") for name in properties if name.endswith("_")]
    return {"type": "object", "properties": named, "required": required}


def pages(body: dict[str, Any], strictness: Strictness = Strictness.MUST, **more: Any) -> Catalogue:
    """Return the mutants for a list operation with the query parameters `cursor`, `position` and `limit`."""
    schemas = {"cursor": TEXT, "position": TEXT, "limit": {"type": "integer"}}
    parameters = [{"name": name, "in": "query", "schema": schema} for name, schema in schemas.items()]
    document = openapi(answering({"200": json_response(body, **more)}, parameters=parameters))
    return Catalogue(Document.of(document), strictness)


PAGE = of(items_=ITEMS, next_cursor_=OR_NULL)
FOLLOWS = """\
cursor, items = None, []
while True:
    query = "?cursor=" + urllib.parse.quote(cursor) if cursor else ""
    with urllib.request.urlopen(url + "/thing" + query) as response: page = json.load(response)
    items += page["items"]
    cursor = page["next_cursor"]
    if not cursor: break
"""
"""The code of a client that follows cursors until one is null or empty."""
BY_LINK = """\
link = url + "/thing?limit=1"
while link:
    with urllib.request.urlopen(link) as response: page = json.load(response)
    link = page.get("links", {}).get("next")
"""
BY_ID = """\
query = "?limit=1"
while query:
    with urllib.request.urlopen(url + "/thing" + query) as response: page = json.load(response)
    query = page["has_more"] and "?limit=1&starting_after=" + page["items"][-1]["id"]
"""
BY_NUMBER = """\
number = 0
while number is not None:
    query = f"?limit=1&offset={number}"
    with urllib.request.urlopen(url + "/thing" + query) as response: page = json.load(response)
    number = page["next_offset"]
"""


@pytest.mark.parametrize(
    ("schema", "follows"),
    [
        (PAGE, FOLLOWS),
        (of(items_=ITEMS, links=of(next=URI)), BY_LINK),
        (of(items_={**ITEMS, "minItems": 1}, has_more_=FLAG), BY_ID),
        (of(items_=ITEMS, next_offset_=NUMBER), BY_NUMBER),
    ],
    ids=["by cursor", "by URL", "by the last id", "by number"],
)
def test_a_client_that_follows_pages_accepts_every_valid_body(
    client: Write, schema: dict[str, Any], follows: str
) -> None:
    found = verdicts(pages(schema), ":valid-body=", client(follows), timeout=10)
    assert set(found.values()) == {Verdict.ACCEPTED}


@pytest.fixture
def running() -> Iterator[KitServer]:
    with KitServer(pages(PAGE)) as server:
        yield server


def fetch(url: str) -> Any:
    return httpx.get(url, trust_env=False).json()


@pytest.mark.parametrize(
    ("query", "cursor"),
    [
        ("", TOKEN),
        ("?cursor=other", TOKEN),
        (f"?cursor={TOKEN}", None),
        (f"?page_token={TOKEN}", None),
        (f"?after=http%3A%2F%2Flocalhost%2F%3Fcursor%3D{TOKEN}", None),
    ],
)
def test_a_request_with_the_responses_cursor_gets_the_last_page(
    running: KitServer, query: str, cursor: str | None
) -> None:
    assert fetch(f"{running.url}/thing{query}")["next_cursor"] == cursor


def test_the_page_after_a_mutant_is_the_valid_last_page(running: KitServer) -> None:
    broken = mutants_of(pages(PAGE), ":type=integer:/items/*")[0]
    with running.offer(broken) as offer:
        bodies = [fetch(f"{offer.url}/thing{query}") for query in ("", f"?cursor={TOKEN}", "")]
    assert [7 in each["items"] for each in bodies] == [True, False, True]
    assert [each["next_cursor"] for each in bodies] == [TOKEN, None, TOKEN]


def test_the_next_page_can_be_fetched_after_a_retry(running: KitServer) -> None:
    [late] = mutants_of(pages(PAGE), ":503-then-valid")
    with running.offer(late) as offer:
        httpx.get(f"{offer.url}/thing", trust_env=False)
        bodies = [fetch(f"{offer.url}/thing{query}") for query in ("", f"?cursor={TOKEN}")]
    assert [each["next_cursor"] for each in bodies] == [TOKEN, None]


def test_a_value_in_the_clients_first_query_does_not_count_as_the_responses_cursor(
    running: KitServer,
) -> None:
    found = pages(PAGE)
    [control] = [found.control(each) for each in found.operations]
    with running.offer(control) as offer:
        bodies = [fetch(f"{offer.url}/thing?cursor={TOKEN}{more}") for more in ("", "", f"&after={TOKEN}")]
    assert [each["next_cursor"] for each in bodies] == [TOKEN, TOKEN, None]


def test_the_next_pages_url_extends_the_url_that_the_client_requested() -> None:
    found = pages(of(items=ITEMS, next=URI))
    [control] = [found.control(each) for each in found.operations]
    with KitServer(found) as server, server.offer(control) as offer:
        for query, following in (("", f"?cursor={TOKEN}"), ("?limit=1", f"?limit=1&cursor={TOKEN}")):
            assert fetch(f"{offer.url}/thing{query}")["next"] == f"{offer.url}/thing{following}"


@pytest.mark.parametrize("query", ["?limit=1&", "?"])
def test_a_repeated_page_links_to_its_own_url(query: str) -> None:
    found = pages(of(items=ITEMS, next=URI))
    [repeated] = mutants_of(found, ":cursor-repeated")
    with KitServer(found) as server, server.offer(repeated) as offer:
        url = f"{offer.url}/thing{query}cursor={TOKEN}"
        assert fetch(url)["next"] == url


@pytest.mark.parametrize("name", ["list-of-one:/next", "wrapped", "json-in-text"])
def test_a_link_that_a_client_passes_on_does_not_count_as_altered(client: Write, name: str) -> None:
    subject = client('with urllib.request.urlopen(url + "/thing") as response: return json.load(response)')
    found = pages(of(items_=ITEMS, next=URI))
    assert set(verdicts(found, f":{name}", subject).values()) == {Verdict.PASSED_ON}


def test_a_url_that_a_client_sends_back_as_a_page_token_is_left_unchanged() -> None:
    found = pages(of(items=ITEMS, next=TEXT))
    [repeated] = mutants_of(found, ":cursor-repeated")
    with KitServer(found) as server, server.offer(repeated) as offer:
        url = f"{offer.url}/thing?limit=1"
        first = fetch(url)["next"]
        assert first == f"{url}&cursor={TOKEN}"
        assert fetch(f"{url}&cursor={quote(first, safe='')}")["next"] == first


@pytest.mark.parametrize(
    "name", ["type=integer", "type=number", "type=object", "list-of-one", "false-for-text"]
)
def test_the_next_page_can_be_fetched_with_a_cursor_whose_type_is_wrong(client: Write, name: str) -> None:
    follows = FOLLOWS.replace("quote(cursor)", "quote(str(cursor))")
    assert verdicts(pages(PAGE), f":{name}:/next_cursor", client(follows)) == {
        f"{name}:/next_cursor": Verdict.WRONGLY_ACCEPTED
    }


def test_a_hostile_url_does_not_break_the_body() -> None:
    served = linked(Response(200, {}, json.dumps({"next": NEXT}).encode()), 'http://"\\/')
    assert json.loads(served.body)["next"].startswith('http://"\\/?')


def verdicts(found: Catalogue, part: str, client: Client, timeout: float = 60) -> dict[str, Verdict]:
    """Return the verdict on each mutant whose id contains a text, by id without the operation."""
    results = run_mutants(found, client, mutants_of(found, part), 1, timeout, None, Controls(found))
    assert results.controls == ()
    return {each.mutant.id.partition(":200:")[2]: each.verdict for each in results.all}


ENDLESS = FOLLOWS.replace("if not cursor:", "if cursor is None:").replace("if cursor else", "if items else")
"""The code of a client that also sends back an empty cursor."""
SEEN = FOLLOWS.replace(
    "    if not cursor: break", "    if not cursor or cursor in seen: break\n    seen.add(cursor)"
)
GUARDED = "seen = set()\n" + SEEN
REFUSING = GUARDED.replace(" or cursor in seen: break", ": break\n    if cursor in seen: raise RefusedError")
"""The code of clients that stop, or refuse the page, if a cursor is repeated."""


@pytest.mark.parametrize(
    ("follows", "repeated", "empty"),
    [
        (FOLLOWS, Verdict.HUNG, Verdict.TOLERATED),
        (ENDLESS, Verdict.HUNG, Verdict.HUNG),
        (GUARDED, Verdict.TOLERATED, Verdict.TOLERATED),
        (REFUSING, Verdict.TOLERATED, Verdict.TOLERATED),
    ],
    ids=["no guard", "no guard, and follows an empty cursor", "ends", "refuses"],
)
def test_a_client_that_follows_cursors_in_circles_counts_as_hung(
    client: Write, monkeypatch: pytest.MonkeyPatch, follows: str, repeated: Verdict, empty: Verdict
) -> None:
    monkeypatch.setattr("contract_kit.serve.server.MOST_PAGES", 20)
    assert verdicts(pages(PAGE), ":cursor-", client(follows)) == {
        "cursor-repeated": repeated,
        "cursor-empty:/next_cursor": empty,
    }


@pytest.mark.parametrize(("misleads", "verdict"), [(True, Verdict.HUNG), (False, Verdict.INCONCLUSIVE)])
def test_a_client_that_repeats_a_request_counts_as_hung_only_if_a_cursor_changed(
    client: Write, row: Judge, misleads: bool, verdict: Verdict
) -> None:
    subject = client("read(url)\nread(url)\ntime.sleep(60)")
    assert row(subject, mutant("1", misleads=misleads), timeout=2).verdict is verdict
