"""The commands and their options. What a command needs beyond them is imported when it runs.

Annotations are not postponed here: typer would evaluate every one again at each start.
"""

import gc
from typing import Annotated

import typer

from bluejay_results._defaults import MAX_BODY_BYTES, POLL_INTERVAL, WAIT_TIMEOUT

from ._output import Form, what_was_seen, write
from ._signals import stop_on_signals
from .exit_codes import ExitCode
from .options import (
    ENVIRONMENT,
    BaseUrl,
    Command,
    KeyCommand,
    KeyFile,
    MaxBytes,
    Run,
    Source,
    Version,
    make_app,
)

_HELP = f"""\
Examples:
  bluejay-results show 48213  show a run
  bluejay-results show 48213 --raw > run.json  save the bytes received
  bluejay-results show run.json  show it again
  bluejay-results wait 48213 --timeout 600  wait until it has settled

{ENVIRONMENT}
  NO_COLOR  no colours
  COLUMNS  width of the terminal"""
_SHOW_HELP = """\
Examples:
  bluejay-results show 48213 --all
  bluejay-results show 48213 --result 482130003
  bluejay-results show ./48213  a file with the name of a run id
  curl ... | bluejay-results show -

Environment and exit codes: bluejay-results --help"""
_WAIT_HELP = """\
Examples:
  bluejay-results wait 48213 --timeout 600 --poll-interval 5
  bluejay-results wait 48213 --raw > run.json
  bluejay-results wait 48213 --api-key-file /run/secrets/bluejay

Environment and exit codes: bluejay-results --help"""

ListAll = Annotated[
    bool,
    typer.Option("--all", help="List all that did not pass (default: first 20, or grouped by reason)."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Write a documented JSON view of the run, for programs.")
]
Raw = Annotated[bool, typer.Option("--raw", help="Write the bytes received, whatever is wrong with them.")]
app = make_app(_HELP, ExitCode)


@app.callback()
def _commands(_version: Version = False) -> None:
    """Read the results of Bluejay simulation runs."""


@app.command(cls=Command, epilog=_SHOW_HELP)
def show(
    source: Source,
    list_all: ListAll = False,
    result: Annotated[int | None, typer.Option(metavar="ID", help="Show this conversation in full.")] = None,
    as_json: AsJson = False,
    raw: Raw = False,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """Show a run: its verdict, what did not pass and why."""
    from .key import KeyOptions
    from .source import read

    form = Form(list_all, as_json, raw, result)
    form.check()
    with what_was_seen(form):
        run = read(source, base_url, KeyOptions(api_key_file, api_key_command), max_bytes)
    write(run, form)


@app.command(cls=Command, epilog=_WAIT_HELP)
def wait(
    run_id: Run,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="Seconds to wait.")] = WAIT_TIMEOUT,
    poll_interval: Annotated[
        float, typer.Option(metavar="SECONDS", help="Seconds between polls.")
    ] = POLL_INTERVAL,
    list_all: ListAll = False,
    as_json: AsJson = False,
    raw: Raw = False,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """Wait until a run is settled, then show it.

    Settled: the run has ended and no conversation is under way or yet to be scored. Progress is on stderr.
    """
    gc.enable()  # each poll leaves a run behind
    stop_on_signals()

    from ._progress import progress
    from .key import KeyOptions
    from .source import connect, only_run_id

    form = Form(list_all, as_json, raw)
    form.check()
    run_id, key = only_run_id(run_id), KeyOptions(api_key_file, api_key_command)
    with (
        what_was_seen(form),
        connect(base_url, key, max_bytes) as client,
        progress(run_id) as (on_update, on_fault),
    ):
        run = client.wait(
            run_id,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=on_update,
            on_fault=on_fault,
        )
    write(run, form)
