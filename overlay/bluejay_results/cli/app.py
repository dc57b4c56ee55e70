"""The commands and their options. What a command needs beyond them is imported when it runs.

Annotations are not postponed here: typer would evaluate every one again at each start.
"""

import gc
from typing import Annotated

import typer

from bluejay_results._defaults import MAX_BODY_BYTES
from bluejay_results.errors import UsageError

from .compare import HELP as COMPARE_HELP
from .compare import compare
from .exit_codes import ExitCode
from .gate import HELP as GATE_HELP
from .gate import gate
from .interrupt import on_interrupt
from .options import (
    ENVIRONMENT,
    SOURCE,
    BaseUrl,
    Command,
    KeyCommand,
    KeyFile,
    MaxBytes,
    Run,
    Version,
    make_app,
)
from .output import (
    Form,
    what_was_seen,
    write,
    write_result,
)
from .queue import queue
from .shared_options import (
    AsJson,
    AsJsonLines,
    Har,
    ListAll,
    PollInterval,
    Raw,
    Timeout,
    ToolCallGrace,
)
from .signals import stop_on_signals

_HELP = f"""\
Examples:
  bluejay-results queue 731 --wait  queue a run and wait for it
  bluejay-results wait 48213 --timeout 600  wait until a run has settled
  bluejay-results gate 48213 --min-pass-rate 80  decide whether to ship
  bluejay-results compare 48100 48213  compare a run with an earlier one
  bluejay-results show 48213  show a run as it is now
  bluejay-results wait 48213 --har run.har  wait, and record what the service sends
  bluejay-results show run.har  show the recorded run

{ENVIRONMENT}
  BLUEJAY_LOG  set to debug: print a line for each request on stderr
  NO_COLOR  set: print no colours
  COLUMNS  width of the terminal"""
_QUEUE_HELP = """\
Examples:
  RUN=$(bluejay-results queue 731)
  bluejay-results queue 731 --digital-human 57 --digital-human 58
  bluejay-results queue 731 --livekit-metadata '{"tenant": "blue"}'
  bluejay-results queue 731 --wait --timeout 600 --json > view.json

Environment and exit codes: bluejay-results --help"""
_SHOW_HELP = """\
Examples:
  bluejay-results show 48213 --all
  bluejay-results show 48213 --result 482130003  as the run lists it
  bluejay-results show --result 482130003  fetched by id
  bluejay-results show 48213 --jsonl | jq .reason
  bluejay-results show ./48213  a file with the name of a run id
  curl ... | bluejay-results show -

Environment and exit codes: bluejay-results --help"""
_WAIT_HELP = """\
Examples:
  bluejay-results wait 48213 --timeout 600 --poll-interval 5
  bluejay-results wait 48213 --har run.har
  bluejay-results wait 48213 --api-key-file /run/secrets/bluejay

Environment and exit codes: bluejay-results --help"""

app = make_app(_HELP, ExitCode)


@app.callback()
def _commands(_version: Version = False) -> None:
    """Queue Bluejay simulation runs and read their results."""


app.command(cls=Command, epilog=_QUEUE_HELP)(queue)
app.command(cls=Command, epilog=GATE_HELP)(gate)
app.command(cls=Command, epilog=COMPARE_HELP)(compare)


@app.command(cls=Command, epilog=_WAIT_HELP)
def wait(
    run_id: Run,
    timeout: Timeout = None,
    poll_interval: PollInterval = None,
    tool_call_grace: ToolCallGrace = None,
    list_all: ListAll = False,
    as_json: AsJson = False,
    as_json_lines: AsJsonLines = False,
    raw: Raw = False,
    har: Har = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """Wait until a run is settled, then show it.

    Settled: the run has ended, no conversation is under way or yet to be scored, and none is missing.
    Conversations whose tool calls the list may have left out are fetched by id. Progress is on stderr.
    """
    gc.enable()  # each poll leaves a run behind
    on_interrupt("The run is not affected.")
    stop_on_signals()

    from .har_option import prepare
    from .key import KeyOptions
    from .source import connect, only_run_id
    from .waiting import Patience

    form = Form(list_all, as_json, as_json_lines, raw)
    form.check()
    run_id, key = only_run_id(run_id), KeyOptions(api_key_file, api_key_command)
    prepare(har, run_id, api_key_file)
    patience = Patience(timeout, poll_interval, tool_call_grace, har)
    with what_was_seen(form), connect(base_url, key, max_bytes) as client:
        run = patience.wait(client, run_id)
    write(run, form, is_waited=True)


@app.command(cls=Command, epilog=_SHOW_HELP)
def show(
    source: Annotated[str | None, SOURCE] = None,
    result: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Show this conversation in full: from the run, if you name one, otherwise fetched by id.",
        ),
    ] = None,
    list_all: ListAll = False,
    as_json: AsJson = False,
    as_json_lines: AsJsonLines = False,
    raw: Raw = False,
    har: Har = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """Show a run: what passed, what did not and why. Or show one conversation."""
    from .har_option import prepare
    from .key import KeyOptions
    from .source import read, read_result

    form, key = Form(list_all, as_json, as_json_lines, raw, result), KeyOptions(api_key_file, api_key_command)
    form.check()
    prepare(har, source, api_key_file)
    with what_was_seen(form):
        if source is not None:
            run = read(source, base_url, key, max_bytes, har)
            write(run, form, is_waited=run.is_waited)
        elif result is not None:
            write_result(read_result(result, base_url, key, max_bytes), form)
        else:
            raise UsageError(
                "Missing argument 'RUN|FILE|-', or --result ID. See: bluejay-results show --help"
            )
