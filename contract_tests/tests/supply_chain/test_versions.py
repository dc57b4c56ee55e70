"""What `make test-versions` runs is there, and it takes each release of Python once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .versions import SUITE, TESTS, pythons


@pytest.mark.parametrize("test", SUITE)
def test_what_it_runs_is_there(test: str) -> None:
    path, _, name = test.partition("::")
    assert f"def {name}" in (TESTS / path).read_text()


def test_it_takes_each_release_from_the_floor_on_once() -> None:
    found = [_found(3, 13, "a"), _found(3, 9, "b"), _found(3, 13, "c"), _found(3, 11, "d")]
    found += [_found(3, 14, "e") | {"variant": "freethreaded"}]
    assert pythons(json.dumps(found), ">=3.11") == {(3, 11): "d", (3, 13): "a"}


def _found(major: int, minor: int, path: str) -> dict[str, Any]:
    version = {"major": major, "minor": minor}
    return {"version_parts": version, "path": path, "implementation": "cpython", "variant": "default"}
