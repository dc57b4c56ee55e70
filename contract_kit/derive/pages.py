"""Finds and follows the cursors in a body, and makes the last page, after which a client stops.

A cursor leads from one page of a list to the next. It is either a token that the client sends back, or the
next page's URL. In valid bodies, the kit replaces the cursors with its own, because a URL in an example would
lead to the real service, and a request might already contain the cursor that its response returns.
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
"""The token used as a cursor in valid bodies, if their schema allows it."""
_FOLLOWED = f"cursor={TOKEN}"
NEXT = f"http://127.0.0.1/?{_FOLLOWED}"
"""The next page's URL in valid bodies. The kit's server replaces it with a URL that leads to the server."""
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
"""Names of boolean properties that are true if there is another page."""
_DEEPEST = 3
"""The maximum length of a cursor's path: `/data/meta/next`."""
_LARGEST = 5
"""In a body with more properties than this, a property with the same name as a parameter isn't considered a
cursor, because the parameter is usually a filter, such as a resource's name."""

_IsLegal = Callable[[Any], bool]


def cursors(body: Any, parameters: Collection[str] = (), *, any_type: bool = False) -> list[Path]:
    """Return the paths of the cursors in a page, which is a body that contains a list.

    If a small body has no property with a usual cursor name, a string property with the same name as a query
    parameter is a cursor. With `any_type`, a property with a usual name is a cursor even if its value is
    neither a string nor an integer.
    """
    if not isinstance(body, dict) or not _has_list(body):
        return []
    if (found := [*_inside(body, (), any_type)]) or len(body) > _LARGEST:
        return found
    return [(key,) for key, value in body.items() if isinstance(value, str) and key in parameters]


def with_own_cursors(body: Any, parameters: Collection[str], is_legal: _IsLegal) -> Any:
    """Replace the cursors in a valid body with `TOKEN` or `NEXT` wherever the schema allows it.

    A page without items, and without a cursor to follow, becomes the last page.
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
    """Remove a page's cursors by making each null, absent or empty, whichever the schema allows first."""
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
    """Return the last page if the query contains a cursor from the response, or None otherwise.

    A value that was already in the client's first query isn't a cursor from the response. If the first query
    is unknown, the query of the operation's valid request is used instead.
    """
    own = operation.request.path.partition("?")[2] if first is None else first
    new = {value for _, value in {*parse_qsl(query)} - {*parse_qsl(own)}}
    if not new or not response.last_page:
        return None
    parameters = operation.request.parameters.get("query", ())
    is_followed = any(TOKEN in value for value in new) or not new.isdisjoint(_sent_back(response, parameters))
    return response.last_page if is_followed else None


def linked(response: Response, url: str) -> Response:
    """Replace `NEXT` in a response with the request's URL and a query that contains `TOKEN`.

    Parts of the query that already contain `TOKEN` are dropped. Otherwise, a URL that a client sends back as
    a token would grow with each page and never repeat.
    """
    if NEXT.encode() not in response.body:
        return response
    first, _, query = url.partition("?")
    kept = [each for each in query.split("&") if each and TOKEN not in each]
    written = json.dumps(f"{first}?{'&'.join([*kept, _FOLLOWED])}")[1:-1]
    return evolve(response, body=response.body.replace(NEXT.encode(), written.encode()))


def unlinked(text: str, url: str) -> str:
    """Undo `linked` in text from a client: replace links with `NEXT`, and the bare URL with `URL`."""
    return _LINKED.sub(NEXT, text.replace(url, "URL"))


def _sent_back(response: Response, parameters: Collection[str]) -> set[str]:
    """Return the values that a client might send to get the next page, even if a cursor's type is wrong."""
    try:
        body = json.loads(response.body)
    except ValueError:
        return set()
    found: set[str] = set()
    for path in cursors(body, parameters, any_type=True):
        value = at(body, path)
        # If the body shows only that there is another page, a client sends the last item's id.
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
