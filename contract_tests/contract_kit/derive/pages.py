"""Finds and follows the cursors in a body, and makes the last page, which ends a client's requests.

A cursor leads from one page of a list to the next: a token that the client sends back, or the next page's
URL. In valid bodies, the kit sets cursors to values of its own. Otherwise, a URL from an example would lead
to the real service, and a request might already contain the cursor that its response returns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import parse_qsl

from attrs import evolve

from contract_kit.read.paths import Path, at, paths, replaced, without

from .exchange import Response
from .model import Operation

TOKEN = "page-2"  # noqa: S105 - a cursor, not a secret
"""The cursor in valid bodies, if their schema allows it."""
_FOLLOWED = f"cursor={TOKEN}"
NEXT = f"http://127.0.0.1/?{_FOLLOWED}"
"""The URL of the next page in valid bodies; the server replaces it with one that leads to itself."""
_LINKED = re.compile(rf"URL[^\s\"\\]*?{_FOLLOWED}")

_LINKS = {"next", "nextpage", "odatanextlink"} | {
    f"next{page}{link}" for page in ("", "page") for link in ("href", "link", "uri", "url")
}
_CURSORS = _LINKS | {
    *("after", "bookmark", "continuation", "continue", "continuationtoken", "cursor", "endcursor", "lastid"),
    *("marker", "nextcursor", "nextid", "nextkey", "nextmarker", "nextoffset", "nextpagecursor"),
    *("nextpagetoken", "nexttoken", "pagetoken", "paginationtoken", "scrollid", "startingafter"),
}
_HREF = "href"
_FLAGS = {"hasmore", "hasmoreresults", "hasnext", "hasnextpage", "more"}
"""Names of boolean properties that are true if another page follows."""
_DEEPEST = 3
"""The maximum length of a cursor's path: `/data/meta/next`."""
_LARGEST = 5
"""The maximum number of properties of a body in which a property with the same name as a parameter is a
cursor. In a larger body, such a property is usually something to filter by, such as a resource's name."""

_IsLegal = Callable[[Any], bool]


def cursors(body: Any, parameters: Collection[str] = (), *, any_type: bool = False) -> list[Path]:
    """Return the paths of the cursors in a page, which is a body that contains a list.

    If a small body has no property with a usual name, a string property with the same name as a query
    parameter is a cursor. With `any_type`, a property with a usual name is a cursor even if it is neither a
    string nor an integer.
    """
    if not isinstance(body, dict) or not _has_list(body):
        return []
    if (found := [*_inside(body, (), any_type)]) or len(body) > _LARGEST:
        return found
    return [(key,) for key, value in body.items() if isinstance(value, str) and key in parameters]


def with_own_cursors(body: Any, parameters: Collection[str], is_legal: _IsLegal) -> Any:
    """Return a valid body whose cursors, as far as this is legal, are `TOKEN` or `NEXT`.

    A page without items and without a cursor to follow is the last page.
    """
    found = cursors(body, parameters)
    if all(at(body, path) is True for path in found) and not _has_list(body, with_items=True):
        return last_page(body, parameters, is_legal)
    for path in found:
        if isinstance(text := at(body, path), str):
            is_link = _plain(path[-1]) in {*_LINKS, _HREF} or "://" in text
            changed = (replaced(body, path, each) for each in ((NEXT, TOKEN) if is_link else (TOKEN,)))
            body = next(filter(is_legal, changed), body)
    return body


def last_page(body: Any, parameters: Collection[str], is_legal: _IsLegal) -> Any:
    """Return a page without its cursors: each is null or absent, or empty if the schema allows neither."""
    for path in cursors(body, parameters):
        body = next(filter(is_legal, _without_next(body, path)), body)
    return body


def _without_next(body: Any, path: Path) -> Iterator[Any]:
    if at(body, path) is True:
        yield replaced(body, path, False)
        return
    whole = path[:-1] if path[-1] == _HREF else path
    yield replaced(body, whole, None)
    yield without(body, whole)
    yield replaced(body, path, "")


def following(
    response: Response, operation: Operation, query: str, first: str | None = None
) -> Response | None:
    """Return the last page if a query carries a cursor from a response; otherwise None.

    A value that was already in the client's first query isn't a cursor from the response. If the first query
    is unknown, it is taken to be the query of the operation's valid request.
    """
    own = operation.request.path.partition("?")[2] if first is None else first
    new = {value for _, value in {*parse_qsl(query)} - {*parse_qsl(own)}}
    if not new or not response.last_page:
        return None
    parameters = operation.request.parameters.get("query", ())
    is_followed = any(TOKEN in value for value in new) or not new.isdisjoint(_sent_back(response, parameters))
    return response.last_page if is_followed else None


def linked(response: Response, url: str) -> Response:
    """Return a response in which `NEXT` is replaced by the request's URL, with `TOKEN` in its query.

    Parts of the query that already contain `TOKEN` are dropped. Otherwise, a URL that the client sends back
    as a token would grow from page to page and never repeat.
    """
    if NEXT.encode() not in response.body:
        return response
    first, _, query = url.partition("?")
    kept = [each for each in query.split("&") if each and TOKEN not in each]
    written = json.dumps(f"{first}?{'&'.join([*kept, _FOLLOWED])}")[1:-1]
    return evolve(response, body=response.body.replace(NEXT.encode(), written.encode()))


def unlinked(text: str, url: str) -> str:
    """In a client's text, replace each link that `linked` wrote with `NEXT`, and the bare URL with `URL`."""
    return _LINKED.sub(NEXT, text.replace(url, "URL"))


def _sent_back(response: Response, parameters: Collection[str]) -> set[str]:
    """Return the values that a client may send to get the next page, even if a cursor has the wrong type."""
    try:
        body = json.loads(response.body)
    except ValueError:
        return set()
    found: set[str] = set()
    for path in cursors(body, parameters, any_type=True):
        value = at(body, path)
        # If the body shows only that another page follows, a client sends the last item's id.
        found.update([json.dumps(value)], _texts(body if value is True else value))
    return found


def _inside(value: dict[str, Any], path: Path, any_type: bool) -> Iterator[Path]:
    for key, inner in value.items():
        here, name = (*path, key), _plain(key)
        is_text = any_type or (isinstance(inner, str | int) and not isinstance(inner, bool))
        if (is_text and name in _CURSORS) or (inner is True and name in _FLAGS):
            yield here
        elif isinstance(inner, dict) and name in _LINKS and isinstance(inner.get(_HREF), str):
            yield (*here, _HREF)
        elif isinstance(inner, dict) and len(here) < _DEEPEST:
            yield from _inside(inner, here, any_type)


def _plain(name: Any) -> str:
    return re.sub("[^a-z]", "", str(name).lower())


def _has_list(value: Any, *, with_items: bool = False) -> bool:
    if isinstance(value, dict):
        return any(_has_list(inner, with_items=with_items) for inner in value.values())
    return isinstance(value, list) and (bool(value) or not with_items)


def _texts(value: Any) -> set[str]:
    return {str(at(value, path)) for path in paths(value)}
