"""Pages: which properties are cursors, and how the requests of a client that follows them end."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Response
from contract_kit.derive.pages import NEXT, TOKEN, cursors, linked
from contract_kit.judge.client_run import run_client
from contract_kit.serve.server import KitServer

from .documents import answering, catalogue, json_response, mutants_of, openapi
from .fakes import Write

TEXT, OR_NULL, NUMBER = {"type": "string"}, {"type": ["string", "null"]}, {"type": ["integer", "null"]}
FLAG, URI = {"type": "boolean"}, {"type": "string", "format": "uri", "example": "https://example.com/?page=2"}
ITEMS = {"type": "array", "items": {"type": "object", "properties": {"id": TEXT}}}


def of(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object that requires each property whose name ends with an underscore."""
    named = {name.rstrip("_"): schema for name, schema in properties.items()}
    required = [name.rstrip("_") for name in properties if name.endswith("_")]
    return {"type": "object", "properties": named, "required": required}


def pages(body: dict[str, Any], **more: Any) -> Catalogue:
    """Return the mutants of a list whose query parameters are `cursor`, `position` and `limit`."""
    schemas = {"cursor": TEXT, "position": TEXT, "limit": {"type": "integer"}}
    parameters = [{"name": name, "in": "query", "schema": schema} for name, schema in schemas.items()]
    return catalogue(openapi(answering({"200": json_response(body, **more)}, parameters=parameters)))


def valid_pages(found: Catalogue) -> tuple[Any, Any]:
    """Return the first page, and the last page without its list; None if there is no last page."""
    first = found.valid(found.operations[0])
    if (last := first.last_page) is None:
        return json.loads(first.body), None
    return json.loads(first.body), {k: v for k, v in json.loads(last.body).items() if k != "items"}


@pytest.mark.parametrize(
    "page",
    [
        *(
            {name: "x"}
            for name in ("next", "nextPageToken", "next_cursor", "page_token", "continuation_token")
        ),
        *({name: "x"} for name in ("@odata.nextLink", "cursor", "position", "after")),
        {"next_page": 2},
        {"has_more": True},
        {"meta": {"next": "x"}},
        {"data": {"paging": {"after": "x"}}},
        {"_links": {"next": {"href": "x"}}},
    ],
    ids=str,
)
def test_a_cursor_is_named_like_a_query_parameter_or_has_a_usual_name(page: Any) -> None:
    assert len(cursors({"items": [], **page}, ["position"])) == 1
    assert cursors(page, ["position"]) == [], "a body without a list isn't a page"


@pytest.mark.parametrize(
    "page",
    [
        {"next": None},
        {"next": {"id": "x"}},
        {"position": 2},
        {"position": "x", "a": 1, "b": 2, "c": 3, "d": 4},
        {"has_more": False},
        {"next_billing_date": "x"},
        {"items": [{"next": "x"}]},
        {"a": {"b": {"c": {"next": "x"}}}},
    ],
    ids=str,
)
def test_another_property_is_no_cursor(page: Any) -> None:
    assert cursors({"items": [], **page}, ["position"]) == []


def test_a_parameter_names_a_cursor_only_if_no_property_has_a_usual_name() -> None:
    assert cursors({"items": [], "position": "x", "next": "y"}, ["position"]) == [("next",)]


