"""The kit's data model: operations, and the mutants of their responses."""

from __future__ import annotations

import enum
import hashlib
import json
from binascii import b2a_base64
from collections.abc import Mapping
from typing import Any, TypedDict

from attrs import field, frozen

from contract_kit.prove.proving import Exactness
from contract_kit.terminal import json_safe

from .exchange import Request, RequestLine, Response, Transfer
from .strictness import Strictness

LEGAL, PROTOCOL = "legal", "protocol"
"""The groups of mutants that break no keyword: legal bodies, and mutants that concern HTTP."""
CONTROL = "control"
"""The group of valid responses; each is sent before the mutants made from it."""

ERROR_STATUS = "a client may raise an error for an error status, whatever its body"


class Expect(enum.StrEnum):
    """What a client should do with a response."""

    REFUSE = "refuse"
    ACCEPT = "accept"
    EITHER = "either"


@frozen
class Operator:
    """A mutation operator: a way to make mutants.

    Attributes:
        name: The name. For mutants that break a keyword, it begins with the keyword.
        strictness: How strongly the source requires a client to refuse such mutants or, if they are legal, to
            accept them.
        source: The standard, its section, and the sentence.
        reason: Why a client may accept or refuse such mutants, if the strictness isn't MUST.
        incident: A public issue about a server that sent such a response, as `OWNER/REPOSITORY#NUMBER`; empty
            if none is known. Mutants with an incident are near misses.
        keeps_meaning: Whether the operator's values mean the same as the valid value.
    """

    name: str
    strictness: Strictness
    source: str
    reason: str = ""
    incident: str = ""
    keeps_meaning: bool = False


class MutantLine(TypedDict):
    """A mutant, as written by `contract-kit mutants --jsonl`.

    Attributes:
        id: The id, which is stable: the same document yields the same ids on every machine.
        operation: The operation's id.
        method: The operation's method, in capitals.
        path: The operation's path template.
        key: A short name for use in a URL path, derived from the operation's id and the mutant's id.
        request: The request that the mutant responds to.
        arguments: The same request as arguments: each parameter by its name, and the body as `body`.
        status: The HTTP status; None for a webhook delivery, which is a request.
        headers: The response headers.
        body: The exact body; None if the bytes aren't UTF-8.
        body_base64: The body in base64 if the bytes aren't UTF-8; otherwise None.
        transfer: How the body is sent.
        then_valid: Whether the next request for this mutant gets the valid response.
        valid_body: The body of the valid response that the mutant is made from. If `then_valid` is true, the
            next request gets this body. None if the bytes aren't UTF-8.
        expect: What a client should do with the response.
        group: The broken JSON Schema keyword, or `legal`, or `protocol`.
        operator: The mutation operator.
        location: A JSON Pointer to the broken value in the body.
        schema_location: A JSON Pointer to the schema of the broken value in the document. If the schema is in
            another file, the file's name comes first.
        exactness: `exact` if one keyword is broken at one location, `wrapped` if that location is inside a
            union, which is then broken too, or `compound` if other keywords are broken too. None for legal
            and protocol mutants.
        reason: Why a client may accept or refuse the response, if it has a choice.
        strictness: How strongly a standard forbids or allows the response.
        source: The sentence in the standard that forbids or allows the response.
        incident: A public issue about a server that sent such a response; None if none is known.
        keeps_meaning: Whether the broken value means the same as the valid value.
    """

    id: str
    operation: str
    method: str
    path: str
    key: str
    request: RequestLine
    arguments: dict[str, Any]
    status: int | None
    headers: dict[str, str]
    body: str | None
    body_base64: str | None
    transfer: Transfer
    then_valid: bool
    valid_body: str | None
    expect: Expect
    group: str
    operator: str
    location: str
    schema_location: str
    exactness: Exactness | None
    reason: str | None
    strictness: Strictness
    source: str
    incident: str | None
    keeps_meaning: bool


@frozen
class Role:
    """How reports refer to the program under test and to what it receives.

    Attributes:
        several: The plural of `sent`.
    """

    name: str
    sent: str
    several: str


CLIENT = Role("client", "response", "responses")
RECEIVER = Role("receiver", "delivery", "deliveries")


@frozen
class Operation:
    """An operation that a client can call, or a webhook.

    Attributes:
        id: The operationId; if there is none, the method and path, such as `GET /orders/{id}`.
        path: The document's path template.
        responses: The content type and the schema name of each documented response, by label.
        role: Who receives the operation's mutants.
    """

    id: str
    method: str
    path: str
    request: Request
    responses: Mapping[str, Mapping[str, str | None]] = field(factory=dict, repr=False)
    role: Role = CLIENT


