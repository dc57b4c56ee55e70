"""Tests of a table: one test for all rows, which reports every row that fails."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest


def table(names: str, rows: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a test each row in turn, in the parameters with these names.

    It is written like `pytest.mark.parametrize`, for rows that share the test's other fixtures.
    """
    columns, listed = [each.strip() for each in names.split(",")], list(rows)
    assert listed, "a table without rows tests nothing"

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def run(subtests: pytest.Subtests, **fixtures: Any) -> None:
            for row in listed:
                values = dict(zip(columns, row if len(columns) > 1 else (row,), strict=True))
                with subtests.test(**values):
                    test(**fixtures, **values)

        signature = inspect.signature(test)
        fixtures = [each for name, each in signature.parameters.items() if name not in columns]
        own = inspect.Parameter("subtests", inspect.Parameter.KEYWORD_ONLY)
        keywords = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in fixtures]
        run.__signature__ = signature.replace(parameters=[own, *keywords])  # type: ignore[attr-defined] # pytest reads it
        return run

    return decorate