@pytest.mark.parametrize(
    ("schema", "first", "last"),
    [
        (of(cursor=OR_NULL), {"cursor": TOKEN}, {"cursor": None}),
        (of(cursor=TEXT), {"cursor": TOKEN}, {}),
        (of(cursor_=TEXT), {"cursor": TOKEN}, {"cursor": ""}),
        (of(cursor_=TEXT | {"minLength": 1}), {"cursor": TOKEN}, None),
        (of(next_page=NUMBER), {"next_page": 1}, {"next_page": None}),
        (of(has_more=FLAG, cursor=TEXT), {"has_more": True, "cursor": TOKEN}, {"has_more": False}),
        (of(next=URI), {"next": NEXT}, {}),
        (of(next=TEXT | {"maxLength": 6}), {"next": TOKEN}, {}),
        (of(_links=of(next=of(href_=TEXT))), {"_links": {"next": {"href": NEXT}}}, {"_links": {}}),
        (of(position=TEXT), {"position": TOKEN}, {}),
        (of(total=NUMBER), {"total": 1}, None),
    ],
)
def test_the_last_page_has_no_cursor_as_far_as_the_schema_allows_this(
    schema: dict[str, Any], first: Any, last: Any
) -> None:
    schema["properties"] = {"items": ITEMS, **schema["properties"]}
    found = valid_pages(pages(schema))
    assert found == ({"items": [{"id": "text"}], **first}, last)


def test_the_url_in_an_example_is_replaced_because_it_leads_to_the_real_service() -> None:
    example = {"items": [{"id": "7"}], "next": "https://example.com/things?cursor=abc"}
    assert valid_pages(pages(of(items=ITEMS, next=TEXT), example=example))[0] == {**example, "next": NEXT}


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
"""A client that sends the cursor back until it is null or empty."""
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
def test_a_client_that_follows_pages_accepts_the_valid_response(
    client: Write, schema: dict[str, Any], follows: str
) -> None:
    assert run_client(pages(schema), client(follows), sample=1).controls == ()


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
def test_a_valid_response_to_a_query_that_has_its_cursor_is_the_last_page(
    running: KitServer, query: str, cursor: str | None
) -> None:
    assert fetch(f"{running.url}/thing{query}")["next_cursor"] == cursor


def test_the_page_after_a_mutant_is_the_valid_last_page(running: KitServer) -> None:
    first, last = {"items": [7], "next_cursor": TOKEN}, {"items": [{"id": "text"}], "next_cursor": None}
    broken = mutants_of(pages(PAGE), ":type=integer:/items/*")[0]
    with running.offer(broken) as offer:
        bodies = [fetch(f"{offer.url}/thing{query}") for query in ("", f"?cursor={TOKEN}", "")]
    assert bodies == [first, last, first]


def test_a_page_can_be_followed_after_a_retry(running: KitServer) -> None:
    [late] = mutants_of(pages(PAGE), ":truncated-then-valid")
    with running.offer(late) as offer:
        httpx.get(f"{offer.url}/thing", trust_env=False)
        bodies = [fetch(f"{offer.url}/thing{query}") for query in ("", f"?cursor={TOKEN}")]
    assert [each["next_cursor"] for each in bodies] == [TOKEN, None]


def test_a_query_that_the_client_sent_first_is_not_the_cursor_of_its_response(running: KitServer) -> None:
    found = pages(PAGE)
    [control] = [found.control(each) for each in found.operations]
    with running.offer(control) as offer:
        bodies = [fetch(f"{offer.url}/thing?cursor={TOKEN}{more}") for more in ("", "", f"&after={TOKEN}")]
    assert [each["next_cursor"] for each in bodies] == [TOKEN, TOKEN, None]


def test_the_url_of_the_next_page_leads_back_to_the_request_that_the_server_got() -> None:
    found = pages(of(items=ITEMS, next=URI))
    [control] = [found.control(each) for each in found.operations]
    with KitServer(found) as server, server.offer(control) as offer:
        for query, following in (("", f"?cursor={TOKEN}"), ("?limit=1", f"?limit=1&cursor={TOKEN}")):
            assert fetch(f"{offer.url}/thing{query}")["next"] == f"{offer.url}/thing{following}"


def test_a_hostile_url_does_not_break_the_body() -> None:
    served = linked(Response(200, {}, json.dumps({"next": NEXT}).encode()), 'http://"\\/')
    assert json.loads(served.body)["next"].startswith('http://"\\/?')