@frozen
class Mutant:
    """A response that breaks its document in a known way, or a legal response that might surprise a client.

    Attributes:
        id: The id, which is the same on every machine, and doesn't change if another part of the document
            changes. It consists of the operation, the documented status, the operator with its parameter, and
            the path to the broken value. In this path, `*` stands for an item or a free key, and `(Name)` for
            a union branch. A mutant that concerns HTTP has no path.
        place: The id without the operator.
        expect: What a client should do with the response.
        group: The JSON Schema keyword that the mutant breaks, or `legal`, or `protocol`.
        parameter: Distinguishes the mutant from the operator's other mutants at the same place.
        location: A JSON Pointer into the body.
        schema_location: A JSON Pointer into the document; for another file, the file's name comes first.
        exactness: Whether other keywords are broken too; None for legal and protocol mutants.
        breaks: What is wrong or unusual with the response, in a few words.
        reason: Why a client may accept or refuse the mutant; empty if a client has no choice.
        base: The label of the documented response that the mutant is made from, such as `404`; empty for the
            response that a call normally gets.
        valid_body: The body of the valid response that the mutant is made from.
        control: The id of this valid response, the control.
        substitute: The number of the alternative that the mutant is made from; 0 for the usual response.
        misleads: Whether a cursor fails to lead to the valid last page. If so, a client that requests the
            same page until its time runs out counts as hung; otherwise, those requests might be retries.
    """

    id: str
    place: str
    operation: Operation
    response: Response
    expect: Expect
    group: str
    operator: Operator
    parameter: str
    location: str
    schema_location: str
    exactness: Exactness | None
    breaks: str
    reason: str = ""
    base: str = ""
    valid_body: bytes = field(default=b"", repr=False)
    control: str = ""
    misleads: bool = False
    substitute: int = 0

    @property
    def suffix(self) -> str:
        """What to append to an id or key to request the mutant that is made from the same alternative."""
        return f"@{self.substitute}" if self.substitute else ""

    @property
    def name(self) -> str:
        """The operator and the parameter."""
        return "=".join(filter(None, [self.operator.name, self.parameter]))

    @property
    def status(self) -> int | None:
        """The HTTP status; None for a delivery, which is a request."""
        return None if self.operation.role is RECEIVER else self.response.status

    @property
    def keyword(self) -> str | None:
        """The JSON Schema keyword that the mutant breaks; None for legal and protocol mutants."""
        return None if self.group in (LEGAL, PROTOCOL) else self.group

    @property
    def key(self) -> str:
        """A short name for use in a URL path, derived from the mutant's id and the operation's id."""
        return mutant_key(self.operation.id, self.id) + self.suffix

    def to_json(self) -> str:
        """Return the mutant as one line of JSON."""
        text, encoded = _text_or_base64(self.response.body)
        line: MutantLine = {
            "id": self.id,
            "operation": self.operation.id,
            "method": self.operation.method,
            "path": self.operation.path,
            "key": self.key,
            "request": self.operation.request.described(),
            "arguments": dict(self.operation.request.arguments),
            "status": self.status,
            "headers": dict(self.response.headers),
            "body": text,
            "body_base64": encoded,
            "transfer": self.response.transfer,
            "then_valid": self.response.then is not None,
            "valid_body": _text_or_base64(self.valid_body)[0],
            "expect": self.expect,
            "group": self.group,
            "operator": self.operator.name,
            "location": self.location,
            "schema_location": self.schema_location,
            "exactness": self.exactness,
            "reason": self.reason or None,
            "strictness": self.operator.strictness,
            "source": self.operator.source,
            "incident": self.operator.incident or None,
            "keeps_meaning": self.operator.keeps_meaning,
        }
        return json_safe(json.dumps(line, ensure_ascii=False))


def _text_or_base64(body: bytes) -> tuple[str, None] | tuple[None, str]:
    """Return a body as text or, if it isn't UTF-8, in base64."""
    try:
        return body.decode(), None
    except UnicodeDecodeError:
        return None, b2a_base64(body, newline=False).decode()


def key_of(identifier: str) -> str:
    """Return a hash of an id: a short name for URLs, and a sort key that shuffles ids."""
    return hashlib.sha256(identifier.encode()).hexdigest()[:16]


def control_id(operation: str, base: str) -> str:
    """Return the id of a valid response, as it appears in reports."""
    return ":".join(filter(None, [operation, base, CONTROL]))


def operation_key(operation: str) -> str:
    """Return the prefix that the keys of an operation's mutants share."""
    return key_of(operation)[:4]


def mutant_key(operation: str, identifier: str) -> str:
    """Return a mutant's key. It begins with the operation's key, so a lookup searches only that operation."""
    return operation_key(operation) + key_of(identifier)[4:]
