"""Mutants that break HTTP: wrong statuses, content types, headers and transfers, or missing bodies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from attrs import evolve, field, frozen

from contract_kit.prove.proving import Part, prove_invalid
from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.operations import Documented

from .exchange import Response, Transfer
from .keyword_changes import changes
from .operators import operator_of
from .places import Change, places
from .strictness import Strictness
from .styles import written

UNDOCUMENTED = ((202, 206, 203), (418, 409, 400), (500, 503, 502))
"""Three groups of statuses. The kit sends the first status in each group that isn't documented."""

VALID, ERROR_WITH_SUCCESS = "valid-response", "error-with-success"
_LONGEST_HEADER = 1_000
"""The maximum length of a header value; many clients reject longer headers."""
_ERROR = b'{"error": {"code": "internal", "message": "Something went wrong."}}'
_HTML = b"<!doctype html><title>Just a moment</title>"
_NO_CONTENT = 204
_TRANSFERS = {
    "no-response": (Transfer.NOTHING, "never arrives, because the connection closes"),
    "cut": (Transfer.CUT, "ends in the middle of the body, because the connection closes"),
    "no-last-chunk": (Transfer.NO_LAST_CHUNK, "ends before the last chunk, because the connection closes"),
    "length-too-long": (Transfer.LENGTH_TOO_LONG, "has a Content-Length that is larger than its body"),
    "length-too-short": (Transfer.LENGTH_TOO_SHORT, "has a Content-Length that is smaller than its body"),
}
"""Each fault injection's name, how the body is sent, and what is wrong with the response."""


@frozen
class FaultInjection:
    """A way to break the parts of the contract that concern HTTP.

    Attributes:
        operator: The name of the mutation operator.
        inject: Returns the response to send in place of a valid response, or the valid response itself if the
            fault injection doesn't apply to it.
        breaks: What is wrong with the result.
        parameter: A label that distinguishes the fault injection from the operator's other fault injections.
        is_legal: Whether the document allows the result.
    """

    operator: str
    inject: Callable[[Response], Response] = field(repr=False)
    breaks: str
    parameter: str = ""
    is_legal: bool = False

    @property
    def name(self) -> str:
        """The operator and its parameter, as they appear in ids."""
        return "=".join(filter(None, [self.operator, self.parameter]))


def valid_response(documented: Documented) -> FaultInjection:
    """Return the fault injection that leaves a documented response unchanged."""
    kind = documented.content_type
    breaks = f"has status {documented.status} and {f'content type {kind}' if kind else 'no body'}"
    return FaultInjection(VALID, lambda valid: valid, breaks, is_legal=True)


def fault_injections(documented: Documented) -> Iterator[FaultInjection]:
    """Yield each way to inject a fault into a documented response."""
    for each in documented.headers:
        if each.is_required:
            without = partial(_without_header, name=each.name)
            yield FaultInjection("no-header", without, f"has no header {each.name}", each.name.lower())
    if documented.schema is None:
        return
    yield from of_types(documented, {"html": "text/html", "text": "text/plain"})
    yield FaultInjection("content-type-none", partial(with_type, kind=None), "has no content type")
    yield FaultInjection("truncated", truncated, "has a truncated body")
    yield FaultInjection("not-json", partial(evolve, body=_HTML), "has an HTML page as its body")
    yield FaultInjection("empty", partial(evolve, body=b""), "has an empty body")


def of_types(documented: Documented, types: Mapping[str, str]) -> Iterator[FaultInjection]:
    """Yield a fault injection for each undocumented content type.

    A type that matches a documented range, such as `text/*`, is legal.
    """
    for name, kind in types.items():
        if kind not in documented.content_types:
            is_legal = any(fnmatchcase(kind, each) for each in documented.content_types)
            change, breaks = partial(with_type, kind=kind), f"has content type {kind}"
            operator = "content-type-in-range" if is_legal else "content-type"
            yield FaultInjection(operator, change, breaks, name, is_legal)


def undocumented_statuses(labels: list[str]) -> Iterator[FaultInjection]:
    """Yield fault injections that replace a valid response's status with an undocumented one."""
    if "default" in labels:
        return
    for statuses in UNDOCUMENTED:
        free = [each for each in statuses if str(each) not in labels]
        if free and f"{free[0] // 100}XX" not in [label.upper() for label in labels]:
            breaks = f"has the undocumented status {free[0]}"
            operator = "status-success" if free[0] < 300 else "status"
            yield FaultInjection(operator, partial(evolve, status=free[0]), breaks, str(free[0]))


def with_type(valid: Response, kind: str | None) -> Response:
    """Replace a response's content type, or remove the header if the new type is None."""
    without = _without_header(valid, "content-type")
    return evolve(without, headers={**without.headers, "Content-Type": kind}) if kind else without


def has_an_end(body: bytes) -> bool:
    """Whether a JSON document becomes invalid if it is truncated. A truncated number is still a number."""
    return body.endswith((b"}", b"]", b'"'))


