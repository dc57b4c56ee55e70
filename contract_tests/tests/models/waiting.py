"""A second implementation of `wait` for runs of one page, written from its documentation, in virtual time.

This module imports nothing from the product.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Conversation = Literal["passed", "lacking", "lacking, untimed", "scoring"]
TRANSIENT = {429, 500, 502, 503, 504}
QUEUED_RUN_APPEARS = 60


@dataclass(frozen=True)
class State:
    """A response with a run of one listed conversation; `missing` others are counted."""

    run: Literal["RUNNING", "COMPLETED", "INCOMPLETED"] | None
    conversation: Conversation
    missing: int = 0

    @property
    def has_ended(self) -> bool:
        is_over = self.conversation != "scoring" and not self.missing
        return is_over if self.run is None else self.run != "RUNNING"


@dataclass(frozen=True)
class Fault:
    """A response with an error status, and the pause that it asks for."""

    status: int
    asked: float | None = None


Reply = State | Fault
Fetch = Fault | Literal["whole", "lacking"]


class FailedError(Exception):
    """A request failed, and isn't retried."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class TimedOutError(Exception):
    """There is no time for another poll."""


@dataclass
class Wait:
    """A wait for a run, and what the service sends it: the last response of each kind repeats.

    Attributes:
        replies: The responses to polls and pages.
        fetches: The responses to fetches of the conversation by id.
        jitter: The random part of each pause.
        trace: The requests and pauses.
    """

    replies: Sequence[Reply]
    fetches: Sequence[Fetch]
    timeout: float
    interval: float
    grace: float
    retries: int
    is_queued: bool
    jitter: float
    trace: list[str] = field(default_factory=list)
    time: float = 0.0
    resume_at: float = -math.inf
    last: State | None = None
    asked: float = 0.0
    run_seen: float | None = None
    conversation_seen: float | None = None
    fetched: int = 0
    is_whole: bool = False
    is_read: bool = False
    is_page_taken: bool = True
    taken: dict[str, int] = field(default_factory=dict)
    received: dict[str, float] = field(default_factory=dict)
    """When the responses arrived from which the run is built."""

    def ends(self) -> str:
        """Return how the wait ends: an outcome, or why there is none."""
        try:
            while (outcome := self._poll_once()) is None:
                pass
        except FailedError as error:
            return f"{error.fault.status}"
        except TimedOutError:
            return "timed out"
        return outcome

    def _poll_once(self) -> str | None:
        next_grace = math.inf
        try:
            if outcome := self._poll():
                return outcome
            if self.last and self.is_read:
                next_grace = self._next_grace(self.last)
            self.asked = 0
        except FailedError as error:
            if not self._is_tolerated(error.fault):
                raise
            self.asked = error.fault.asked or 0
        if self._left <= 0 or self.asked > self._left:
            raise TimedOutError
        self._sleep(max(self.asked, min(self.interval, self._left, max(next_grace, 0.1))))
        return None

    def _is_tolerated(self, fault: Fault) -> bool:
        may_appear = self.is_queued and self.last is None and self.time < QUEUED_RUN_APPEARS
        is_cdn = fault.status >= 512
        return fault.status in TRANSIENT or is_cdn or (fault.status == 404 and may_appear)

    def _poll(self) -> str | None:
        attempts, self.is_read = [0], False
        if (self.last is None or self.last.run == "RUNNING") and self._left > 0:
            status = self._request("s", self.replies, attempts)
            if status.run == "RUNNING":
                self.last = status
                return None
        state = self._request("0", self.replies, attempts)
        self.is_read, self.received["page"] = True, self.time
        if state.has_ended and state.run and self.run_seen is None:
            self.run_seen = self.time
        if state.conversation != "scoring" and self.conversation_seen is None:
            self.conversation_seen = self.time
        if self._is_due(state):
            self._fetch(state)
        self.last = state
        return None if self._is_due(state) else self._outcome(state)

    def _lacks(self, state: State) -> bool:
        return state.conversation.startswith("lacking") and not self.is_whole

    def _is_due(self, state: State) -> bool:
        most = 2 if self.fetched and self._conversation_grace(state) <= 0 else 1
        return state.has_ended and self._lacks(state) and self.fetched < most

    def _fetch(self, state: State) -> None:
        is_final = self._conversation_grace(state) <= 0
        try:
            record = self._request("#1", self.fetches, [0])
            self.is_whole = self.is_whole or record == "whole"
            self.received["page date"] = self.time
        except FailedError:
            pass
        self.received["fetch"] = self.time
        self.fetched = 2 if is_final else self.fetched + 1

    def _outcome(self, state: State) -> str | None:
        if not state.has_ended or (state.missing and self._run_grace > 0):
            return None
        if state.conversation == "scoring":
            return "unknown" if state.run == "INCOMPLETED" and self._run_grace <= 0 else None
        if self._lacks(state):
            return "unknown" if self._conversation_grace(state) <= 0 else None
        return "passed"

    def _next_grace(self, state: State) -> float:
        graces = [self._run_grace]
        was_over = not state.has_ended and self.conversation_seen is not None
        if self._lacks(state) or was_over:
            graces.append(self._conversation_grace(state))
        return min((each for each in graces if each > 0), default=math.inf)

    @property
    def _moment(self) -> float:
        return max(self.received.values())

    @property
    def _run_grace(self) -> float:
        return 0.0 if self.run_seen is None else self.grace - (self._moment - self.run_seen)

    def _conversation_grace(self, state: State) -> float:
        """Return the rest of the grace period; the service says that the conversation ended at the start."""
        if state.conversation == "lacking":
            dated = max(self.received["page"], self.received.get("page date", 0))
            return self.grace - (math.floor(dated) + self._moment - dated)  # a Date has whole seconds
        return self.grace - (self._moment - (self.conversation_seen or 0))

    @property
    def _left(self) -> float:
        return max(0.0, self.timeout - self.time) - min(1.0, self.timeout / 10)

    def _sleep(self, seconds: float) -> None:
        self.trace.append(f"+{seconds:.6g}")
        self.time += seconds

    def _request(self, name: str, replies: Sequence[Reply | Fetch], attempts: list[int]) -> Any:
        """Return the next response, after retries; `attempts` counts the failures so far."""
        while True:
            if (pause := min(self.resume_at - self.time, self._left)) > 0:
                self._sleep(pause)
            self.trace.append(name)
            reply = replies[min(self._number(name), len(replies) - 1)]
            if not isinstance(reply, Fault):
                return reply
            if reply.status == 429:
                asked = 0.5 if reply.asked is None else reply.asked
                self.resume_at = max(self.resume_at, self.time + min(asked, self.timeout))
            attempts[0] += 1
            backoff = min(8, 0.5 * 2 ** (attempts[0] - 1) + self.jitter)
            pause = backoff if reply.asked is None else reply.asked
            if reply.status not in TRANSIENT or attempts[0] > self.retries or pause >= self._left:
                raise FailedError(reply)
            self._sleep(pause)

    def _number(self, name: str) -> int:
        """Return the number of earlier responses; a page shows the same state as the status before it."""
        kind = "fetch" if name == "#1" else "poll"
        is_same = name == "0" and not self.is_page_taken
        self.is_page_taken = name == "0" if kind == "poll" else self.is_page_taken
        self.taken[kind] = self.taken.get(kind, -1) + (not is_same or kind not in self.taken)
        return self.taken[kind]
