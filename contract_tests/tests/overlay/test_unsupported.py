"""A value that the contract allows but this package can't represent is a limit, not a violation."""

from contextlib import nullcontext
from typing import Any

import pytest
from bluejay_results import ContractViolationError, SimulationRun, UnsupportedValueError, Violation
from bluejay_results.results.responses import OnViolation
from bluejay_results.results.run_figures import computed
from contract_kit.tests.tables import table

from .. import builders

HOLE = '"@"'
DEEP = "[" * 100_000 + "]" * 100_000
EMPTY = ",".join(["{}"] * 360_000)
MIB = 1 << 20
QUOTES = r"\"" * (MIB // 2)
MODES: tuple[OnViolation, ...] = ("raise", "collect")
LIMITS: dict[str, tuple[str, str, str, str]] = {
    "half a surrogate pair in a new field": ("new", r'"\udc00"', "$", "half of a surrogate pair"),
    "a body nested 100,000 deep": ("new", DEEP, "$", "JSON nested this deeply"),
    "a text of over 1 MiB": ("summary", f'"{"a" * MIB}a"', "$", "a text of over 1 MiB"),
    "a text of over 1 MiB in a new field": ("new", rf'"{"a" * 9}{QUOTES}"', "$", "a text of over 1 MiB"),
}
"""Bodies that no decoder of ours reads. `golden/texts/decoding.txt` has the values that no field holds."""


def _body(name: str, value: str, **fields: Any) -> bytes:
    scores = {"sentiment_score": "@"} if name == "sentiment_score" else {}
    fields |= {} if scores else {name: "@"}
    result = builders.result(evaluations=[builders.evaluation(**scores)])
    return builders.encoded(builders.response(result, **fields)).replace(HOLE.encode(), value.encode())


@table("case", LIMITS)
def test_a_body_beyond_our_limits_is_refused_even_if_violations_are_collected(case: str) -> None:
    name, value, path, what = LIMITS[case]
    body = _body(name, value)
    for mode in MODES:
        with pytest.raises(UnsupportedValueError, match=what) as caught:
            SimulationRun.from_bytes(body, on_violation=mode)
        assert str(caught.value).endswith(f" at {path}.")
        assert caught.value.body == body


@table(
    "value",
    [EMPTY, "[" * 200 + EMPTY + "]" * 200, f'"{EMPTY[:MIB]}"', f'"{"a" * MIB}"', f'"{QUOTES}"'],
)
def test_texts_of_1_mib_and_any_number_of_brackets_are_read(value: str) -> None:
    assert SimulationRun.from_bytes(_body("new", f"[{value}]")).results


@pytest.mark.parametrize(("records", "pages"), [(20_001, 1), (10_001, 2)])
def test_a_run_of_over_20_000_records_is_refused(records: int, pages: int) -> None:
    body = builders.encoded(builders.response(*[builders.result()] * records))
    with pytest.raises(UnsupportedValueError, match="20,000"):
        SimulationRun.from_bytes([body] * pages)


@pytest.mark.parametrize(("count", "is_refused"), [(1_000, False), (1_001, True)])
def test_figures_of_a_run_with_over_1000_custom_metrics_are_refused(count: int, is_refused: bool) -> None:
    fields = {"description": "", "response_type": "quantitative", "response_value": "1"}
    metrics = [{"name": f"m{each}", **fields} for each in range(count)]
    run = builders.saved_run(builders.result(evaluations=[builders.evaluation(custom_metrics=metrics)]))
    with pytest.raises(UnsupportedValueError, match="1,000") if is_refused else nullcontext():
        assert computed(run).metrics


def test_collecting_ends_after_10_000_violations() -> None:
    body = builders.encoded(builders.response(builders.result(events=[1] * 20_000)))
    with pytest.raises(ContractViolationError) as caught:
        SimulationRun.from_bytes(body, on_violation="collect")
    assert len(caught.value.violations) == 10_000


@table(
    "name, value", [("created_at", '"0000-02-29T00:00:00Z"'), ("total_tests", "1e400"), ("new", r'"\ud83d"')]
)
def test_a_violation_takes_precedence_over_a_value_beyond_our_limits(name: str, value: str) -> None:
    with pytest.raises(ContractViolationError, match=r"summary \(Expected [^$]*$") as caught:
        SimulationRun.from_bytes(_body(name, value, summary=5))
    assert caught.value.violations == (
        Violation("$.simulation_run.summary", "Expected `str | null`, got `int`"),
    )
