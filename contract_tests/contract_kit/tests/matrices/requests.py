"""Tables of the requests that the kit builds: each style of a parameter, and whole operations."""

import json
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from contract_kit.derive.styles import written

from ..documents import catalogue, gaps, openapi
from .texts import Case, escaped

STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
VALUES: list[Any] = ["a b/é&", "", 7, True, None, [1, "x,y", False], [], {"a": 1, "b c": "d", "e": [2]}, {}]


def styles() -> list[Case]:
    """Return every place of a parameter, with each style that it can have there."""
    given = [(place, style) for place, names in STYLES.items() for style in (*names, "")]
    explodes = ("", " explode", " no explode")
    cases = [f"{place} {style}{explode}" for (place, style), explode in product(given, explodes)]
    described = [f"{place} {kind}" for place in STYLES for kind in ("application/json", "text/plain")]
    return [Case("each style", each.replace("  ", " ").strip()) for each in cases + described]


def parameters(cases: Iterable[Case]) -> Iterator[str]:
    """Yield each value of a parameter in a request."""
    for case in cases:
        place, *words = case.text.split(" ")
        described: dict[str, Any] = {"in": place, "name": "p q"}
        if "explode" in words:
            described["explode"] = "no" not in words
        for word in words:
            if "/" in word:
                described["content"] = {word: {}}
            elif word in STYLES[place]:
                described["style"] = word
        yield "\n".join(["", *(f"{value!r}: {written(described, value)!r}" for value in VALUES)])


def requests(cases: Iterable[Case]) -> Iterator[str]:
    """Yield the request for each operation, and why there is none: `VERSION {PATHS}`."""
    for case in cases:
        version, _, paths = case.text.partition(" ")
        found = catalogue(openapi(json.loads(paths), version))
        lines = [f"no mutants: {each.where}: {each.reason}" for each in gaps(found)]
        for each in found.operations:
            request = each.request
            lines += [f"{each.id}: {request.method} {request.path}", f"headers {dict(request.headers)}"]
            lines += [f"body {escaped(request.body)}"] if request.body is not None else []
            given = {place: dict(values) for place, values in request.parameters.items() if values}
            lines += [f"arguments {dict(request.arguments)}", *([f"parameters {given}"] if given else [])]
        yield "\n".join(["", *lines])
