"""Selects what to export: the mutants that MSW can express, and the valid responses before them."""

from __future__ import annotations

from binascii import b2a_base64
from collections import defaultdict
from collections.abc import Collection
from typing import Any
from urllib.parse import quote

from attrs import frozen

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.exchange import Response, Transfer
from contract_kit.derive.model import Expect, Mutant, Operation
from contract_kit.derive.requests import path_pattern

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_WITHOUT_BODY = 205
"""The Fetch standard forbids a body with this status. HTTP only forbids servers to send one."""
_TRANSFERS = {
    Transfer.CUT: "a connection that closes in the middle of the body",
    Transfer.NO_LAST_CHUNK: "a connection that closes before the last chunk",
    Transfer.LENGTH_TOO_LONG: "a wrong Content-Length",
    Transfer.LENGTH_TOO_SHORT: "a wrong Content-Length",
    Transfer.UNEXPECTED: "a body after a status that allows none",
}


@frozen
class Served:
    """A response to export.

    Attributes:
        mutant: The mutant, or a control, which is a valid response.
        control: The id of the control that is served before the mutant.
    """

    mutant: Mutant
    control: str

    @property
    def responses(self) -> tuple[Response, ...]:
        """The response to the first request, and the response to later requests if it is different."""
        first = self.mutant.response
        return (first, first.then) if first.then else (first,)

    def described(self) -> dict[str, Any]:
        """Return a JSON object with everything that a test needs to know about the mutant."""
        mutant = self.mutant
        # A client that retries the request gets the valid response, which it may accept.
        expect = Expect.EITHER if mutant.response.then else mutant.expect
        return {
            "id": mutant.id,
            "operation": mutant.operation.id,
            "expect": expect,
            "breaks": mutant.breaks,
            "control": self.control,
        }


@frozen
class LeftOut:
    """A mutant that MSW can't express, and the reason."""

    mutant: Mutant
    reason: str

    def described(self) -> dict[str, Any]:
        """Return the mutant's id and the reason, as a JSON object."""
        return {"id": self.mutant.id, "reason": self.reason}


@frozen
class Selection:
    """The responses to export, with their operations in document order, and the mutants left out."""

    served: tuple[Served, ...]
    left_out: tuple[LeftOut, ...]


def select(catalogue: Catalogue, operations: Collection[str], sample: int | None) -> Selection:
    """Select the mutants to export. See `Catalogue.mutants` for `operations` and `sample`.

    Raises:
        KitError: An operation is unknown, or no operation can be called.
    """
    by_base: dict[tuple[int, str], list[Mutant]] = defaultdict(list)
    order = {each.id: number for number, each in enumerate(catalogue.listed)}
    for mutant in catalogue.mutants(operations, sample):
        by_base[order[mutant.operation.id], mutant.base].append(mutant)
    served, left_out = list[Served](), list[LeftOut]()
    for (_, base), mutants in sorted(by_base.items(), key=lambda each: each[0]):
        control = catalogue.control(mutants[0].operation, base)
        if reason := _reason(control):
            left_out += [LeftOut(each, f"{reason}, in its valid response") for each in mutants]
            continue
        reasons = [(each, _reason(each)) for each in mutants]
        left_out += [LeftOut(each, reason) for each, reason in reasons if reason]
        if kept := [each for each, reason in reasons if not reason]:
            served += [Served(each, control.id) for each in (control, *kept)]
    return Selection(tuple(served), tuple(left_out))


def _reason(mutant: Mutant) -> str:
    method, response = mutant.operation.method, mutant.response
    return obstacle(method, response) or (obstacle(method, response.then) if response.then else "")


def obstacle(method: str, response: Response) -> str:
    """Return the part of a response that MSW can't express, or "" if there is none."""
    if method not in _METHODS:
        return f"the method {method}"
    if not 200 <= response.status < 600 or response.status == _WITHOUT_BODY:
        return f"the status {response.status}"
    if response.transfer not in (Transfer.WHOLE, Transfer.NOTHING):
        return _TRANSFERS[response.transfer]
    is_encoded = any(name.lower() == "content-encoding" for name in response.headers)
    return "a content encoding" if is_encoded else ""


def base64(body: bytes | None) -> str | None:
    """Encode a body as base64, or return None if there is no body."""
    return None if body is None else b2a_base64(body, newline=False).decode()


def url_pattern(operation: Operation) -> str:
    """Return a regular expression that matches an operation's path in a URL, with or without a base path."""
    return path_pattern(quote(operation.path, safe="/{}!$&'()*+,;=:@~%"))
