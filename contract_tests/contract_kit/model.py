"""What the kit speaks of: operations, their responses, and mutants of these."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from attrs import evolve, field, frozen

Schema: TypeAlias = dict[str, Any] | bool

LEGAL, PROTOCOL = "legal", "protocol"
"""The groups of mutants that break no keyword: what the schema allows, and what is about HTTP."""
CONTROL = "control"
"""The group of a valid response that is sent before the mutants made from it."""

ERROR_STATUS = "a client may raise an error for an error status, whatever its body"


class Expect(enum.StrEnum):
    """What a client should do with a response."""

    REFUSE = "refuse"
    ACCEPT = "accept"
    EITHER = "either"


class Strictness(enum.StrEnum):
    """How strongly a standard asks a client to refuse a mutant, or to accept a legal one."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"

    def covers(self, other: Strictness) -> bool:
        """Whether a client that is judged as strictly as this is judged by what the other asks."""
        order = list(Strictness)
        return order.index(other) <= order.index(self)


@frozen
class Kind:
    """A kind of mutants.

    Attributes:
        strictness: How strongly the source asks a client to refuse it or, if it is legal, to accept it.
        source: The document, its section, and the sentence.
        reason: Why a client may do either, where it is not a must.
    """

    strictness: Strictness
    source: str
    reason: str = ""


class Exactness(enum.StrEnum):
    """How exactly a mutant breaks what it says it breaks.

    EXACT breaks one keyword at one place. WRAPPED breaks it inside a union, which is broken with it. COMPOUND
    breaks other keywords too.
    """

    EXACT = "exact"
    WRAPPED = "wrapped"
    COMPOUND = "compound"


class Transfer(enum.StrEnum):
    """How a body is sent over its connection. Each but WHOLE breaks HTTP and closes the connection."""

    WHOLE = "whole"
    NOTHING = "nothing"
    CUT = "cut"
    NO_LAST_CHUNK = "no last chunk"
    LENGTH_TOO_LONG = "length too long"
    LENGTH_TOO_SHORT = "length too short"
    UNEXPECTED = "unexpected"


@frozen
class Response:
    """What a server sends.

    Attributes:
        status: The HTTP status.
        headers: By their names as the document writes them.
        body: The exact bytes.
        transfer: How the body is sent.
        then: The response to each further request for the same mutant; None if it is the same response.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    transfer: Transfer = Transfer.WHOLE
    then: Response | None = None


@frozen
class Request:
    """How an operation is called: a valid request.

    Attributes:
        method: In capitals.
        path: With its parameters and its query filled in; starts with a slash.
        headers: Those that the operation's parameters and its body need.
        body: None where the operation takes none.
        arguments: The same by name, for a client: each parameter, and the decoded `body` where there is one.
        parameters: The parameters again, by their place (`path`, `query`, `header`, `cookie`) and name.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None
    arguments: Mapping[str, Any]
    parameters: Mapping[str, Mapping[str, Any]] = field(factory=dict)

    def described(self) -> dict[str, Any]:
        """Return what to send, for JSON."""
        body = None if self.body is None else self.body.decode()
        return {"method": self.method, "path": self.path, "headers": dict(self.headers), "body": body}


@frozen
class Operation:
    """An operation that a client can call.

    Attributes:
        id: The document's operationId, or `GET /orders/{id}` where it has none.
        method: In capitals.
        path: The template as the document writes it.
        request: A valid call of it.
    """

    id: str
    method: str
    path: str
    request: Request


@frozen
class Mutant:
    """A response that breaks its documentation in a known way, or a legal one that may surprise a client.

    Attributes:
        id: Stable: the same document gives the same ids on every machine.
        operation: The operation that it answers.
        response: What the server sends.
        expect: What a client should do with it.
        group: The JSON Schema keyword that it breaks, or `legal`, or `protocol`.
        name: What tells it from others of the same response, group and location.
        location: JSON Pointer into the body.
        schema_location: JSON Pointer into the document, after the file's name where that is another file.
        exactness: None for legal and protocol ones.
        breaks: What is wrong or unusual, in a few words.
        reason: Why a client may do either; empty otherwise.
        kind: What it has in common with others: `contract_kit.kinds` lists them.
        strictness: How strongly the source asks for what it expects.
        source: The sentence of a standard that forbids it, or that allows it.
        base: The label of the documented response that it is made from, such as `404`; empty for the response
            that the operation normally gets.
    """

    id: str
    operation: Operation
    response: Response
    expect: Expect
    group: str
    name: str
    location: str
    schema_location: str
    exactness: Exactness | None
    breaks: str
    reason: str = ""
    kind: str = ""
    strictness: Strictness = Strictness.MUST
    source: str = ""
    base: str = ""

    @property
    def keyword(self) -> str | None:
        """The JSON Schema keyword that it breaks; None for legal and protocol ones."""
        return None if self.group in (LEGAL, PROTOCOL) else self.group

    @property
    def key(self) -> str:
        """A short name of the mutant for a URL's path, made from its id."""
        return key_of(self.id)

    def to_json(self) -> str:
        """Return the mutant as one line of JSON; bytes that are no UTF-8 become replacement characters."""
        return json.dumps(
            {
                "id": self.id,
                "operation": self.operation.id,
                "method": self.operation.method,
                "path": self.operation.path,
                "key": self.key,
                "request": self.operation.request.described(),
                "arguments": dict(self.operation.request.arguments),
                "status": self.response.status,
                "headers": dict(self.response.headers),
                "body": self.response.body.decode(errors="replace"),
                "transfer": self.response.transfer,
                "then_valid": self.response.then is not None,
                "expect": self.expect,
                "keyword": self.keyword,
                "location": self.location,
                "schema_location": self.schema_location,
                "exactness": self.exactness,
                "reason": self.reason or None,
                "strictness": self.strictness,
                "source": self.source or None,
            },
            ensure_ascii=False,
        )


@frozen
class Skipped:
    """A part of the document that gives no mutants, and why.

    Attributes:
        where: The operation, or the operation and status, or the schema's location, or a mutant-to-be.
        reason: Why, in a sentence.
        count: How many candidates it stands for.
    """

    where: str
    reason: str
    count: int = 1

    def to_json(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps(
            {"skipped": self.where, "reason": self.reason, "count": self.count}, ensure_ascii=False
        )


class ByReason(dict[str, Skipped]):
    """What was skipped by its reason, each with the first place and how many there are."""

    def add(self, where: str, reason: str, count: int = 1) -> None:
        """Count a place."""
        known = self.get(reason, Skipped(where, reason, 0))
        self[reason] = evolve(known, count=known.count + count)


def by_reason(skipped: Iterable[Skipped]) -> list[str]:
    """Return a line for each reason, the most frequent first, with the first place that it stands for."""
    found = ByReason()
    for each in skipped:
        found.add(each.where, each.reason, each.count)
    return [
        f"{each.where}{f' and {each.count - 1:,} more' if each.count > 1 else ''}: {each.reason}"
        for each in sorted(found.values(), key=lambda each: -each.count)
    ]


def key_of(identifier: str) -> str:
    """Return a short name made from an id: for a URL's path, and for an order that shows no pattern."""
    return hashlib.sha256(identifier.encode()).hexdigest()[:16]
