"""Rules about custom metrics; see docs/definitions.md, Rules about figures.

A reviewer's answer must follow the same rules as the judge's answer that it replaces.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity
from bluejay_contract.operations import RESULT, RESULTS
from bluejay_contract.parsing import parsed

from .document import Object, number, parts, text
from .outcomes import answer
from .rule import Finding, rule, success

_METRICS = "results.evaluations.custom_metrics"
_NOT_APPLICABLE = re.compile(r"n/?a|not[ _-]?applicable", re.IGNORECASE)


@rule("metric-in-range", Severity.SUSPICIOUS, success(RESULTS, RESULT))
def _metric_in_range(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A quantitative metric's answer must be between its min_value and max_value."""
    for path, metric in parts(exchange, _METRICS):
        low, high = number(metric, "min_value"), number(metric, "max_value")
        field, given = _answer(metric)
        value = _number(given or "") if _type(metric) == "quantitative" else None
        if low is not None and high is not None and low > high:
            yield f"{path}.min_value", f"at most {high} (max_value)", low
        elif value is not None and not (low is None or value >= low):
            yield f"{path}.{field}", f"{low} or more", value
        elif value is not None and not (high is None or value <= high):
            yield f"{path}.{field}", f"{high} or less", value


@rule("metric-matches-type", Severity.SUSPICIOUS, success(RESULTS, RESULT))
def _metric_matches_type(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A custom metric's answer must match its response_type, or be "not applicable"."""
    for path, metric in parts(exchange, _METRICS):
        (field, given), options = _answer(metric), metric.get("enum_options")
        expected, is_answer = ANSWERS.get(_type(metric), ("anything", _is_text))
        if _type(metric) == "enum" and isinstance(options, list) and options:
            expected, is_answer = "one of its enum_options", options.__contains__
        if given is not None and not _NOT_APPLICABLE.fullmatch(given.strip()) and not is_answer(given):
            yield f"{path}.{field}", expected, given


@rule("unknown-metric-type", Severity.DRIFT, success(RESULTS, RESULT))
def _unknown_metric_type(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A custom metric's response_type must be one of the publicly documented types."""
    for path, metric in parts(exchange, _METRICS):
        if text(metric, "response_type") is not None and _type(metric) not in ANSWERS:
            yield f"{path}.response_type", f"one of {', '.join(ANSWERS)}", metric["response_type"]


def _answer(metric: Object) -> tuple[str, str | None]:
    """Return the field with the answer that counts, and the answer if it is text."""
    field, _ = answer(metric, "response_value")
    return field, text(metric, field)


def _type(metric: Object) -> str:
    return (text(metric, "response_type") or "").strip().lower()


def _number(answer: str) -> float | None:
    try:
        value = float(answer)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _is_json_object(answer: str) -> bool:
    return isinstance(parsed(answer.encode()).document, dict)


def _is_text(_: str) -> bool:
    return True


ANSWERS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "pass_fail": ("pass or fail", lambda answer: answer.strip().lower() in {"pass", "fail"}),
    "yes_no": ("yes or no", lambda answer: answer.strip().lower() in {"yes", "no"}),
    "quantitative": ("a number", lambda answer: _number(answer) is not None),
    "qualitative": ("text", _is_text),
    "enum": ("text", _is_text),
    "json": ("a JSON object", _is_json_object),
    "tool_call": ("text", _is_text),
}
"""The required format of an answer, by response_type. The format for tool_call is not documented."""
