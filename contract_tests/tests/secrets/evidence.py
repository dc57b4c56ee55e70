"""Collects everything that a call leaves behind for others to see."""

import logging
import os
import pickle
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import evolve
from bluejay_results import BluejayError

_OURS = f"{os.sep}bluejay_results{os.sep}"


def left_by(
    call: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> tuple[object, dict[str, str | bytes]]:
    """Make a call; return its result or its error, and everything else that it leaves behind, by name."""
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            ended = call()
        except BaseException as error:  # also Ctrl-C and cancellation
            ended = error
    chain = [*_chain(ended)]
    traces = "".join(_traceback(each) for each in chain if isinstance(each, BaseException))
    logs = [f"{caplog.handler.format(each)} {vars(each)}" for each in caplog.records]
    messages = "\n".join(f"{each}\n{each!r}\n{_attributes(each)}" for each in chain)
    for each in chain:
        if isinstance(each, BluejayError):  # a received body may contain signed URLs
            each.body, each.exchange = None, each.exchange and evolve(each.exchange, body=b"")
    return ended, {
        "messages": messages,
        "logs and warnings": "\n".join([*logs, *map(str, warned)]),
        "traceback": traces,
        "environment of child processes": str(dict(os.environ)),
        "pickles": b"".join(map(_pickled, chain)),
    }


def _chain(outcome: object) -> Iterator[Any]:
    """Yield an error and its causes and contexts, including those that a traceback hides."""
    waiting, seen = [outcome], set[int]()
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [getattr(each, name, None) for name in ("__cause__", "__context__", "last_error")]


def _attributes(thing: object) -> dict[str, object]:
    """Return all attributes of an object except the received body, which can contain anything."""
    return {name: value for name, value in getattr(thing, "__dict__", {}).items() if name != "body"}


def _traceback(error: BaseException) -> str:
    """Return an error's traceback with every frame's variables, without the test's, which have the key."""
    trace: types.TracebackType | None = error.__traceback__
    while trace and _OURS not in trace.tb_frame.f_code.co_filename:
        trace = trace.tb_next
    told = traceback.TracebackException(type(error), error, trace, capture_locals=True)
    return "".join(told.format(chain=False))


def _pickled(thing: Any) -> bytes:
    """Return the pickles of a thing and its attributes except a received body, or the errors of pickling."""
    found = b""
    for value in (thing, *_attributes(thing).values()):
        try:
            found += pickle.dumps(value)
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            found += str(error).encode()
    return found
