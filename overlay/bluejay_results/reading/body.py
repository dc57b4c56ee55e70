"""Reads a body into a model: the whole body or, if the body breaks the contract, its valid parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TypeVar, get_args

import msgspec
from bluejay_api.decoding import decode

from .._secrets import without_signatures
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
    decoded: T | None = None,
) -> tuple[T, tuple[Violation, ...]]:
    """Read the body of a 200; with `collect`, return the valid parts and list the violations.

    Args:
        data: The body.
        model: The model to read the body into.
        on_violation: Whether to raise an error for a violation or to collect all violations.
        needed: The path of the one part that must be valid: if it is missing, the body is refused even with
            `collect`.
        noun: The name of the body in messages.
        decoded: The model in the body, if the body was decoded before.

    Raises:
        ContractViolationError: The body breaks the contract. With `collect`, raised only if no part is valid.
        UnsupportedValueError: The contract allows the body, but this package can't represent it.
        ConfigurationError: `on_violation` is neither `raise` nor `collect`.
    """
    if decoded:
        return decoded, ()
    check_on_violation(on_violation)
    try:
        return decode(data, model), ()
    except msgspec.DecodeError:
        pass
    value, violations = collect(data, model)
    is_missing = any(each.path == needed for each in violations)
    if on_violation == "raise" or value is None or is_missing:
        raise _refusal(violations, data, noun)
    return value, violations


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
        error.args = (f"{name}: {error}",)
        raise


def refuse_view(data: bytes) -> None:
    """Raise ConfigurationError for the output of `--json`, because it isn't a saved response."""
    if re.match(rb'\s*{\s*"format"\s*:\s*"%b"' % VIEW_FORMAT.encode(), data):
        raise ConfigurationError("This is the output of --json, not a saved run. Save a run with --har.")


def _refusal(
    found: tuple[Violation, ...], body: bytes, noun: str
) -> ContractViolationError | UnsupportedValueError:
    """Return the error for the violations and unsupported values in a body; violations take precedence."""
    violations = tuple(each for each in found if not each.is_limit)
    first = (violations or found)[0]
    reason = without_signatures(f"{first.message} at {first.path}.")
    if not violations:
        return UnsupportedValueError(reason, body=body)
    if not body.strip():
        message = f"The {noun} is empty."
    elif first.is_malformed:
        message = f"The {noun} is not JSON: {first.message.removeprefix('JSON is malformed: ')}."
    else:
        message = f"The {noun} breaks the contract: {reason}"
    error = ContractViolationError(message, body=body)
    error.violations = violations
    return error
