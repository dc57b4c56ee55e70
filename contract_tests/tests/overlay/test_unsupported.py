"""A value that the contract allows but this package can't represent is a limit, not a violation."""

from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    BluejayClient,
    ContractViolationError,
    SimulationRun,
    UnsupportedValueError,
    Violation,
)

from .. import builders

HOLE = '"@"'
TOTAL = "$.simulation_run.total_tests"
SCORE = "$.simulation_results[0].evaluations[0].sentiment_score"
LARGE = "a number this large"
HALF = "half of a surrogate pair"
DEEP = "[" * 100_000 + "]" * 100_000
HELD_BY_NO_FIELD = {
    "integer 1e400": ("total_tests", "1e400", TOTAL, LARGE),
    "integer of 5,000 digits": ("total_tests", "9" * 5000, TOTAL, LARGE),
    "number 1e400": ("sentiment_score", "1e400", SCORE, LARGE),
    "number with an endless exponent": ("sentiment_score", "-1e9223372036854775803", SCORE, LARGE),
    "year 0000": ("created_at", '"0000-02-29T00:00:00Z"', "$.simulation_run.created_at", "the year 0000"),
}
HELD_BY_NOTHING = {
    "half a surrogate pair": ("summary", r'"\ud83d"', "$", HALF),
    "half a surrogate pair for a status": ("status", r'"\ud83d"', "$.simulation_run.status", HALF),
    "half a surrogate pair in a new field": ("new", r'"\udc00"', "$", HALF),
    "a body nested 100,000 deep": ("new", DEEP, "$", "JSON nested this deeply"),
}
LIMITS = HELD_BY_NO_FIELD | HELD_BY_NOTHING


def _body(name: str, value: str, **fields: Any) -> bytes:
    evaluation = builders.evaluation(**({name: "@"} if name.startswith("sentiment") else {}))
    if not name.startswith("sentiment"):
        fields[name] = "@"
    result = builders.result(evaluations=[evaluation])
    return builders.encoded(builders.response(result, **fields)).replace(HOLE.encode(), value.encode())


def _message(what: str) -> str:
    return f"This package can't represent {what} (its own limit, not the contract's)"


@pytest.mark.parametrize(("name", "value", "path", "what"), LIMITS.values(), ids=LIMITS)
def test_a_value_beyond_our_limits_raises_unsupported_value_error_with_the_body(
    name: str, value: str, path: str, what: str
) -> None:
    body = _body(name, value)
    with pytest.raises(UnsupportedValueError) as caught:
        SimulationRun.from_bytes(body)
    assert str(caught.value) == f"{_message(what)} at {path}."
    assert caught.value.body == body


@pytest.mark.parametrize(("name", "value", "path", "what"), HELD_BY_NO_FIELD.values(), ids=HELD_BY_NO_FIELD)
def test_collect_lists_a_value_that_one_field_cannot_represent(
    name: str, value: str, path: str, what: str
) -> None:
    run = SimulationRun.from_bytes(_body(name, value), on_violation="collect")
    assert run.violations == (Violation(path, _message(what), is_limit=True),)
    assert len(run.results) == 1


@pytest.mark.parametrize("case", HELD_BY_NOTHING)
def test_collect_raises_for_a_limit_that_affects_the_whole_body(case: str) -> None:
    name, value, *_ = HELD_BY_NOTHING[case]
    with pytest.raises(UnsupportedValueError):
        SimulationRun.from_bytes(_body(name, value), on_violation="collect")


@pytest.mark.parametrize(
    ("name", "value"),
    [("created_at", '"0000-02-29T00:00:00Z"'), ("total_tests", "1e400"), ("new", r'"\ud83d"')],
)
def test_a_violation_takes_precedence_over_a_limit(name: str, value: str) -> None:
    with pytest.raises(ContractViolationError, match=r"got `int` at \$\.simulation_run\.summary") as caught:
        SimulationRun.from_bytes(_body(name, value, summary=5))
    assert caught.value.violations == (
        Violation("$.simulation_run.summary", "Expected `str | null`, got `int`"),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("total_tests", "9" * 400 + ".5"),  # not an integer
        ("summary", "1e400"),
        ("created_at", '"0000-02-30T00:00:00Z"'),
        ("summary", '"\ud83d"'),  # not UTF-8
    ],
)
def test_a_value_that_the_contract_forbids_is_a_violation_not_a_limit(name: str, value: str) -> None:
    body = _body(name, "@@").replace(b"@@", value.encode(errors="surrogatepass"))
    with pytest.raises(ContractViolationError):
        SimulationRun.from_bytes(body)


def test_an_unsupported_value_names_the_run_and_is_not_retried(stub: Stub) -> None:
    stub.serve("48213", Answer(_body("total_tests", "1e400")))
    with (
        BluejayClient("test-key", stub.url) as client,
        pytest.raises(UnsupportedValueError) as caught,
    ):
        client.retrieve("48213")
    assert caught.value.status_code == 200
    assert caught.value.run_id == "48213"
    assert caught.value.url
    assert len(stub.requests) == 1
