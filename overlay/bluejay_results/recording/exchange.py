"""One request and response of a client that reads a run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from attrs import field, frozen
from bluejay_api.api.simulation_results import retrieve_simulation_result, retrieve_simulation_results
from bluejay_api.api.simulation_runs import get_simulation_runs

Kind: TypeAlias = Literal["run", "conversation", "runs"]

_PATHS: Mapping[Kind, str] = {
    "run": retrieve_simulation_results.PATH,
    "conversation": retrieve_simulation_result.PATH,
    "runs": get_simulation_runs.PATH,
}


@frozen
class Resource:
    """The object that a URL of the service names: a run, one conversation, or a simulation's runs."""

    kind: Kind
    id: str


def resource_at(url: str) -> Resource | None:
    """Return the object that a URL names; None for the URL of another operation."""
    path = urlsplit(url).path
    for kind, template in _PATHS.items():
        if match := re.search(re.escape(template.partition("{")[0]) + "([^/]+)$", path):
            return Resource(kind, unquote(match[1]))
    return None


@frozen
class Exchange:
    """One request, and the response or the failure that followed it.

    Attributes:
        url: The requested URL.
        resource: The object that the URL names.
        started_at: When the request was sent, by the local UTC clock.
        duration: The time until the response was complete.
        moment: When the client processed the response, in seconds of its monotonic clock; None before that.
        status: The HTTP status; 0 if no response arrived.
        headers: The headers of the response.
        body: The exact bytes of the response's body, decompressed.
        failure: Why no complete response arrived; empty if a complete response arrived.
    """

    url: str
    resource: Resource
    started_at: datetime
    duration: timedelta
    moment: float | None
    status: int = 0
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    failure: str = ""

    @property
    def received_at(self) -> datetime:
        """When the response was complete, by the local UTC clock."""
        return self.started_at + self.duration

    @property
    def is_list(self) -> bool:
        """Whether the request was for a run with all its conversations."""
        return self.resource.kind == "run"
