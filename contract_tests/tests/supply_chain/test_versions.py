"""The files that `make test-versions` runs exist, and it uses each release of Python once."""

import json
from typing import Any

from .versions import SUITE, TESTS, pythons


def test_make_test_versions_names_files_that_exist() -> None:
    assert [each for each in SUITE if not (TESTS / each).is_file()] == []


def test_each_supported_release_of_python_is_used_once() -> None:
    found = [_found(3, 13, "a"), _found(3, 9, "b"), _found(3, 13, "c"), _found(3, 11, "d")]
    found += [_found(3, 14, "e") | {"variant": "freethreaded"}]
    assert pythons(json.dumps(found), ">=3.11") == {(3, 11): "d", (3, 13): "a"}


def _found(major: int, minor: int, path: str) -> dict[str, Any]:
    version = {"major": major, "minor": minor}
    return {"version_parts": version, "path": path, "implementation": "cpython", "variant": "default"}
