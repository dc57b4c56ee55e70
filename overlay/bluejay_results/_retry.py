"""When a failed request is sent again, and after how long."""

import logging
from typing import Any

import tenacity

from ._exchange import RETRIED_STATUSES, Exchange
from .errors import BluejayError, ConnectionFailedError, RateLimitError, ServerError, TLSError

_LOG = logging.getLogger("bluejay_results")
_BACKOFF = tenacity.wait_exponential_jitter(multiplier=0.5, max=8, jitter=0.5)


def policy(exchange: Exchange) -> dict[str, Any]:
    """Return the arguments for tenacity, the same for its synchronous and its asynchronous controller.

    A pause that the call's deadline has no room for, with another attempt after it, is not begun: the error
    is raised at once.
    """

    def stop(state: tenacity.RetryCallState) -> bool:
        used_up = state.attempt_number > exchange.config.retries
        room = exchange.deadline.left() - exchange.deadline.reserve
        return used_up or state.upcoming_sleep >= room

    return {
        "retry": tenacity.retry_if_exception(is_passing),
        "wait": _pause,
        "stop": stop,
        "before_sleep": _log,
        "reraise": True,
    }


def is_passing(error: BaseException) -> bool:
    """Whether the same request may well succeed a moment later."""
    if isinstance(error, BluejayError) and error.status_code is not None:
        return error.status_code in RETRIED_STATUSES
    return isinstance(error, ConnectionFailedError) and not isinstance(error, TLSError)


def asked_pause(error: BaseException | None) -> float | None:
    """Return the seconds that the server asked to wait, if it did."""
    return error.retry_after if isinstance(error, RateLimitError | ServerError) else None


def _pause(state: tenacity.RetryCallState) -> float:
    asked = asked_pause(state.outcome.exception() if state.outcome else None)
    return _BACKOFF(state) if asked is None else asked


def _log(state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    _LOG.info("attempt %d failed, next in %.1f s: %s", state.attempt_number, state.upcoming_sleep, error)
