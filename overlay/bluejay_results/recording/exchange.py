"""One request of a client with its response, and the recording of all requests of a call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from attrs import field, frozen
from bluejay_api.api.simulation_results import retrieve_simulation_result, retrieve_simulation_results
from bluejay_api.api.simulation_runs import get_simulation_runs

ResourceKind: TypeAlias = Literal["page", "conversation", "runs", "queue"]

_RECORDED: Mapping[ResourceKind, str] = {
    "page": retrieve_simulation_results.PATH,
    "conversation": retrieve_simulation_result.PATH,
    "runs": get_simulation_runs.PATH,
}


@frozen
class Resource:
    """What a request reads, or the simulation whose run it queues.

    Attributes:
        kind: `page` for a page of a run, `conversation`, `runs` for the runs of a simulation, or `queue`.
        id: The id of the run, of the conversation or of the simulation; empty if it is not known.
        offset: How many results of the run precede the page; 0 if the kind is not `page`.
    """

    kind: ResourceKind
    id: str
    offset: int = 0


def resource_at(url: str) -> Resource | None:
    """Return what a URL reads; None for a URL that is not recorded."""
    parts = urlsplit(url)
    for kind, template in _RECORDED.items():
        if match := re.search(re.escape(template.partition("{")[0]) + "([^/]+)$", parts.path):
            offset = parse_qs(parts.query).get("offset", ["0"])[0]
            return Resource(kind, unquote(match[1]), int(offset) if re.fullmatch("[0-9]{1,9}", offset) else 0)
    return None


_NO_TIME = datetime.min.replace(tzinfo=UTC)


@frozen
class Failure:
    """Why no complete response arrived.

    Attributes:
        error: The name of the error's class.
        reason: The message of the error.
        was_sent: Whether the request may have reached the service.
    """

    error: str
    reason: str
    was_sent: bool = True


@frozen
class Exchange:
    """One request, and the response or the failure that followed it. The API key is masked everywhere.

    Attributes:
        url: The requested URL; empty if the body was not read by a client.
        resource: What was requested.
        started_at: When the request was sent, by the local UTC clock.
        duration: The time until the response was complete.
        moment: When the response was complete, in seconds of the client's monotonic clock.
        status: The HTTP status; 0 if no response arrived, or only a part of one.
        headers: The headers of the response, by their names in lower case.
        body: The exact bytes of the response's body, decompressed.
        failure: Why no complete response arrived; None if a complete response arrived.
    """

    url: str = ""
    resource: Resource = Resource("page", "")
    started_at: datetime = _NO_TIME
    duration: timedelta = timedelta()
    moment: float = 0.0
    status: int = 200
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    failure: Failure | None = None

    @property
    def run_id(self) -> str | None:
        """The id of the run that a client requested; None if it requested something else."""
        return self.resource.id if self.url and self.resource.kind == "page" else None

    @property
    def date(self) -> datetime:
        """The time in the response's Date header; without this header, the time when the response arrived."""
        return date_in(self.headers) or self.started_at + self.duration


def date_in(headers: Mapping[str, str]) -> datetime | None:
    """Return the time in the server's Date header; None if the header is absent or invalid."""
    import email.utils  # loaded late: it imports sockets, which saved runs don't need

    try:
        date = email.utils.parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, OverflowError, TypeError):
        return None
    return date.replace(tzinfo=date.tzinfo or UTC)


@frozen
class ReadSettings:
    """How a call reads a run.

    Attributes:
        is_wait: Whether `wait` reads the run; otherwise `retrieve` does.
        tool_call_grace: How many seconds after a conversation's end its verdict and tool calls may still
            arrive.
        queued_ids: The ids of the conversations that were queued with the run; empty if they are not known.
        simulation_id: The simulation that was queued; None if it is not known.
    """

    is_wait: bool = False
    tool_call_grace: float = 0.0
    queued_ids: tuple[str, ...] = ()
    simulation_id: str | None = None


@frozen
class FirstSeen:
    """When a wait first saw that a run and its conversations had ended.

    Times are in seconds of the client's monotonic clock.

    Attributes:
        run: When the wait first saw that the run had ended; None before that.
        conversations: When the wait first saw that each conversation had ended, by its id as text. The key is
            the text `None` if the id breaks the contract.
    """

    run: float | None = None
    conversations: Mapping[str, float] = field(factory=dict)


@frozen
class Recording:
    """What a run is built from: the settings of the call, its requests and responses, and what a wait saw.

    The exchanges are in the order of their arrival.
    """

    settings: ReadSettings
    exchanges: tuple[Exchange, ...] = field(repr=False)
    seen: FirstSeen = field(factory=FirstSeen, repr=False)
