"""A pytest plugin under `coverage run`: each line is recorded with the files of tests that reach it.

Processes that a test starts take the file from TEST_FILE, which pyproject.toml names.
"""

import os
from collections.abc import Iterator

import coverage
import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Record what runs from now on for this test's file."""
    os.environ["TEST_FILE"] = file = item.nodeid.partition("::")[0]
    if running := coverage.Coverage.current():
        running.switch_context(file)
    return (yield)
