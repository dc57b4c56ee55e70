"""Rules about custom metrics."""

from __future__ import annotations

from collections.abc import Iterator

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity

from ._applies import has_run
from ._document import Object, evaluations_of, number, objects
from ._rule import Finding, Rule


def _metric_in_range(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A custom metric's answer is within its own range."""
    for path, metric in _metrics(exchange):
        low, high, answer = number(metric, "min_value"), number(metric, "max_value"), _answer(metric)
        if low is not None and high is not None and low > high:
            yield f"{path}.min_value", f"at most max_value, {high}", low
        elif answer is not None and not (low is None or answer >= low):
            yield f"{path}.response_value", f"{low} or more", answer
        elif answer is not None and not (high is None or answer <= high):
            yield f"{path}.response_value", f"{high} or less", answer


def _metric_of_its_type(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A custom metric's answer is of the type that was asked for."""
    for path, metric in _metrics(exchange):
        kind, value = str(metric.get("response_type")).lower(), metric.get("response_value")
        options = metric.get("enum_options")
        if kind in {"number", "integer", "float", "score"}:
            if isinstance(value, str) and _answer(metric) is None:
                yield f"{path}.response_value", "a number", value
        elif kind in {"boolean", "bool"}:
            if str(value).lower() not in {"true", "false"}:
                yield f"{path}.response_value", "true or false", value
        elif isinstance(options, list) and options and value not in options:
            yield f"{path}.response_value", "one of its enum_options", value


def _metrics(exchange: Exchange) -> Iterator[tuple[str, Object]]:
    for path, evaluation in evaluations_of(exchange):
        yield from objects(evaluation, "custom_metrics", path)


def _answer(metric: Object) -> float | None:
    try:
        return float(metric["response_value"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


RULES = (
    Rule("metric-in-range", Severity.SUSPICIOUS, _metric_in_range, has_run),
    Rule("metric-of-its-type", Severity.SUSPICIOUS, _metric_of_its_type, has_run),
)
