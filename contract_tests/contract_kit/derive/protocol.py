"""Mutants that break HTTP: the status, the content type, the headers, or a missing body."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial

from attrs import evolve, field, frozen

from contract_kit.read.operations import Documented

from .model import Response

UNDOCUMENTED = ((202, 206, 203), (418, 409, 400), (500, 503, 502))
"""Candidate statuses: from each group, the first status that the operation doesn't document is sent."""

_HTML = b"<!doctype html><title>Just a moment</title>"


@frozen
class Disturbance:
    """A way to break the parts of the contract that concern HTTP.

    Attributes:
        name: Distinguishes the disturbance from others of the same response.
        disturb: Returns the response to send instead of a valid response; returns the valid response itself
            if the disturbance doesn't apply.
        breaks: What is wrong with the result.
        kind: The name of the disturbance's kind; empty if the disturbance's name determines the kind.
        is_legal: Whether the document allows the result.
    """

    name: str
    disturb: Callable[[Response], Response] = field(repr=False)
    breaks: str
    kind: str = ""
    is_legal: bool = False


def disturbances(documented: Documented) -> Iterator[Disturbance]:
    """Yield each way to disturb a documented response."""
    for name in documented.required_headers:
        yield Disturbance(
            f"no-header-{name.lower()}", partial(_without_header, name=name), f"has no header {name}"
        )
    if documented.schema is None:
        return
    yield from of_types(documented, {"html": "text/html", "text": "text/plain"})
    yield Disturbance("content-type-none", partial(with_type, kind=None), "has no content type")
    yield Disturbance("truncated", truncated, "ends in the middle")
    yield Disturbance("not-json", partial(evolve, body=_HTML), "has a body that is an HTML page")
    yield Disturbance("empty", partial(evolve, body=b""), "has an empty body")


def of_types(documented: Documented, types: Mapping[str, str]) -> Iterator[Disturbance]:
    """Yield a disturbance for each content type. Types that a range in the document allows are legal."""
    for name, kind in types.items():
        if kind not in documented.content_types:
            is_legal = any(fnmatchcase(kind, each) for each in documented.content_types)
            change, breaks = partial(with_type, kind=kind), f"has the content type {kind}"
            named = "legal content-type" if is_legal else ""
            yield Disturbance(f"content-type-{name}", change, breaks, named, is_legal)


def undocumented_statuses(labels: list[str]) -> Iterator[Disturbance]:
    """Yield disturbances that give a valid response a status that the operation doesn't document."""
    if "default" in labels:
        return
    for statuses in UNDOCUMENTED:
        free = [each for each in statuses if str(each) not in labels]
        if free and f"{free[0] // 100}XX" not in [label.upper() for label in labels]:
            breaks = f"has the undocumented status {free[0]}"
            kind = "status success" if free[0] < 300 else ""
            yield Disturbance(f"status-{free[0]}", partial(evolve, status=free[0]), breaks, kind)


def with_type(valid: Response, kind: str | None) -> Response:
    """Return a response with another content type; None removes the header."""
    without = _without_header(valid, "content-type")
    return evolve(without, headers={**without.headers, "Content-Type": kind}) if kind else without


def has_an_end(body: bytes) -> bool:
    """Whether truncating a JSON document makes it invalid; a number with fewer digits is still a number."""
    return body.endswith((b"}", b"]", b'"'))


def truncated(valid: Response) -> Response:
    """Return a response with half of its body, or with all of it if half of it may be valid JSON."""
    body = valid.body
    return evolve(valid, body=body[: len(body) // 2]) if has_an_end(body) and len(body) > 2 else valid


def _without_header(valid: Response, name: str) -> Response:
    kept = {key: value for key, value in valid.headers.items() if key.lower() != name.lower()}
    return evolve(valid, headers=kept)
