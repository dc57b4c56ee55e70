"""Pages of a run: the parameters that ask for a page, and the part of a body that a page contains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from pydantic import BaseModel, Field, ValidationError

_RESULTS = "simulation_results"


class Page(BaseModel, frozen=True):
    """The parameters of a page, with the limits and defaults of the service."""

    limit: Annotated[int, Field(ge=1, le=100)] = 100
    offset: Annotated[int, Field(ge=0)] = 0

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Page | None:
        """Return the page that a query asks for; None if the service refuses the query."""
        try:
            return cls.model_validate(query)
        except ValidationError:
            return None

    def of(self, body: bytes) -> bytes:
        """Return the body with only the results of this page; the bytes of each result stay the same.

        The body is returned unchanged if it isn't a JSON object with a list of results, or if all of its
        results are on this page.
        """
        try:
            fields = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
            results = msgspec.json.decode(fields.get(_RESULTS, b"[]"), type=list[msgspec.Raw])
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return body
        inside = results[self.offset : self.offset + self.limit]
        if len(inside) == len(results):
            return body
        return msgspec.json.encode(fields | {_RESULTS: inside})
