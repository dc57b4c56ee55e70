"""Reads a body into a model: the whole body or, if the body breaks the contract, its valid parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any, Literal, TypeVar, get_args

from bluejay_api.decoding import decode_usual

from ..errors import (
    BluejayError,
    ConfigurationError,
    ContractViolationError,
    UnsupportedValueError,
    Violation,
)
from .valid_parts import collect

T = TypeVar("T")

OnViolation = Literal["raise", "collect"]
_ON_VIOLATION = get_args(OnViolation)

VIEW_FORMAT = "bluejay-results/run"
"""The value of `format` in the output of `--json`."""


def read_body(
    data: bytes,
    model: type[T],
    on_violation: OnViolation,
    needed: str = "",
    *,
    noun: str = "response",
    where: str = "",
    error: Callable[..., BluejayError] | None = None,
) -> tuple[T, tuple[Violation, ...]]:
    """Decode a body; if it breaks the contract, parse it once more for its violations and its valid parts.

    Args:
        data: The body.
        model: The model to read the body into.
        on_violation: Whether to raise an error for a violation or to collect all violations.
        needed: The path of the one part that must be valid: if it is missing, the body is refused even with
            `collect`.
        noun: The name of the body in messages.
        where: What to write before the JSON paths of an error.
        error: Makes an error from its class, its message and its attributes; by default, with the body.

    Raises:
        ContractViolationError: The body breaks the contract. With `collect`, raised only if no part is valid.
        UnsupportedValueError: The contract allows the body, but this package can't represent it.
        ConfigurationError: `on_violation` is neither `raise` nor `collect`.
    """
    check_on_violation(on_violation)
    with suppress(RecursionError, ValueError):
        return decode_usual(data, model), ()
    value, violations = collect(data, model)
    is_missing = any(each.path == needed for each in violations)
    if value is None or is_missing or (violations and on_violation == "raise"):
        raise _refusal(violations, data, noun, where, error or partial(_error, data))
    return value, violations


def _error(data: bytes, kind: type[BluejayError], message: str, **attributes: Any) -> BluejayError:
    return kind(message, body=data, **attributes)


def check_on_violation(value: object) -> None:
    """Raise ConfigurationError for a value that is neither `raise` nor `collect`."""
    if value not in _ON_VIOLATION:
        raise ConfigurationError(f"on_violation must be 'raise' or 'collect', got {value!r}.")


@contextmanager
def naming_file(name: str) -> Iterator[None]:
    """Start the message of an error with the name of the file that was read."""
    try:
        yield
    except BluejayError as error:
        raise replace(error, message=f"{name}: {error}") from None


def refuse_view(data: bytes) -> None:
    """Raise ConfigurationError for the output of `--json`, because it isn't a saved response."""
    if re.match(rb'\s*{\s*"format"\s*:\s*"%b"' % VIEW_FORMAT.encode(), data):
        raise ConfigurationError("This is the output of --json, not a saved run. Save a run with --har.")


def _refusal(
    found: tuple[Violation, ...], body: bytes, noun: str, where: str, error: Callable[..., BluejayError]
) -> BluejayError:
    """Return the error for the violations and unsupported values in a body; violations take precedence."""
    violations = tuple(each for each in found if not each.is_limit)
    first = (violations or found)[0]
    reason = f"{first.message} at {first.path}."
    if not violations:
        return error(UnsupportedValueError, reason)
    if not body.strip():
        message = f"The {noun} is empty."
    elif first.is_malformed:
        message = f"The {noun} is not JSON: {first.message.removeprefix('JSON is malformed: ')}."
    else:
        message = f"The {noun} breaks the contract: {reason}"
    located = tuple(replace(each, path=f"{where}{each.path}") for each in violations)
    return error(ContractViolationError, message, violations=located)
