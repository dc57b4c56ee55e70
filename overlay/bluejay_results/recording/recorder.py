"""Records the responses that a client receives while it reads a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from os import PathLike

from attrs import evolve

from .._errors import UsageError
from .._secrets import Secret
from ..clock import Clock
from .exchange import Exchange, resource_at
from .har import save
from .recording import Recording, Settings

MAX_LIST_BYTES = 32 * 1024 * 1024
"""The maximum size (bytes) of the earlier lists that a recorder keeps although a replay doesn't need them."""


class Recorder:
    """Records the responses of one `wait`, `retrieve` or `runs`. `save` also works if the call failed.

    Use a new recorder for each call.

    Attributes:
        first_ended: When the client first saw that each conversation had ended, by the conversation's id, in
            seconds of the monotonic clock.
        run_first_ended: When the client first saw that the run had ended; None before that.
    """

    def __init__(self) -> None:
        self.first_ended: dict[int, float] = {}
        self.run_first_ended: float | None = None
        self._settings = Settings(is_wait=False, tool_call_grace=0.0)
        self._clock = Clock()
        self._secret = Secret()
        self._sent: dict[str, datetime] = {}
        self._exchanges: list[Exchange] = []
        self._has_begun = False
        self._last_moment: float | None = None

    def begin(self, settings: Settings, clock: Clock, secret: Secret) -> None:
        """Start recording a call.

        Raises:
            UsageError: The recorder has recorded another call.
        """
        if self._has_begun:
            raise UsageError("The recorder has recorded another call. Make a new recorder for each call.")
        self._has_begun = True
        self._settings, self._clock, self._secret = settings, clock, secret

    @property
    def has_response(self) -> bool:
        """Whether a response was received."""
        return any(each.status for each in self._exchanges)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the responses to a HAR file that only this user can read.

        Raises:
            UsageError: No response was received.
            OSError: The file can't be written.
        """
        if not self.has_response:
            raise UsageError("Nothing was received, so there is nothing to save.")
        save(self.recording(), path)

    def sent(self, url: str) -> None:
        """Record that a request is sent now."""
        self._sent[url] = self._clock.utc_now()

    def received(self, url: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Record a response."""
        self._add(url, status=status, headers=headers, body=body)

    def failed(self, url: str, status: int, failure: str) -> None:
        """Record a request without a complete response; the status is 0 if no response began."""
        resource = resource_at(url)
        if status or (resource and resource.kind == "conversation"):
            self._add(url, status=status, failure=failure)

    def add(self, exchange: Exchange) -> None:
        """Add an exchange of an earlier recording."""
        self._exchanges.append(exchange)

    def _add(
        self,
        url: str,
        *,
        status: int,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        failure: str = "",
    ) -> None:
        resource = resource_at(url)
        if resource is None:
            return
        now = self._clock.utc_now()
        started = self._sent.pop(url, now)
        exchange = Exchange(
            url,
            resource,
            started,
            max(now - started, timedelta()),
            moment=None,
            status=status,
            headers=headers or {},
            body=body,
            failure=failure,
        )
        last = self._exchanges[-1] if self._exchanges else None
        if last and last.is_list and exchange.is_list and last.moment is None:
            self._exchanges.pop()  # a failed poll, which this list replaces
        self._exchanges.append(exchange)

    @property
    def list_received_at(self) -> datetime:
        """When the last list was received, by the local UTC clock."""
        lists = [each.received_at for each in self._exchanges if each.is_list]
        return lists[-1] if lists else datetime.now(UTC)

    def listed(self, now: float) -> None:
        """Record that the client has read the last list, and drop the lists that a replay doesn't need."""
        self._stamp(now)
        following = [*self._exchanges[1:], None]
        ends = set(self.first_ended.values())
        needed, earlier = set[int](), list[int]()
        for place, (each, after) in enumerate(zip(self._exchanges, following, strict=True)):
            is_read_from = after is None or not after.is_list
            if not each.is_list or is_read_from or each.moment == self.run_first_ended:
                needed.add(place)
            elif each.moment in ends:
                earlier.append(place)
        room = MAX_LIST_BYTES
        for place in reversed(earlier):
            room -= len(self._exchanges[place].body)
            if room >= 0:
                needed.add(place)
        self._exchanges = [self._exchanges[place] for place in sorted(needed)]

    def fetched(self, now: float, *, is_late: bool) -> None:
        """Record that the client has read the conversations fetched by id; drop late failures."""
        if is_late:
            self._exchanges = [
                each for each in self._exchanges if each.moment is not None or not each.failure
            ]
        self._stamp(now)

    def _stamp(self, now: float) -> None:
        self._last_moment = now
        self._exchanges = _stamped(self._exchanges, now)

    def recording(self) -> Recording:
        """Return the recording so far."""
        exchanges = list(self._exchanges)
        if exchanges and exchanges[-1].moment is None:
            exchanges = _stamped(exchanges, self._clock.now())
        return Recording(
            self._settings,
            tuple(exchanges),
            dict(self.first_ended),
            self._last_moment,
            self._secret,
        )


def _stamped(exchanges: list[Exchange], now: float) -> list[Exchange]:
    return [evolve(each, moment=now) if each.moment is None else each for each in exchanges]
