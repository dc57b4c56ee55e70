"""What both clients do, written once: a generator says what comes next, and a client does it its own way."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

from attrs import frozen

from ..errors import BluejayError, ContractViolationError, UsageError
from .call import Call
from .retry import Retries

T = TypeVar("T")

FATAL = (ContractViolationError, UsageError)
"""Errors after which the other requests of a `SendAll` are of no use."""


@frozen
class Send:
    """Send one request; its outcome is what the operation reads, or the error."""

    call: Call[Any]


@frozen
class SendAll:
    """Send several requests, so many at a time; the outcome is what came of each, by its place.

    None is sent after one that is answered by 429: those are left out. After a fatal error, tasks that are
    under way are cancelled as well, and threads end with their requests.
    """

    calls: Sequence[Call[Any]]
    at_once: int


class Turns:
    """The requests of a `SendAll`, for workers that each take the next one until there is none."""

    def __init__(self, step: SendAll) -> None:
        self._calls = step.calls
        self._places = iter(range(len(step.calls)))
        self.workers = range(min(step.at_once, len(step.calls)))
        self.outcomes: dict[int, Any] = {}
        self.is_fatal = False

    def __iter__(self) -> Iterator[tuple[int, Call[Any]]]:
        while (place := next(self._places, None)) is not None:
            yield place, self._calls[place]

    def stop(self) -> None:
        """Let no other request begin."""
        self._places = iter(range(0))

    def took(self, place: int, outcome: Any) -> None:
        """Take note of what came of a request."""
        self.outcomes[place] = outcome
        self.is_fatal = self.is_fatal or isinstance(outcome, FATAL)
        if self.is_fatal or (isinstance(outcome, BluejayError) and outcome.status_code == 429):
            self.stop()


@frozen
class Sleep:
    """Wait before the next step."""

    seconds: float


Step: TypeAlias = Send | SendAll | Sleep
Steps: TypeAlias = Generator[Step, Any, T]


def sent(call: Call[T], on_retry: Callable[[BluejayError], None] | None = None) -> Steps[T]:
    """Send a request until it is answered or a retry can't help; report each error that a retry follows."""
    pacing = Retries(call.config.retries, call.deadline, may_repeat=call.operation.is_repeatable)
    while True:
        try:
            result: T = yield Send(call)
        except BluejayError as error:
            pause = pacing.pause_after(error)
            if on_retry:
                on_retry(error)
        else:
            return result
        yield Sleep(pause)


def next_step(steps: Steps[Any], outcome: Any) -> Step:
    """Give the outcome of the last step to the steps, an error as an error, and return the next step."""
    return steps.throw(outcome) if isinstance(outcome, BluejayError) else steps.send(outcome)
