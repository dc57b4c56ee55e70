"""Excerpts: where a body differs from the valid body, and how much of the body is kept."""

import json
from typing import Any

import pytest

from contract_kit.judge.excerpts import Excerpt


def excerpt(valid: str, sent: str | bytes) -> Excerpt:
    found = Excerpt.of(valid.encode(), sent.encode() if isinstance(sent, str) else sent)
    assert found
    return found


@pytest.mark.parametrize(
    ("valid", "sent", "expected"),
    [
        ('{"a": 1}', '{"a": "1"}', Excerpt('{"a": ', "1", '"1"', "}")),
        ('{"a": "10:05Z"}', '{"a": "10:05"}', Excerpt('{"a": ', '"10:05Z"', '"10:05"', "}")),
        ('{"a": "x\\"y"}', '{"a": "x\\"z"}', Excerpt('{"a": ', '"x\\"y"', '"x\\"z"', "}")),
        ('{"a": 1, "b": 2}', '{"b": 2}', Excerpt("{", '"a": 1, ', "", '"b": 2}')),
        ("[7, 7]", "[7, 7, 7]", Excerpt("[7, 7", "", ", 7", "]")),
        (
            f'["{"a" * 70}", 1, 2, "{"b" * 70}"]',
            f'["{"a" * 70}", 1, 3, "{"b" * 70}"]',
            Excerpt("…, 1, ", "2", "3", ", …"),
        ),
        ("{}", "", Excerpt("", "{}", "", "")),
        ("{}", b"\xff{}", Excerpt("", "", "\\xff", "{}")),
    ],
)
def test_an_excerpt_begins_and_ends_between_tokens(valid: str, sent: str | bytes, expected: Excerpt) -> None:
    assert excerpt(valid, sent) == expected


def test_an_excerpt_is_short_even_if_the_bodies_are_large() -> None:
    found = excerpt(f'["{"a" * 999}", {"1, " * 999}2]', f'["{"a" * 999}", {"3, " * 999}2, {"9, " * 999}]')
    assert [len(each) for each in (found.valid, found.sent)] == [241, 241]
    assert max(len(found.before), len(found.after)) <= 61


@pytest.mark.parametrize(
    "early", ["C:\\", 'a "quoted" word', "\\" * 4_001, '"' * 4_001], ids=lambda each: each[:9]
)
@pytest.mark.parametrize(
    "filler", [[7] * 2_000, "x" * 9_000, '\\"' * 3_000], ids=["items", "text", "escapes"]
)
def test_a_difference_is_found_after_escapes_and_within_long_strings(early: str, filler: Any) -> None:
    valid, sent = (json.dumps([early, filler, each]) for each in ("old", "new"))
    found = excerpt(valid, sent)
    assert (found.valid, found.sent) == ('"old"', '"new"')


def test_a_difference_in_a_long_body_is_found_at_its_position() -> None:
    long = [f"text {number}" for number in range(5_000)]
    for changed in (0, 2_500, 4_999):
        other = [each if at != changed else None for at, each in enumerate(long)]
        found = Excerpt.of(json.dumps(long).encode(), json.dumps(other).encode())
        assert found
        assert (found.valid, found.sent) == (f'"text {changed}"', "null")
