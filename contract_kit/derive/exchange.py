"""What is exchanged over HTTP: the request for an operation, and the response that the kit's server sends."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, TypedDict

from attrs import field, frozen

_WITHOUT_BODY = {204, 304}
_FRAMING = {"content-length", "transfer-encoding", "connection"}


class Transfer(enum.StrEnum):
    """How a body is sent. `whole` is correct HTTP; the others, up to `unexpected`, close the connection.

    Attributes:
        WHOLE: The full body, as HTTP requires.
        NOTHING: Nothing: the connection closes after the request.
        CUT: A correct `Content-Length`, but only the first half of the body.
        NO_LAST_CHUNK: A chunked body without the last chunk.
        LENGTH_TOO_LONG: The full body, but with a `Content-Length` that is one byte too long.
        LENGTH_TOO_SHORT: The full body, but with a `Content-Length` that is one byte too short.
        UNEXPECTED: A body after a status that allows no body.
        UNSIGNED: A webhook delivery without its signature.
        WRONG_SIGNATURE: A delivery signed with a different secret.
        OTHER_SIGNATURE: A delivery with the signature for a different body.
        OLD: A delivery that was signed long ago.
        AGAIN: The same delivery twice.
    """

    WHOLE = "whole"
    NOTHING = "nothing"
    CUT = "cut"
    NO_LAST_CHUNK = "no last chunk"
    LENGTH_TOO_LONG = "length too long"
    LENGTH_TOO_SHORT = "length too short"
    UNEXPECTED = "unexpected"
    UNSIGNED = "unsigned"
    WRONG_SIGNATURE = "wrong signature"
    OTHER_SIGNATURE = "signature of another body"
    OLD = "old"
    AGAIN = "again"


@frozen
class Response:
    """The response that a server sends.

    Attributes:
        headers: The headers by name, spelled as in the document.
        body: The exact bytes.
        transfer: How the body is sent.
        then: The response to every later request for the same mutant; None to repeat this response.
        last_page: The response to a request that carries a cursor from the body; None to repeat this
            response.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    transfer: Transfer = Transfer.WHOLE
    then: Response | None = None
    last_page: Response | None = None

    @property
    def sent_headers(self) -> dict[str, str]:
        """The headers except `Content-Length` and similar headers, which the sending code adds."""
        return {name: value for name, value in self.headers.items() if name.lower() not in _FRAMING}

    @property
    def sent_body(self) -> bytes | None:
        """The body; None if HTTP allows no body with this status."""
        return None if self.status in _WITHOUT_BODY else self.body


@frozen
class Request:
    """A valid request for an operation.

    Attributes:
        path: The path and the query with all parameters filled in; it starts with a slash.
        headers: The headers that the operation's parameters and its body require.
        body: The encoded body; None if the operation takes none.
        arguments: The client's arguments: each parameter by name, and the decoded body, if any, as `body`.
        parameters: The parameters by location (`path`, `query`, `header`, `cookie`), then by name.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None
    arguments: Mapping[str, Any]
    parameters: Mapping[str, Mapping[str, Any]] = field(factory=dict)

    def described(self) -> RequestLine:
        """Return the request as a JSON object."""
        body = None if self.body is None else self.body.decode()
        return {"method": self.method, "path": self.path, "headers": dict(self.headers), "body": body}


class RequestLine(TypedDict):
    """A mutant's request, as written by `contract-kit mutants --jsonl`.

    Attributes:
        method: The HTTP method, in capitals.
        path: The path and the query, with all parameters filled in.
        headers: The headers that the parameters and the body require.
        body: The body as text; None if the operation takes none.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: str | None
