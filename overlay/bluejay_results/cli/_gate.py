"""The command `gate`: judge a run by rules, and exit by the verdict.

Annotations are not postponed here: typer would evaluate every one again at each start.
"""

import gc
from typing import Annotated, Any

import typer

from bluejay_results._defaults import MAX_BODY_BYTES

from ._farewell import on_interrupt
from ._options import Har, PollInterval, Timeout, ToolCallGrace
from ._signals import stop_on_signals
from .options import BaseUrl, KeyCommand, KeyFile, MaxBytes, Source, Version

HELP = """\
Examples:
  bluejay-results gate 48213 --min-pass-rate 80
  bluejay-results gate 48213 --min-pass-rate 80 --confidence 0.95 --explain
  bluejay-results gate run.json --metric 'politeness >= 4' --max-latency-p95 1500
  bluejay-results gate 48213 --baseline 48100 --junit gate.xml --comment gate.md

Rules can also stand in pyproject.toml, in [tool.bluejay-results.gate], by the names of the options.

Environment and exit codes: bluejay-results --help"""


def _percent(text: str) -> Any:
    return typer.Option(metavar="PERCENT", help=text)


def _milliseconds(figure: str) -> Any:
    return typer.Option(metavar="MS", help=f"The most that the median of the {figure} latencies may be.")


def gate(
    source: Source,
    min_pass_rate: Annotated[
        str | None, _percent("The least of the judged conversations that passed (default: 80; 0: off).")
    ] = None,
    confidence: Annotated[
        str | None,
        typer.Option(metavar="FRACTION", help="Judge the pass rate by its interval, at 0.95, say."),
    ] = None,
    max_always_failing: Annotated[
        str | None, typer.Option(metavar="COUNT", help="The most callers that always fail (default: 0).")
    ] = None,
    max_latency_average: Annotated[str | None, _milliseconds("average")] = None,
    max_latency_p50: Annotated[str | None, _milliseconds("p50")] = None,
    max_latency_p90: Annotated[str | None, _milliseconds("p90")] = None,
    max_latency_p95: Annotated[str | None, _milliseconds("p95")] = None,
    max_latency_p99: Annotated[str | None, _milliseconds("p99")] = None,
    latency_unit: Annotated[
        str | None, typer.Option(metavar="ms|s", help="The unit received, where the run doesn't tell it.")
    ] = None,
    max_hallucination: Annotated[str | None, _percent("The most with a hallucination; 0: none.")] = None,
    max_redundancy: Annotated[str | None, _percent("The most with a redundancy; 0: none.")] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="A threshold of a custom metric: 'NAME >= 4'. May be repeated."),
    ] = None,
    require_tools: Annotated[
        bool | None, typer.Option("--require-tools", help="No judged conversation may miss a tool.")
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="RUN|FILE", help="No caller that always passed there may always fail now."),
    ] = None,
    max_void: Annotated[str | None, _percent("The most that may be void or missing (default: 20).")] = None,
    min_conversations: Annotated[
        str | None, typer.Option(metavar="COUNT", help="The least that must be judged (default: 1).")
    ] = None,
    min_measured: Annotated[
        str | None, _percent("The minimum of judged conversations that must have a figure (default: 50).")
    ] = None,
    no_counters: Annotated[
        bool | None,
        typer.Option("--no-counters", help="Don't compare the run's counters with its conversations."),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A TOML file with rules (default: the nearest pyproject.toml)."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a baseline of another simulation (exit 2).")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say where each rule came from and how it was computed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write a documented JSON document.")] = False,
    junit: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write JUnit XML, a case a conversation and a rule.")
    ] = None,
    comment: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write a short Markdown text for a pull request.")
    ] = None,
    har: Har = None,
    timeout: Timeout = None,
    poll_interval: PollInterval = None,
    tool_call_grace: ToolCallGrace = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """Decide whether to ship: wait until a run is settled and judge it by rules.

    Exits with 0 to ship, 1 not to, and 6 where the run can't tell. On GitHub it also writes the step summary,
    and annotations on stderr.
    """
    options = {
        "min-pass-rate": min_pass_rate,
        "confidence": confidence,
        "max-always-failing": max_always_failing,
        "max-latency-average": max_latency_average,
        "max-latency-p50": max_latency_p50,
        "max-latency-p90": max_latency_p90,
        "max-latency-p95": max_latency_p95,
        "max-latency-p99": max_latency_p99,
        "latency-unit": latency_unit,
        "max-hallucination": max_hallucination,
        "max-redundancy": max_redundancy,
        "metric": metric or None,
        "require-tools": require_tools,
        "baseline": baseline,
        "max-void": max_void,
        "min-conversations": min_conversations,
        "min-measured": min_measured,
        "no-counters": no_counters,
    }
    gc.enable()
    on_interrupt("The run is not affected.")
    stop_on_signals()

    from ._gating import Gating, Outputs
    from ._har_option import prepare
    from ._waiting import Patience
    from .key import KeyOptions

    prepare(har, source, baseline, config, junit, comment, api_key_file)
    gating = Gating(
        base_url,
        KeyOptions(api_key_file, api_key_command),
        max_bytes,
        Patience(timeout, poll_interval, tool_call_grace, har),
        is_strict=strict,
    )
    outputs = Outputs(is_json=as_json, is_explained=explain, junit=junit, comment=comment)
    raise typer.Exit(gating.run(source, options, config, outputs))
