import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


def _json_headers() -> Mapping[str, str]:
    return {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, sent byte for byte as it is given here.

    Attributes:
        body: The bytes after the headers; they need not be what the headers say.
        status: Any HTTP status, a CDN's own such as 520 included.
        headers: All of the headers, but for the length, the date and the server's name. With none
            the response has no content type.
        authenticated: Whether the answer is for an accepted key only. False sends it to everyone.
        method: The method that it answers; a request by any other is FastAPI's to refuse.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=_json_headers)
    authenticated: bool = True
    method: str = "GET"

    def __post_init__(self) -> None:
        """Refuse a status that HTTP has no final response for."""
        if not 200 <= self.status <= 599:
            raise ValueError(f"an answer's status is from 200 to 599, got {self.status}")

    @classmethod
    def json(cls, document: Any, status: int = 200) -> Self:
        """Answer with a document, encoded the way FastAPI encodes it."""
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return cls(text.encode(), status)
