"""Malicious bodies: each rule terminates, at a cost bounded by the body's size."""

import sys
import tracemalloc
from typing import Any

from bluejay_contract.checks import check, check_sequence
from bluejay_contract.operations import RESULTS
from bluejay_contract.parsing import parsed
from contract_kit.tests.tables import table

from .. import builders
from .findings import answered
from .mutants import CONTRACT
from .mutants.case import sound

HUGE = 10**4000
ODD_VALUES = [HUGE, -HUGE, 1e308, True, "1e999", "NaN", [], {}, "", "9999-12-31T23:59:59-23:59"]


@table("value", ODD_VALUES)
def test_no_rule_crashes_on_an_arbitrary_field_value(value: Any) -> None:
    read = answered(_everywhere(sound(RESULTS), value))
    found = check(CONTRACT, read) + check_sequence(read, read)
    assert all(len(failure.expected) + len(failure.received) < 500 for failure in found)


def _everywhere(document: Any, value: Any) -> Any:
    if isinstance(document, dict):
        return {key: _everywhere(each, value) for key, each in document.items()}
    if isinstance(document, list):
        return [_everywhere(each, value) for each in document]
    return document if isinstance(document, str) and document == "COMPLETED" else value


BESIDE = [b"9" * 5_000, b"-" + b"9" * 400, b"1e309", b'[{"a": 9007199254740993}]', b"[" * 100_000]


def test_the_same_is_read_whatever_the_limit_of_pythons_integers() -> None:
    before, read = sys.get_int_max_str_digits(), []
    try:
        for digits in (640, 0):
            sys.set_int_max_str_digits(digits)
            read.append([parsed(body) for body in BESIDE])
    finally:
        sys.set_int_max_str_digits(before)
    assert read[0] == read[1]


SCORES = {f"label {number}": 1 for number in range(30_000)} | {"the one that is wrong": "high"}
MANY = {
    "items": {"simulation_run": {}, "simulation_results": [1] * 100_000},
    "names": builders.response(builders.result(evaluations=[builders.evaluation(sentiment_scores=SCORES)])),
}


@table("document", MANY.values())
def test_the_memory_used_for_failures_does_not_grow_with_the_body(document: Any) -> None:
    read = answered(document)
    assert read.has_document
    tracemalloc.start()
    check(CONTRACT, read)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000
