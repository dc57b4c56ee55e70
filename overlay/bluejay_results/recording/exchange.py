"""A request with its response, and the recording of all requests that one call made."""

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
    """What a request reads, or the simulation that it queues a run of.

    Attributes:
        kind: `page` for a page of a run, `conversation`, `runs` for a simulation's runs, or `queue`.
        id: The id of the run, conversation or simulation; empty if unknown.
        offset: How many of the run's results precede the page; 0 if the kind isn't `page`.
    """

    kind: ResourceKind
    id: str
    offset: int = 0


def resource_at(url: str) -> Resource | None:
    """Return the resource at a URL, or None for a URL that isn't recorded."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
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
        error: The error's class name.
        reason: The error message.
        was_sent: Whether the request might have reached the service.
    """

    error: str
    reason: str
    was_sent: bool = True


@frozen
class Exchange:
    """A request and its response or failure. The API key is masked everywhere.

    Attributes:
        url: The requested URL; empty if the body wasn't received by a client.
        resource: What was requested.
        started_at: When the request was sent, by the local UTC clock.
        duration: The time from sending the request to the complete response.
        moment: When the response was complete, in seconds of the client's monotonic clock.
        status: The HTTP status; 0 if no response arrived, or only part of one.
        headers: The response headers by lowercase name.
        body: The exact bytes of the response body, decompressed.
        failure: Why no complete response arrived; None if one did.
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
        """The requested run's id; None if something else was requested."""
        return self.resource.id if self.url and self.resource.kind == "page" else None

    @property
    def date(self) -> datetime:
        """The time in the response's Date header or, without this header, when the response arrived."""
        return date_in(self.headers) or later(self.started_at, self.duration.total_seconds())


def later(moment: datetime, seconds: float) -> datetime:
    """Return a moment plus some seconds or, if that is after the year 9999, the end of that year."""
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def date_in(headers: Mapping[str, str]) -> datetime | None:
    """Return the time in the server's Date header, or None if the header is absent or invalid."""
    import email.utils  # loaded late: it imports sockets, which saved runs don't need

    try:
        date = email.utils.parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, OverflowError, TypeError):
        return None
    return date.replace(tzinfo=date.tzinfo or UTC)


@frozen
class ReadSettings:
    """The settings with which a call reads a run.

    Attributes:
        is_wait: Whether `wait` reads the run; otherwise `retrieve` does.
        tool_call_grace: How long, in seconds, the verdict and tool calls can still arrive after a
            conversation has ended.
        queued_ids: The ids of the conversations that were queued with the run; empty if unknown.
        simulation_id: The simulation that was queued; None if unknown.
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
        run: When the wait first saw that the run had ended; None if it hasn't yet.
        conversations: When the wait first saw that each conversation had ended, by its id as a string. The
            key is the string `None` if the id breaks the contract.
    """

    run: float | None = None
    conversations: Mapping[str, float] = field(factory=dict)


@frozen
class Recording:
    """What a run is built from: the call's settings, its requests and responses, and what a wait saw.

    The exchanges are in the order they arrived.
    """

    settings: ReadSettings
    exchanges: tuple[Exchange, ...] = field(repr=False)
    seen: FirstSeen = field(factory=FirstSeen, repr=False)
