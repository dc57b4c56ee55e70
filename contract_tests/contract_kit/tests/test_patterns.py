"""Strings are built to match a pattern."""

import pytest

from contract_kit.errors import UncoverableError
from contract_kit.read import patterns


@pytest.mark.parametrize("pattern", ["a{100000000}", "((a{1000}){1000}){1000}"])
def test_no_string_is_built_for_a_pattern_that_requires_millions_of_characters(
    pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = list[int]()
    monkeypatch.setattr(patterns, "distrust", lambda _: "")
    monkeypatch.setattr(patterns, "matches", lambda _, text: tried.append(len(text)))
    with pytest.raises(UncoverableError):
        patterns.example(pattern)
    assert 0 < max(tried) <= 200_000
