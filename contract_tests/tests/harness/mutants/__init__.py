"""The cases for testing the rules: for each rule, responses that break it and responses that keep it."""

from __future__ import annotations

from functools import cache

from bluejay_contract.operations import Operation

from .case import CONTRACT, Case
from .declared import cases

__all__ = ["CONTRACT", "Case", "catalogue"]


@cache
def catalogue() -> tuple[Case, ...]:
    """Return all cases, by operation."""
    return tuple(case for operation in Operation for case in cases(operation))