def truncated(valid: Response) -> Response:
    """Return a response with half of its body, or with the entire body if the half might be valid JSON."""
    body = valid.body
    return evolve(valid, body=body[: len(body) // 2]) if has_an_end(body) and len(body) > 2 else valid


def _without_header(valid: Response, name: str) -> Response:
    kept = {key: value for key, value in valid.headers.items() if key.lower() != name.lower()}
    return evolve(valid, headers=kept)


def injections_into_transfer(*, has_body: bool) -> Iterator[FaultInjection]:
    """Yield each way to transfer a response incorrectly, either every time or only the first time."""
    for name, (transfer, breaks) in _TRANSFERS.items():
        if has_body or transfer is Transfer.NOTHING:
            yield FaultInjection(name, partial(_sent, transfer=transfer), breaks)
    yield FaultInjection(
        "503-then-valid", _unavailable, "has status 503 the first time and is valid the next time"
    )
    if has_body:
        for name, change, breaks in (
            ("cut-then-valid", partial(_sent, transfer=Transfer.CUT), "is cut off the first time"),
            ("truncated-then-valid", truncated, "has a truncated body the first time"),
        ):
            yield FaultInjection(name, partial(_once, change=change), f"{breaks} and is valid the next time")


def error_with_success(error: bytes | None, allows: Callable[[Any], bool]) -> FaultInjection:
    """Return the fault injection that sends an error's body with a success status.

    Args:
        error: The documented error body, if any.
        allows: Takes a body, and returns whether the document allows it for a success. If so, the result
            isn't a fault.
    """
    body = error or _ERROR

    def inject(valid: Response) -> Response:
        return valid if allows(json.loads(body)) else evolve(valid, body=body)

    return FaultInjection(ERROR_WITH_SUCCESS, inject, "has a success status and an error body")


CURSOR_REPEATED = FaultInjection(
    "cursor-repeated", partial(evolve, last_page=None), "has the same cursor on each page", is_legal=True
)


def _with_content(valid: Response) -> Response:
    """Return a 204 response that has a body: the valid response's body, or `{}` if that is empty."""
    body = valid.body or b"{}"
    return evolve(valid, status=_NO_CONTENT, body=body, transfer=Transfer.UNEXPECTED)


CONTENT_AFTER_204 = FaultInjection("204-with-content", _with_content, "has status 204 and a body")


def _sent(valid: Response, transfer: Transfer) -> Response:
    is_unreadable = transfer is not Transfer.LENGTH_TOO_SHORT or has_an_end(valid.body)
    return evolve(valid, transfer=transfer) if is_unreadable else valid


def _once(valid: Response, change: Callable[[Response], Response]) -> Response:
    broken = change(valid)
    return broken if broken == valid else evolve(broken, then=valid)


def _unavailable(valid: Response) -> Response:
    return Response(503, {"Retry-After": "0"}, b"", then=valid)


def broken_headers(
    validators: Validators, documented: Documented, values: Mapping[str, str]
) -> Iterator[FaultInjection]:
    """Yield the fault injections that break a header's schema, each confirmed by two validators."""
    for header in documented.headers:
        if header.schema is not None and "schema" in header.described:
            yield from _broken(validators, header.name, header.schema, values[header.name])


def _broken(validators: Validators, name: str, node: Node, valid: str) -> Iterator[FaultInjection]:
    values = [each for each in _readings(valid) if validators.is_valid(node, each)]
    seen = {valid}
    for place in places(validators, node, values[0]) if values else ():
        for change in changes(validators, place):
            text = _text(name, change.value)
            label = "-".join(filter(None, [name.lower(), change.operator, change.parameter]))
            if text is None or {text, label} & seen or not _is_wrong(validators, node, change, text):
                continue
            seen |= {text, label}
            weaker = operator_of(change.operator, change.keyword).strictness is Strictness.MAY
            breaks = f"has a header {name} that {change.breaks}"
            set_it = partial(_with_header, name=name, value=text)
            yield FaultInjection(change.operator if weaker else "header", set_it, breaks, label)


def _is_wrong(validators: Validators, node: Node, change: Change, text: str) -> bool:
    """Whether a changed header is invalid, and breaks the keyword that the change should break.

    A header's text can represent several values, such as the string "7" and the number 7. Both validators
    must reject every value.
    """
    readings = _readings(text)
    if change.value not in readings:
        return False
    if prove_invalid(validators, Part([node], change.value), change.keyword).doubt:
        return False
    second = validators.second(node)
    return not any(validators.is_valid(node, each) or second.is_valid(each) for each in readings)


def _text(name: str, value: Any) -> str | None:
    """Return a value as header text, or None if no header can contain it."""
    if isinstance(value, list | dict):
        return None
    text = written({"in": "header", "name": name}, value)
    is_kept = text.isascii() and text.isprintable() and text == text.strip()
    return text if is_kept and len(text) <= _LONGEST_HEADER else None


def _readings(text: str) -> list[Any]:
    """Return the values that a header's text can represent: the text itself, or a number, boolean or null."""
    try:
        value = json.loads(text)
    except ValueError:
        return [text]
    return [text] if isinstance(value, list | dict | str) else [value, text]


def _with_header(valid: Response, name: str, value: str) -> Response:
    return evolve(valid, headers={**valid.headers, name: value})
