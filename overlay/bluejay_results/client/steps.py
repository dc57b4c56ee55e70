"""The steps that both clients share: a generator yields the next step, and each client executes it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

from attrs import frozen

from ..errors import BluejayError, ContractViolationError, UsageError
from .call import Call
from .retry import Retries

T = TypeVar("T")

FATAL = (ContractViolationError, UsageError)
"""After one of these errors, the other requests of a `SendAll` are not needed."""


@frozen
class Send:
    """Send one request; the outcome is the result of the operation, or its error."""

    call: Call[Any]


@frozen
class SendAll:
    """Send several requests, `at_once` at a time; the outcome maps each request's index to a result or error.

    After a 429 or a fatal error, no more requests are sent, and the unsent requests have no outcome. After a
    fatal error, the tasks of an asynchronous client are cancelled; threads finish their current request.
    """

    calls: Sequence[Call[Any]]
    at_once: int


class Turns:
    """The requests of a `SendAll`, and their outcomes. Iterating ends after a 429 or a fatal error.

    Whoever sent a request stores its outcome before it takes the next one, so that no request follows a 429.
    """

    def __init__(self, step: SendAll) -> None:
        self._calls = step.calls
        self.at_once = min(step.at_once, len(step.calls))
        self.outcomes: dict[int, Any] = {}
        self._is_over = False

    def __iter__(self) -> Iterator[tuple[int, Call[Any]]]:
        for place, call in enumerate(self._calls):
            if self._is_over:
                return
            yield place, call

    def took(self, place: int, outcome: Any) -> bool:
        """Store the outcome of a request; return whether it is fatal."""
        self.outcomes[place] = outcome
        is_fatal = isinstance(outcome, FATAL)
        self._is_over |= is_fatal or (isinstance(outcome, BluejayError) and outcome.status_code == 429)
        return is_fatal


@frozen
class Sleep:
    """Wait before the next step."""

    seconds: float


Step: TypeAlias = Send | SendAll | Sleep
Steps: TypeAlias = Generator[Step, Any, T]


def send_with_retries(
    call: Call[T], on_retry: Callable[[BluejayError], None] | None = None, retries: Retries | None = None
) -> Steps[T]:
    """Send a request until it succeeds or can't be retried; call `on_retry` before each retry.

    Several requests may share their `retries`.
    """
    retries = retries or retries_of(call)
    while True:
        try:
            result: T = yield Send(call)
        except BluejayError as error:
            pause = retries.pause_after(error)
            if on_retry:
                on_retry(error)
        else:
            return result
        yield Sleep(pause)


def retries_of(call: Call[Any]) -> Retries:
    """Return the retries that a call may make."""
    return Retries(call.config.retries, call.deadline, may_repeat=call.operation.is_repeatable)


def next_step(steps: Steps[Any], outcome: Any) -> Step:
    """Send the last outcome to the generator, or raise an error in the generator; return the next step."""
    return steps.throw(outcome) if isinstance(outcome, BluejayError) else steps.send(outcome)
