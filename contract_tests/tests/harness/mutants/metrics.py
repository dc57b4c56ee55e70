"""Mutants of custom metrics."""

from .change import Changes, inside

CHANGES: Changes = {
    "metric-in-range:over": ("a metric is above its range", inside("custom_metrics", response_value="6")),
    "metric-in-range:under": ("a metric is below its range", inside("custom_metrics", response_value="0")),
    "metric-in-range:reversed": ("a range is reversed", inside("custom_metrics", min_value=5, max_value=1)),
    "metric-matches-type:quantitative": (
        "a quantitative metric is not a number",
        inside("custom_metrics", response_value="four"),
    ),
    "metric-matches-type:pass_fail": (
        "a pass_fail metric is neither pass nor fail",
        inside("custom_metrics", response_type="pass_fail", response_value="4"),
        "$.simulation_results[0].evaluations[0].custom_metrics[0].response_value",
    ),
    "metric-matches-type:yes_no": (
        "a yes_no metric is neither yes nor no",
        inside("custom_metrics", response_type="yes_no", response_value="true"),
        "$.simulation_results[0].evaluations[0].custom_metrics[0].response_value",
    ),
    "metric-matches-type:json": (
        "a json metric is not a JSON object",
        inside("custom_metrics", response_type="json", response_value="[4]"),
        "$.simulation_results[0].evaluations[0].custom_metrics[0].response_value",
    ),
    "metric-matches-type:enum": (
        "a choice is not among its options",
        inside("custom_metrics", response_type="enum", response_value="blue", enum_options=["red"]),
        "$.simulation_results[0].evaluations[0].custom_metrics[0].response_value",
    ),
    "unknown-metric-type:number": (
        "a metric's response_type is not described publicly",
        inside("custom_metrics", response_type="number"),
    ),
}
