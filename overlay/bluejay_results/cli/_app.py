"""The commands and their options. What a command needs beyond them is imported when it runs.

Annotations are not postponed here: typer would evaluate every one again at each start.
"""

import gc
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bluejay_results._version import __version__
from bluejay_results.errors import UsageError

from ._exit_codes import ExitCode
from ._output import Form, what_was_seen, write
from ._signals import stop_on_signals

PROGRAM = "bluejay-results"
MAX_BYTES = 256 * 1024 * 1024
_EXIT_CODES = "\n".join(f"  {code:>3}  {code.meaning}" for code in ExitCode)
_HELP = f"""\b
Examples:
  bluejay-results show 48213                    show a run
  bluejay-results show 48213 --raw > run.json   save the bytes received
  bluejay-results show run.json                 show it again
  bluejay-results wait 48213 --timeout 600      wait until it has settled

\b
Environment:
  BLUEJAY_API_KEY          the API key. There is no option for it: every user
                           of a machine can read the options of a process.
  BLUEJAY_API_KEY_FILE     the file that holds it, as with --api-key-file
  BLUEJAY_API_KEY_COMMAND  the command that prints it, as --api-key-command
  BLUEJAY_API_URL          where the service is, when not in production
  NO_COLOR                 no colours
  COLUMNS                  the width to write for

\b
Exit codes:
{_EXIT_CODES}
"""
_SHOW_HELP = """\b
Examples:
  bluejay-results show 48213 --all
  bluejay-results show ./48213         a file with the name of a run id
  curl ... | bluejay-results show -

Environment and exit codes: bluejay-results --help
"""
_WAIT_HELP = """\b
Examples:
  bluejay-results wait 48213 --timeout 600 --poll-interval 5
  bluejay-results wait 48213 --raw > run.json
  bluejay-results wait 48213 --api-key-file /run/secrets/bluejay

Environment and exit codes: bluejay-results --help
"""

BaseUrl = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Base URL of the service (default: BLUEJAY_API_URL, else production)."),
]
KeyFile = Annotated[
    str | None,
    typer.Option(
        "--api-key-file",
        metavar="PATH",
        help="Read the API key from a file. Warns if other users can read it.",
    ),
]
KeyCommand = Annotated[
    str | None,
    typer.Option(
        "--api-key-command",
        metavar="COMMAND",
        help="Run a command that prints the API key on its first line, without a shell and within "
        "30 seconds.",
    ),
]
ListAll = Annotated[
    bool,
    typer.Option("--all", help="List every conversation that did not pass (default: first 20, else groups)."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Write a documented JSON view of the run, for programs.")
]
Raw = Annotated[bool, typer.Option("--raw", help="Write the bytes received, whatever is wrong with them.")]
MaxBytes = Annotated[
    int, typer.Option(min=1, metavar="BYTES", help="The largest body to read, decompressed.")
]


class _Group(TyperGroup):
    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise typer.Exit(ExitCode.READER_GONE) from None  # or typer would exit on the spot


app = typer.Typer(cls=_Group, epilog=_HELP, rich_markup_mode=None, pretty_exceptions_enable=False)


def run() -> int:
    """Run the command line and return the exit code.

    Raises:
        UsageError: The command line is wrong.
        BluejayError: A command failed.
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    try:
        code: int = app(prog_name=PROGRAM, standalone_mode=False) or ExitCode.FINE
    except typer.TyperException as error:
        raise UsageError(_with_advice(error)) from None
    if code == ExitCode.INTERRUPTED:  # typer has caught it
        raise KeyboardInterrupt
    return code


def _with_advice(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    message = error.format_message()
    end = "" if message.endswith((".", "?")) else "."
    return f"{message}{end} See: {context.command_path if context else PROGRAM} --help"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def _commands(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Read the results of Bluejay simulation runs."""


@app.command(epilog=_SHOW_HELP)
def show(
    source: Annotated[
        str,
        typer.Argument(
            metavar="RUN|FILE|-",
            help="A run id, the URL of its page in the app, a saved response, or - for standard input. Taken "
            "for a file if one by that name exists, or if it has a slash or ends in .json.",
        ),
    ],
    list_all: ListAll = False,
    result: Annotated[int | None, typer.Option(metavar="ID", help="Show this conversation in full.")] = None,
    as_json: AsJson = False,
    raw: Raw = False,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    max_bytes: MaxBytes = MAX_BYTES,
) -> None:
    """Show a run: its verdict, what did not pass and why."""
    from ._key import KeyOptions
    from ._source import read

    form = Form(list_all, as_json, raw, result)
    form.check()
    with what_was_seen(form):
        run = read(source, base_url, KeyOptions(api_key_file, api_key_command), max_bytes)
    write(run, form)


@app.command(epilog=_WAIT_HELP)
def wait(
    run_id: Annotated[
        str, typer.Argument(metavar="RUN", help="A run id, or the URL of its page in the app.")
    ],
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="Seconds to wait.")] = 25 * 60,
    poll_interval: Annotated[float, typer.Option(metavar="SECONDS", help="Seconds between polls.")] = 10,
    list_all: ListAll = False,
    as_json: AsJson = False,
    raw: Raw = False,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    max_bytes: MaxBytes = MAX_BYTES,
) -> None:
    """Wait until a run is settled, then show it.

    Settled: the run has ended and no conversation is under way or yet to be scored. Progress is on stderr.
    """
    gc.enable()  # each look leaves a run behind
    stop_on_signals()

    from ._key import KeyOptions
    from ._progress import progress
    from ._source import connect, only_run_id

    form = Form(list_all, as_json, raw)
    form.check()
    run_id, key = only_run_id(run_id), KeyOptions(api_key_file, api_key_command)
    with what_was_seen(form), connect(base_url, key, max_bytes) as client, progress(run_id) as shown:
        run = client.wait(
            run_id,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=shown.on_update,
            on_fault=shown.on_fault,
        )
    write(run, form)
