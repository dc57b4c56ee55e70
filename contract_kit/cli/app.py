"""Defines the commands. Whatever else a command needs is imported only when the command runs.

Annotations are not postponed here, because typer would evaluate postponed annotations on every start.
"""

import shutil
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from contract_kit.derive.model import Strictness
from contract_kit.errors import KitError
from contract_kit.serve.shims import Shim

from .exit_codes import MEANINGS, ExitCode
from .options import (
    AllowUncovered,
    AskedStrictness,
    Baseline,
    ClientCommand,
    ClientName,
    Debug,
    Document,
    FailOn,
    FailOnSince,
    Format,
    Generated,
    Ignore,
    Jobs,
    Operations,
    Python,
    ReceiverUrl,
    RefRoot,
    Refuses,
    Sample,
    Timeout,
    Timezone,
    Tool,
    WorkerCommand,
    WriteBaseline,
)

LISTED = 20


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import entry_points

        (command,) = entry_points(group="console_scripts", name="contract-kit")
        typer.echo(f"contract-kit {command.dist.version if command.dist else 'unknown'}")
        raise typer.Exit


class _Group(TyperGroup):
    """A command group that lists the exit codes in its help, and exits quietly if its pipe is closed."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise typer.Exit(ExitCode.READER_GONE) from None  # otherwise, typer would exit with 1

    def format_epilog(self, _context: Any, formatter: Any) -> None:
        """Append the exit codes to the help."""
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), meaning) for code, meaning in MEANINGS.items()])


class _Command(TyperCommand):
    """A command that rejects a repeated single-value option; otherwise, only the last value would count."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        given = self.make_parser(ctx).parse_args(args=list(args))[2]
        for each in given:
            if each.param_type_name == "option" and not each.multiple and given.count(each) > 1:
                advice = f"Pass it only once. See: {ctx.command_path} --help"
                raise KitError(f"{each.opts[-1]} was passed more than once. {advice}")
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Group,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "terminal_width": min(max(shutil.get_terminal_size().columns, 40), 100) - 2,
    },
)


