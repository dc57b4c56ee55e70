"""Mutants of custom metrics."""

from ._change import Changes, inside

CHANGES: Changes = {
    "metric-in-range:over": ("a metric is over its range", inside("custom_metrics", response_value="6")),
    "metric-in-range:under": ("a metric is under its range", inside("custom_metrics", response_value="0")),
    "metric-in-range:reversed": ("a range is reversed", inside("custom_metrics", min_value=5, max_value=1)),
    "metric-of-its-type:number": (
        "a numeric metric is no number",
        inside("custom_metrics", response_value="four"),
    ),
    "metric-of-its-type:boolean": (
        "a boolean metric is neither true nor false",
        inside("custom_metrics", response_type="boolean", response_value="4"),
    ),
    "metric-of-its-type:enum": (
        "a choice is not among its options",
        inside("custom_metrics", response_type="enum", response_value="blue", enum_options=["red"]),
    ),
}
