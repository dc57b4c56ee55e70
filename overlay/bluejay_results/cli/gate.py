"""The command `gate`: judges a run by rules; the exit code is the verdict.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

import gc
from typing import Annotated, Any

import typer

from bluejay_results._defaults import MAX_BODY_BYTES

from .key import KeyOptions
from .options import (
    SOURCE,
    BaseUrl,
    Har,
    KeyCommand,
    KeyFile,
    MaxBytes,
    Organization,
    PollInterval,
    Timeout,
    ToolCallGrace,
    Version,
    with_options,
)
from .queue import QUEUE_OPTIONS
from .rule_options import RULE_OPTIONS, Config, rules_in
from .signals import on_interrupt, stop_on_signals
from .wait import WaitOptions

HELP = """\
Examples:
  bluejay-results gate 48213 --min-pass-rate 80
  bluejay-results gate 48213 --min-pass-rate 80 --confident
  bluejay-results gate run.json --require 'p90(latency.p95) <= 1500 ms'
  bluejay-results gate --queue 731 --junit gate.xml --comment gate.md
  bluejay-results gate 48213 && bluejay-results compare 48100 48213 --fail-if-worse

Rules can also be set in pyproject.toml, in [tool.bluejay-results.gate]. The keys are the option names.

Environment and exit codes: bluejay-results --help"""


Subject = Annotated[str | None, SOURCE]
Queue = Annotated[
    str | None,
    typer.Option(
        metavar="SIMULATION",
        help="Queue a run of this simulation, given by its id or the URL of its page, and judge the run. "
        "Each run costs money. The options from --digital-human to --pipecat-room-properties need --queue.",
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Write the verdict as JSON; docs/gate.md describes the format.")
]
Junit = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Write JUnit XML: one test case per rule and one per conversation."),
]
Comment = Annotated[
    str | None, typer.Option(metavar="FILE", help="Write a short Markdown text for a pull request.")
]
Html = Annotated[
    str | None, typer.Option(metavar="FILE", help="Write the same HTML page as the command `report`.")
]


@with_options(RULE_OPTIONS, before="config")
@with_options(QUEUE_OPTIONS, before="timeout")
def gate(
    source: Subject = None,
    queue: Queue = None,
    config: Config = None,
    as_json: AsJson = False,
    junit: Junit = None,
    comment: Comment = None,
    html: Html = None,
    har: Har = None,
    timeout: Timeout = None,
    poll_interval: PollInterval = None,
    tool_call_grace: ToolCallGrace = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    organization: Organization = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
    **rules_and_queue_options: Any,
) -> None:
    """Decide whether to ship: wait until a run is settled and judge it by rules.

    Exits with 0 for ship, 1 for don't ship, and 6 if the run is inconclusive. A conversation is unknown if it
    may have passed or failed; a void conversation says nothing about the agent. If a FILE is -, the file goes
    to stdout and the text to stderr. On GitHub, gate also writes the step summary, the step's outputs, and
    annotations on stderr.
    """
    from .gate_call import GateCall  # loaded late: --help needs neither the judge nor the reports
    from .gate_outputs import Outputs

    gc.enable()
    on_interrupt("The run is not affected." if queue is None else "No run was queued.")
    stop_on_signals()

    call = GateCall(
        source,
        queue,
        {name: rules_and_queue_options[name] for name in QUEUE_OPTIONS},
        base_url,
        KeyOptions(api_key_file, api_key_command, organization),
        max_bytes,
        WaitOptions(timeout, poll_interval, tool_call_grace, har),
    )
    options = rules_in(rules_and_queue_options)
    outputs = Outputs.named(is_json=as_json, junit=junit, comment=comment, html=html)
    raise typer.Exit(call.run(options, config, outputs))
