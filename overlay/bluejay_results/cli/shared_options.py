"""The options that several commands of `bluejay-results` share.

Annotations are not postponed here: typer would evaluate every one again at each start.
"""

from typing import Annotated

import typer

from bluejay_results._defaults import POLL_INTERVAL, TOOL_CALL_GRACE, WAIT_TIMEOUT

ListAll = Annotated[
    bool,
    typer.Option(
        "--all", help="List every conversation that did not pass (default: if over 20, grouped by reason)."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write the run as JSON; docs/command.md describes it.")]
AsJsonLines = Annotated[
    bool,
    typer.Option(
        "--jsonl", help="Write one JSON object per line, one for each conversation, in the format of --json."
    ),
]
Raw = Annotated[
    bool, typer.Option("--raw", help="Write the exact bytes received, even if they break the contract.")
]
Har = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Record what the service sends in a HAR file, however the command ends. Every command reads it "
        "in place of a run.",
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", help=f"Seconds to wait (default: {WAIT_TIMEOUT:g})."),
]
PollInterval = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", help=f"Seconds between polls (default: {POLL_INTERVAL:g})."),
]
ToolCallGrace = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS",
        min=0,
        help="Seconds after the end of a conversation in which its tool calls may still arrive "
        f"(default: {TOOL_CALL_GRACE:g}).",
    ),
]
