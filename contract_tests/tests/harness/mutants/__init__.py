"""The cases for testing the rules: for each rule, responses that break it and responses that keep it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bluejay_contract.operations import Operation

from . import declared, protocol
from .case import CONTRACT, Case

__all__ = ["CONTRACT", "Case", "catalogue"]


@cache
def catalogue() -> tuple[Case, ...]:
    """Return all cases, by operation."""
    return tuple(case for operation in Operation for case in _cases(operation))


def _cases(operation: Operation) -> Iterator[Case]:
    yield from declared.cases(operation)
    yield from protocol.cases(operation)