@app.callback()
def _commands(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Test how a client handles responses that violate its OpenAPI document."""


@app.command(cls=_Command)
def mutants(
    document: Document,
    operation: Operations = None,
    sample: Sample = None,
    strictness: AskedStrictness = Strictness.MUST,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Write one JSON object per line, one for each mutant.")
    ] = False,
    mutant: Annotated[
        str | None, typer.Option("--id", help="Write only the mutant with this id, as a JSON object.")
    ] = None,
    webhooks: Annotated[
        bool, typer.Option("--webhooks", help="List the mutants of webhooks and callbacks instead.")
    ] = False,
    ref_root: RefRoot = None,
    _debug: Debug = False,
) -> None:
    """List responses that violate a document, and legal responses that might surprise a client."""
    from .mutants import list_mutants

    chosen = (operation or (), sample, strictness, mutant)
    list_mutants(document, ref_root, *chosen, jsonl=jsonl, webhooks=webhooks)


@app.command(cls=_Command)
def serve(
    document: Document,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 picks a free one.")] = 0,
    ref_root: RefRoot = None,
    _debug: Debug = False,
) -> None:
    """Respond to any documented request until Ctrl-C, with a mutant if the request specifies one.

    Prints the URL to stdout, and instructions for requesting a mutant to stderr.
    """
    from .serve import serve as run

    run(document, ref_root, host, port)


@app.command("test", cls=_Command)
def _test(
    document: Document,
    client: ClientName = None,
    refuses: Refuses = None,
    worker: WorkerCommand = None,
    command: ClientCommand = None,
    generated: Generated = None,
    python: Python = None,
    receiver: ReceiverUrl = None,
    sign: Annotated[
        str | None,
        typer.Option(
            metavar="SCHEME",
            help="How to sign deliveries: github, stripe, slack, standard-webhooks, hmac-sha256:HEADER, or "
            "MODULE:FUNCTION. The function is called as function(id, time, body, secret), and returns "
            "headers.",
        ),
    ] = None,
    secret: Annotated[
        str | None, typer.Option(metavar="ENVVAR", help="The environment variable that contains the secret.")
    ] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Allow a receiver on another machine.")
    ] = False,
    operation: Operations = None,
    sample: Sample = None,
    strictness: AskedStrictness = Strictness.MUST,
    jobs: Jobs = 2,
    timeout: Timeout = 10,
    timezone: Timezone = None,
    list_all: Annotated[
        bool, typer.Option("--all", help=f"List every fault (default: one in each of {LISTED} fields).")
    ] = False,
    json: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|-",
            help="Write every row as JSON to this file. With -, write only the JSON, to stdout.",
        ),
    ] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write JUnit XML.")] = None,
    markdown: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write Markdown.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write an HTML page; needs jinja2.")
    ] = None,
    baseline: Baseline = None,
    write_baseline: WriteBaseline = None,
    fail_on: FailOnSince = None,
    ignore: Ignore = None,
    allow_uncovered: AllowUncovered = False,
    ref_root: RefRoot = None,
    _debug: Debug = False,
) -> int:
    """Serve every mutant to a client, or deliver it to a webhook receiver, and show what happens."""
    from .first_client import suggest_client
    from .receiver import receiver_of
    from .test import Baselines, Reports, client_of, run_test

    named = (client, refuses or (), worker, command, generated, python, timezone)
    if (sign or secret or allow_remote) and not receiver:
        raise KitError("--sign, --secret and --allow-remote need --receiver.")
    if receiver and any(named):
        raise KitError("--receiver tests a receiver instead of a client. Leave out the client options.")
    if all(each is None for each in (client, worker, command, generated, receiver)):
        return suggest_client(document, ref_root)
    signed = (sign, secret)
    subject = receiver_of(receiver, *signed, allow_remote=allow_remote) if receiver else client_of(*named)
    since = Baselines(baseline, write_baseline, fail_on or ())
    listed = None if list_all else LISTED
    # A command might contain a password.
    about = ", tested with ".join(filter(None, [client or generated, Path(document).name]))
    reports = Reports(json, junit, markdown, html, since, ignore or (), listed, allow_uncovered, about)
    return run_test(document, ref_root, subject, operation or (), sample, strictness, jobs, timeout, reports)


@app.command(cls=_Command)
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The version that clients know.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The version that might break these clients.")],
    client: ClientName = None,
    refuses: Refuses = None,
    worker: WorkerCommand = None,
    command: ClientCommand = None,
    generated: Generated = None,
    python: Python = None,
    operation: Operations = None,
    jobs: Jobs = 2,
    timeout: Timeout = 10,
    timezone: Timezone = None,
    list_all: Annotated[bool, typer.Option("--all", help=f"List every change (default: {LISTED}).")] = False,
    written: Annotated[Format, typer.Option("--format", help="The format of the report.")] = Format.TEXT,
    fail_on: Annotated[
        FailOn, typer.Option(help="The changes that cause exit code 1; `unproven` includes breaking changes.")
    ] = FailOn.BREAKING,
    allow_uncovered: AllowUncovered = False,
    ref_root: RefRoot = None,
    _debug: Debug = False,
) -> int:
    """Find bodies that one version of a document allows and the other forbids, and serve them to a client."""
    from .diff import show_diff
    from .test import client_of

    named = (client, refuses or (), worker, command, generated, python, timezone)
    subject = client_of(*named) if any(named) else None
    listed = None if list_all else LISTED
    options = (jobs, timeout, listed, written, fail_on)
    return show_diff(old, new, ref_root, subject, operation or (), *options, allow_uncovered=allow_uncovered)


@app.command(cls=_Command)
def export(
    document: Document,
    tool: Annotated[Tool, typer.Option("--to", help="The tool that will read the files.")],
    folder: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="A new or empty folder, or an earlier export to replace."
        ),
    ],
    operation: Operations = None,
    sample: Sample = None,
    ref_root: RefRoot = None,
    _debug: Debug = False,
) -> None:
    """Write mutants as request handlers for MSW.

    Prints which mutants MSW can't express.
    """
    from .export import export as run

    run(document, ref_root, tool, folder, operation or (), sample)


@app.command(cls=_Command)
def shim(
    language: Annotated[
        Shim, typer.Argument(metavar="python|node", help="The programming language of the client.")
    ],
    _debug: Debug = False,
) -> None:
    """Print the path to the worker that calls clients in this language, for `test --worker`."""
    typer.echo(language.path)
