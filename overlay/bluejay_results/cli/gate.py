"""The command `gate`: judge a run by rules, and exit by the verdict.

Annotations are not postponed here: typer would evaluate every one again at each start.
"""

import gc
from typing import Annotated, Any

import typer

from bluejay_results._defaults import MAX_BODY_BYTES
from bluejay_results.errors import UsageError

from .interrupt import on_interrupt
from .options import (
    SOURCE,
    BaseUrl,
    KeyCommand,
    KeyFile,
    MaxBytes,
    Version,
)
from .queue_request import (
    DigitalHumans,
    KnowledgeBase,
    LivekitAgent,
    LivekitMetadata,
    PhoneNumber,
    PipecatAgent,
    PipecatConfiguration,
    PipecatRoom,
    Prompt,
    QueueRequest,
    SipUri,
)
from .shared_options import (
    Har,
    PollInterval,
    Timeout,
    ToolCallGrace,
)
from .signals import stop_on_signals

HELP = """\
Examples:
  bluejay-results gate 48213 --min-pass-rate 80
  bluejay-results gate 48213 --min-pass-rate 80 --confidence 0.95 --explain
  bluejay-results gate run.json --metric 'politeness >= 4' --max-latency-p95 1500
  bluejay-results gate 48213 --baseline 48100 --junit gate.xml --comment gate.md
  bluejay-results gate --queue 731 --junit gate.xml

Rules can also be written in pyproject.toml, in [tool.bluejay-results.gate], by the names of the options.

Environment and exit codes: bluejay-results --help"""


def _percent(text: str) -> Any:
    return typer.Option(metavar="PERCENT", help=text)


def _milliseconds(share: str) -> Any:
    return typer.Option(metavar="MS", help=f"The time that at most {share} of the run's turns may exceed.")


def gate(
    source: Annotated[str | None, SOURCE] = None,
    queue: Annotated[
        str | None,
        typer.Option(
            metavar="SIMULATION",
            help="Queue a run of this simulation and judge it: an id, or the URL of its page in the app. "
            "Each run costs money. The options from --digital-human to --pipecat-room-properties need it.",
        ),
    ] = None,
    min_pass_rate: Annotated[
        str | None,
        _percent("The minimum percentage of judged conversations that must pass (default: 80; 0: off)."),
    ] = None,
    confidence: Annotated[
        str | None,
        typer.Option(
            metavar="FRACTION",
            help="Judge the pass rate by its confidence interval at this level, for example 0.95.",
        ),
    ] = None,
    max_always_failing: Annotated[
        str | None,
        typer.Option(
            metavar="COUNT", help="The maximum number of callers that fail every time (default: 0)."
        ),
    ] = None,
    max_latency_average: Annotated[
        str | None, typer.Option(metavar="MS", help="The maximum of the average latency.")
    ] = None,
    max_latency_p50: Annotated[str | None, _milliseconds("50 %")] = None,
    max_latency_p90: Annotated[str | None, _milliseconds("10 %")] = None,
    max_latency_p95: Annotated[str | None, _milliseconds("5 %")] = None,
    max_latency_p99: Annotated[str | None, _milliseconds("1 %")] = None,
    latency_unit: Annotated[
        str | None, typer.Option(metavar="ms|s", help="The unit of latencies (default: read from the run).")
    ] = None,
    max_hallucination: Annotated[
        str | None, _percent("The maximum percentage of judged conversations with a hallucination; 0: none.")
    ] = None,
    max_redundancy: Annotated[
        str | None, _percent("The maximum percentage of judged conversations with a redundancy; 0: none.")
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="A threshold of a custom metric: 'NAME >= 4'. May be repeated."),
    ] = None,
    require_tools: Annotated[
        bool | None,
        typer.Option(
            "--require-tools", help="Require every judged conversation to have called all its expected tools."
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="RUN|FILE",
            help="Refuse to ship if a caller that always passed in this run always fails now.",
        ),
    ] = None,
    max_void: Annotated[
        str | None,
        _percent(
            "The maximum percentage that may be void (neither passed nor failed) or missing (default: 20)."
        ),
    ] = None,
    min_conversations: Annotated[
        str | None,
        typer.Option(metavar="COUNT", help="The minimum number of judged conversations (default: 1)."),
    ] = None,
    min_measured: Annotated[
        str | None,
        _percent(
            "The minimum percentage of judged conversations that must have a figure, for a rule about it "
            "(default: 50)."
        ),
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
        bool, typer.Option("--strict", help="Refuse a baseline from another simulation (exit 2).")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print where each rule was set and how its value was computed.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write the verdict as JSON; docs/gate.md describes it.")
    ] = False,
    junit: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write JUnit XML: one test case per rule and one per conversation."
        ),
    ] = None,
    comment: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write a short Markdown text for a pull request.")
    ] = None,
    har: Har = None,
    digital_human_ids: DigitalHumans = None,
    prompt_id: Prompt = None,
    knowledge_base_id: KnowledgeBase = None,
    phone_number: PhoneNumber = None,
    sip_uri: SipUri = None,
    livekit_agent_name: LivekitAgent = None,
    livekit_metadata: LivekitMetadata = None,
    pipecat_agent_name: PipecatAgent = None,
    pipecat_agent_configuration: PipecatConfiguration = None,
    pipecat_room_properties: PipecatRoom = None,
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

    Exits with 0 to ship, 1 not to ship, and 6 if the run is inconclusive. A judged conversation passed or
    failed; a void one did neither. A FILE may be - for stdout; the text then goes to stderr. On GitHub, gate
    also writes the step summary, the step's outputs, and annotations on stderr.
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
    queue_options = {
        "--digital-human": digital_human_ids or None,
        "--prompt": prompt_id,
        "--knowledge-base": knowledge_base_id,
        "--phone-number": phone_number,
        "--sip-uri": sip_uri,
        "--livekit-agent-name": livekit_agent_name,
        "--livekit-metadata": livekit_metadata,
        "--pipecat-agent-name": pipecat_agent_name,
        "--pipecat-agent-configuration": pipecat_agent_configuration,
        "--pipecat-room-properties": pipecat_room_properties,
    }
    gc.enable()
    on_interrupt("The run is not affected." if queue is None else "No run was queued.")
    stop_on_signals()

    from .gate_outputs import Outputs
    from .gating import Gating
    from .key import KeyOptions
    from .waiting import Patience

    gating = Gating(
        _subject(source, queue, queue_options),
        base_url,
        KeyOptions(api_key_file, api_key_command),
        max_bytes,
        Patience(timeout, poll_interval, tool_call_grace, har),
        is_strict=strict,
    )
    outputs = Outputs.named(is_json=as_json, is_explained=explain, junit=junit, comment=comment)
    raise typer.Exit(gating.run(options, config, outputs))


def _subject(source: str | None, queue: str | None, options: dict[str, Any]) -> str | QueueRequest:
    """Return the run to judge, or the run to queue; raise UsageError unless exactly one of them is named."""
    from .source import simulation_id_in

    given = [name for name, value in options.items() if value is not None]
    if queue is None and source is None:
        raise UsageError(
            "Missing argument 'RUN|FILE|-', or --queue SIMULATION. See: bluejay-results gate --help"
        )
    if queue is None and given:
        raise UsageError(f"{' and '.join(given)} can't be used without --queue.")
    if queue is None:
        return source or ""
    if source is not None:
        raise UsageError(f"{source} and --queue can't be combined. Name a run, or queue one.")
    return QueueRequest(simulation_id_in(queue), *options.values())
