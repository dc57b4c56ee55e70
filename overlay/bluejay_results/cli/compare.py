"""The command `compare`: its options.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

from typing import Annotated

import typer

from bluejay_results._defaults import MAX_BODY_BYTES

from .key import KeyOptions
from .options import (
    BaseUrl,
    KeyCommand,
    KeyFile,
    MaxBytes,
    Organization,
    Version,
)
from .signals import on_interrupt, stop_on_signals
from .source import read_all

HELP = """\
Examples:
  bluejay-results compare 48100 48213
  bluejay-results compare before.har 48213 --json
  bluejay-results gate 48213 && bluejay-results compare 48100 48213 --fail-if-worse

Environment and exit codes: bluejay-results --help"""

_KINDS = "a run id, the URL of a run in the app, a recording, a saved body or -."
Base = Annotated[str, typer.Argument(metavar="BASE", help=f"The earlier run: {_KINDS}")]
Run = Annotated[str, typer.Argument(metavar="RUN", help=f"The later run: {_KINDS}")]
FailIfWorse = Annotated[
    bool,
    typer.Option(
        "--fail-if-worse",
        help="Exit with 1 if the run is worse, with 4 if a run is not settled, and with 6 if a run is not a "
        "measurement, if fewer than five callers are in both runs, or if unknown conversations decide "
        "whether the run is worse. Without this option, the exit code is 0 after every comparison.",
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Write the comparison as JSON; docs/compare.md describes the format.")
]


def compare(
    base: Base,
    run: Run,
    fail_if_worse: FailIfWorse = False,
    as_json: AsJson = False,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    organization: Organization = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """Compare a run with an earlier one, caller by caller: worse, better or can't tell.

    A conversation is fetched by id if its verdict or tool calls may be missing from the run's list.
    """
    from bluejay_results.compare import compare as compare_runs  # loaded late: --help doesn't need it

    from .compare_outputs import write

    on_interrupt("The runs are not affected.")
    stop_on_signals()

    key = KeyOptions(api_key_file, api_key_command, organization)
    comparison = compare_runs(*read_all([base, run], base_url, key, max_bytes))
    write(comparison, as_json=as_json)
    raise typer.Exit(comparison.exit_code if fail_if_worse else 0)
