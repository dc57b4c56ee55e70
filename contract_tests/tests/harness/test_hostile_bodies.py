"""Malicious bodies: each rule terminates, at a cost bounded by the body's size."""

import json
import sys
import tracemalloc
from typing import Any

import pytest
from bluejay_contract.checks import check, check_sequence
from bluejay_contract.operations import RESULTS

from .. import builders
from .findings import CONTRACT, answered, found_in
from .mutants import sound

HUGE = 10**4000
ODD_VALUES = [HUGE, -HUGE, 1e308, True, "1e999", "NaN", [], {}, "", "9999-12-31T23:59:59-23:59"]


@pytest.mark.parametrize("value", ODD_VALUES, ids=lambda value: repr(value)[:20])
def test_no_rule_crashes_on_an_arbitrary_field_value(value: Any) -> None:
    read = answered(_everywhere(sound(CONTRACT, CONTRACT.operations[RESULTS], 200), value))
    found = check(CONTRACT, read) + check_sequence(read, read)
    assert all(len(failure.expected) + len(failure.received) < 500 for failure in found)


def _everywhere(document: Any, value: Any) -> Any:
    if isinstance(document, dict):
        return {key: _everywhere(each, value) for key, each in document.items()}
    if isinstance(document, list):
        return [_everywhere(each, value) for each in document]
    return document if isinstance(document, str) and document == "COMPLETED" else value


def test_a_deeply_nested_value_is_shown_in_a_short_form() -> None:
    deep = json.loads("[" * 900 + "]" * 900)
    found = found_in(answered(builders.response(builders.result(digital_human_id=deep))))
    [shown] = [failure.received for failure in found if failure.rule == "response-schema-conformance"]
    assert shown == '[[[[[["…"]]]]]]'


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"<html>",
        b"[" * 100_000,
        b"[" * 200 + b"]" * 201,
        b'"\xed\xa0\x80"',
    ],
    ids=lambda body: repr(body[:9]),
)
def test_a_body_that_is_not_json_is_refused_even_if_it_is_deeply_nested(body: bytes) -> None:
    assert not answered(body).has_document


LARGEST = 2**53 - 1
BESIDE = builders.encoded(builders.response() | {"a": "@"})


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (str(LARGEST), None),
        (f"-{LARGEST + 1}", "$.a"),
        ("1e308", None),
        ("-1e309", "$.a"),
        (f"{'9' * 400}.5", "$.a"),
        ('"1e400 9007199254740993"', None),
        ("0.12345678901234567890", None),
        (r'"\ud83d\ude00"', None),
        (r'"\\ud83d"', None),
        (r'"\ud83d \ude00"', "$.a"),
        (r'"\\\uDE00"', "$.a"),
        (r'{"\udc00": 1}', "$.a"),
        ("9" * 5_000, "$.a"),
        (r'["\\", ' + "[" * 200 + "]" * 201, "$"),
        ("[" * 99 + "]" * 99, None),
        ("[" * 100 + "]" * 100, "$"),
        ('{"b": ' * 2_000 + '"]"' + "}" * 2_000, "$"),
        (r'"[[\"[[' + "[" * 200 + '"', None),
    ],
)
@pytest.mark.parametrize("digits", [640, 0])
def test_json_that_exceeds_common_limits_is_reported(digits: int, value: str, path: str | None) -> None:
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(digits)
    try:
        found = found_in(answered(BESIDE.replace(b'"@"', value.encode())))
    finally:
        sys.set_int_max_str_digits(before)
    assert {failure.rule for failure in found} == {"unknown-field"} | ({"portable-json"} if path else set())
    assert [each.path for each in found if each.rule == "portable-json"] == ([path] if path else [])


SCORES = {f"label {number}": 1 for number in range(30_000)} | {"the one that is wrong": "high"}
MANY = {
    "items": {"simulation_run": {}, "simulation_results": [1] * 100_000},
    "names": builders.response(builders.result(evaluations=[builders.evaluation(sentiment_scores=SCORES)])),
}


@pytest.mark.parametrize("document", MANY.values(), ids=MANY)
def test_the_memory_used_for_failures_does_not_grow_with_the_body(document: Any) -> None:
    read = answered(document)
    assert read.has_document
    tracemalloc.start()
    check(CONTRACT, read)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000
