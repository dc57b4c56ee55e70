"""A response that a test wants the stub to send."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self


def _json_headers() -> Mapping[str, str]:
    return {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, sent byte for byte as given.

    Attributes:
        body: The bytes after the headers. They don't have to match the headers.
        status: An HTTP status from 200 to 599, such as a CDN's 520.
        headers: The response headers. The stub adds `content-length`, and also `date` and `x-request-id` if
            they are not set here.
        authenticated: Whether a request needs a valid key. If False, every request gets this response.
        delay: Seconds between the request and the response.
        date: The `date` header: an offset from the stub's clock, the header's text, or None to leave it out.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=_json_headers)
    authenticated: bool = True
    delay: float = 0
    date: timedelta | str | None = timedelta()

    def __post_init__(self) -> None:
        """Reject a status outside 200 to 599, and a negative or infinite delay."""
        if not 200 <= self.status <= 599:
            raise ValueError(f"an answer's status must be from 200 to 599, got {self.status}")
        if not 0 <= self.delay < math.inf:
            raise ValueError(f"an answer's delay must be 0 or more seconds, got {self.delay}")

    @classmethod
    def json(cls, document: Any, status: int = 200, **options: Any) -> Self:
        """Return an answer with this document, encoded as in FastAPI; `options` sets other attributes."""
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return cls(text.encode(), status, **options)
