"""Mutants of HTTP itself: the status, the content type, the headers, and the body as bytes."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from .model import Response
from .operations import Documented

UNDOCUMENTED = ((202, 206, 203), (418, 409, 400), (500, 503, 502))
"""Statuses, of which the first that no response of the operation describes is sent."""

_HTML = b"<!doctype html><title>Just a moment</title>"


@frozen
class Disturbance:
    """A response that breaks HTTP's side of the contract.

    Attributes:
        name: What tells it from others of the same response.
        response: The response.
        breaks: What is wrong.
    """

    name: str
    response: Response
    breaks: str


def disturbances(documented: Documented, valid: Response) -> Iterator[Disturbance]:
    """Yield each way to disturb a valid response of a documented kind."""
    for name in documented.required_headers:
        headers = {key: value for key, value in valid.headers.items() if key != name}
        response = evolve(valid, headers=headers)
        yield Disturbance(f"no-header-{name.lower()}", response, f"has no header {name}")
    if documented.schema is None:
        return
    for name, kind in (("html", "text/html"), ("text", "text/plain"), ("none", None)):
        breaks = f"has the content type {kind}" if kind else "has no content type"
        yield Disturbance(f"content-type-{name}", _with_type(valid, kind), breaks)
    if len(valid.body) > 2:
        yield Disturbance(
            "truncated", evolve(valid, body=valid.body[: len(valid.body) // 2]), "ends in the middle"
        )
    yield Disturbance("not-json", evolve(valid, body=_HTML), "has a body that is an HTML page")
    yield Disturbance("empty", evolve(valid, body=b""), "has an empty body")


def undocumented_statuses(labels: list[str], valid: Response) -> Iterator[Disturbance]:
    """Yield a valid response under statuses that no response of an operation describes."""
    if "default" in labels:
        return
    for statuses in UNDOCUMENTED:
        free = [each for each in statuses if str(each) not in labels]
        if free and f"{free[0] // 100}XX" not in [label.upper() for label in labels]:
            response = evolve(valid, status=free[0])
            yield Disturbance(f"status-{free[0]}", response, f"has the undocumented status {free[0]}")


def _with_type(valid: Response, kind: str | None) -> Response:
    headers = {key: value for key, value in valid.headers.items() if key.lower() != "content-type"}
    return evolve(valid, headers=headers | ({"Content-Type": kind} if kind else {}))
