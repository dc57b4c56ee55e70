"""Collects everything that a call leaves behind for others to see."""

import logging
import os
import pickle
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest
from attrs import evolve, field, frozen
from bluejay_results import BluejayError

_OURS = f"{os.sep}bluejay_results{os.sep}"


@frozen
class Evidence:
    """Everything that one call left behind.

    Attributes:
        outcome: The result or error of the call.
        logs: Every log record at DEBUG, formatted and with all attributes, and every warning.
    """

    outcome: object
    logs: str = field(repr=False)

    @classmethod
    def of(cls, call: Callable[[], object], caplog: pytest.LogCaptureFixture) -> Self:
        """Make the call, and capture all logs and warnings."""
        caplog.set_level(logging.DEBUG)
        caplog.clear()
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                outcome = call()
            except BaseException as error:  # also Ctrl-C and cancellation
                outcome = error
        logs = [f"{caplog.handler.format(each)} {vars(each)}" for each in caplog.records]
        return cls(outcome, "\n".join([*logs, *map(str, warned)]))

    @property
    def error(self) -> BaseException | None:
        """The error that was raised; None if the call returned."""
        return self.outcome if isinstance(self.outcome, BaseException) else None


def messages(evidence: Evidence) -> str:
    """The texts of the outcome and of an error's causes."""
    return "\n".join(f"{each}\n{each!r}\n{_attributes(each)}" for each in _chain(evidence.outcome))


def plain_traceback(evidence: Evidence) -> str:
    """The tracebacks of an error and its causes, with every frame's variables."""
    return "".join(
        line
        for each in _chain(evidence.error)
        for line in traceback.TracebackException(
            type(each), each, _without_the_test(each.__traceback__), capture_locals=True
        ).format(chain=False)
    )


def pickles(evidence: Evidence) -> bytes:
    """The pickles of everything in the outcome except received bodies; if pickling fails, the error."""
    found = b""
    for each in _chain(evidence.error):
        if isinstance(each, BluejayError):
            each.body, each.exchange = None, each.exchange and evolve(each.exchange, body=b"")
    for each in _chain(evidence.outcome):
        for value in (each, *_attributes(each).values()):
            try:
                found += pickle.dumps(value)
            except (TypeError, AttributeError, pickle.PicklingError) as error:
                found += str(error).encode()
    return found


CHANNELS: dict[str, Callable[[Evidence], str | bytes]] = {
    "messages": messages,
    "logs and warnings": lambda evidence: evidence.logs,
    "traceback": plain_traceback,
    "pickles": pickles,
    "environment of child processes": lambda _: str(dict(os.environ)),
}


def _chain(outcome: object) -> Iterator[Any]:
    """Yield an error and its causes and contexts, including those that a traceback hides."""
    waiting, seen = [outcome], set()
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseException):
            waiting += [each.__cause__, each.__context__, getattr(each, "last_error", None)]


def _attributes(thing: object) -> dict[str, object]:
    """Return all attributes of an object except the received body, which can contain anything."""
    return {name: value for name, value in getattr(thing, "__dict__", {}).items() if name != "body"}


def _without_the_test(trace: types.TracebackType | None) -> types.TracebackType | None:
    """Leave out the frames of the test, which contain the key."""
    while trace and _OURS not in trace.tb_frame.f_code.co_filename:
        trace = trace.tb_next
    return trace
