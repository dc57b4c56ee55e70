"""Defines the commands. Whatever else a command needs is imported only when the command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from contract_kit.derive.strictness import Strictness
from contract_kit.errors import KitError
from contract_kit.serve.shims import Shim
from contract_kit.terminal import write_line

from .exit_codes import MEANINGS
from .options import (
    AllowUncovered,
    AskedStrictness,
    Calls,
    ClientOptions,
    Debug,
    Document,
    FailOn,
    Format,
    Operations,
    RefRoot,
    Sample,
    Since,
    Tool,
    number,
)

LISTED = 20


def _version() -> str:
    from importlib.metadata import entry_points

    (command,) = entry_points(group="console_scripts", name="contract-kit")
    return f"contract-kit {command.dist.version if command.dist else 'unknown'}"


app = App(
    name="contract-kit",
    help="Test how a client handles responses that violate its OpenAPI document.",
    help_epilogue="\n".join(["Exit codes:", *(f"  {code:d}  {MEANINGS[code]}" for code in MEANINGS)]),
    help_flags=["--help", "-h"],
    version=_version,
    help_format="plaintext",
    help_formatter="plain",
    default_parameter=Parameter(negative=(), show_default=False),
    result_action="return_value",
    exit_on_error=False,
    print_error=False,
    suppress_keyboard_interrupt=False,
)


@app.command
def mutants(
    document: Document,
    /,
    *,
    operation: Operations = (),
    sample: Sample = None,
    strictness: AskedStrictness = Strictness.MUST,
    jsonl: Annotated[bool, Parameter(help="Write one JSON object per line, one for each mutant.")] = False,
    mutant: Annotated[
        str | None,
        Parameter(name="--id", help="Write only the mutant with this id, as a JSON object."),
    ] = None,
    webhooks: Annotated[bool, Parameter(help="List the mutants of webhooks and callbacks instead.")] = False,
    ref_root: RefRoot = None,
    _debug: Debug = False,
) -> None:
    """List responses that violate a document, and legal responses that might surprise a client."""
    from .mutants import list_mutants

    chosen = (operation, sample, strictness, mutant)
    list_mutants(document, ref_root, *chosen, jsonl=jsonl, webhooks=webhooks)


@app.command
def serve(
    document: Document,
    /,
    *,
    host: Annotated[str, Parameter(help="The address to listen on.", show_default=True)] = "127.0.0.1",
    port: Annotated[
        int,
        Parameter(converter=number, validator=Number(gte=0, lte=65535), help="The port; 0 picks a free one."),
    ] = 0,
    ref_root: RefRoot = None,
    _debug: Debug = False,
) -> None:
    """Respond to any documented request until Ctrl-C, with a mutant if the request specifies one.

    Prints the URL to stdout, and instructions for requesting a mutant to stderr.
    """
    from .serve import serve as run

    run(document, ref_root, host, port)


@app.command(name="test")
def _test(
    document: Document,
    /,
    *,
    client: ClientOptions = ClientOptions(),
    receiver: Annotated[
        tuple[str, ...],
        Parameter(
            metavar="[NAME=]URL",
            help="A server that receives the document's webhooks and callbacks, or only the webhook NAME. "
            "Can be repeated.",
        ),
    ] = (),
    sign: Annotated[
        str | None,
        Parameter(
            metavar="SCHEME",
            help="How to sign deliveries: github, stripe, slack, standard-webhooks, hmac-sha256:HEADER, or "
            "MODULE:FUNCTION. The function is called as function(id, time, body, secret), and returns "
            "headers.",
        ),
    ] = None,
    secret: Annotated[
        str | None, Parameter(metavar="ENVVAR", help="The environment variable that contains the secret.")
    ] = None,
    allow_remote: Annotated[bool, Parameter(help="Allow a receiver on another machine.")] = False,
    operation: Operations = (),
    sample: Sample = None,
    strictness: AskedStrictness = Strictness.MUST,
    calls: Calls = Calls(),
    list_all: Annotated[
        bool,
        Parameter(name="--all", help=f"List every fault (default: one in each of {LISTED} fields)."),
    ] = False,
    json: Annotated[
        str | None,
        Parameter(
            metavar="FILE|-",
            allow_leading_hyphen=True,
            help="Write every row as JSON to this file. With -, write only the JSON, to stdout.",
        ),
    ] = None,
    junit: Annotated[Path | None, Parameter(metavar="FILE", help="Also write JUnit XML.")] = None,
    markdown: Annotated[Path | None, Parameter(metavar="FILE", help="Also write Markdown.")] = None,
    html: Annotated[
        Path | None, Parameter(metavar="FILE", help="Also write an HTML page; needs jinja2.")
    ] = None,
    baseline: Annotated[
        Path | None,
        Parameter(
            metavar="FILE",
            help="Fail only on faults that are worse than in this file, which --write-baseline wrote.",
        ),
    ] = None,
    write_baseline: Annotated[
        Path | None,
        Parameter(
            metavar="FILE",
            help="Write a baseline to this file, and don't fail because of the client's faults.",
        ),
    ] = None,
    fail_on: Annotated[
        tuple[Since, ...],
        Parameter(
            help="With --baseline, what causes exit code 1 in addition to worse faults. Can be repeated."
        ),
    ] = (),
    ignore: Annotated[
        tuple[str, ...],
        Parameter(
            metavar="NAME|@FILE",
            help="Don't count faults with this keyword, mutation operator, field (as in the list of faults) "
            "or schema (/components/schemas/Order; append /** to include all schemas inside it). @FILE "
            "contains one name per line. Can be repeated.",
        ),
    ] = (),
    allow_uncovered: AllowUncovered = False,
    ref_root: RefRoot = None,
    _debug: Debug = False,
) -> int:
    """Serve every mutant to a client, or deliver it to a webhook receiver, and show what happens."""
    from .first_client import suggest_client
    from .receiver import receiver_of
    from .test import Baselines, Reports, client_of, run_test

    if (sign or secret or allow_remote) and not receiver:
        raise KitError("--sign, --secret and --allow-remote need --receiver.")
    if receiver and client.are_given:
        raise KitError("--receiver tests a receiver instead of a client. Leave out the client options.")
    if not (receiver or client.names_a_client):
        return suggest_client(document, ref_root)
    tested = receiver_of(receiver, sign, secret, allow_remote=allow_remote) if receiver else client_of(client)
    since = Baselines(baseline, write_baseline, fail_on)
    listed = None if list_all else LISTED
    # A command might contain a password.
    named = filter(None, [client.client or client.generated, Path(document).name])
    about = ", tested with ".join(named)
    reports = Reports(json, junit, markdown, html, since, ignore, listed, allow_uncovered, about)
    return run_test(
        document, ref_root, tested, operation, sample, strictness, calls.jobs, calls.timeout, reports
    )


@app.command
def diff(
    old: Annotated[str, Parameter(name="OLD", help="The version that clients know.")],
    new: Annotated[str, Parameter(name="NEW", help="The version that might break these clients.")],
    /,
    *,
    client: ClientOptions = ClientOptions(),
    operation: Operations = (),
    calls: Calls = Calls(),
    list_all: Annotated[
        bool, Parameter(name="--all", help=f"List every change (default: {LISTED}).")
    ] = False,
    written: Annotated[
        Format, Parameter(name="--format", help="The format of the report.", show_default=True)
    ] = Format.TEXT,
    fail_on: Annotated[
        FailOn,
        Parameter(
            help="The changes that cause exit code 1; `unproven` includes breaking changes.",
            show_default=True,
        ),
    ] = FailOn.BREAKING,
    allow_uncovered: AllowUncovered = False,
    ref_root: RefRoot = None,
    _debug: Debug = False,
) -> int:
    """Find bodies that one version of a document allows and the other forbids, and serve them to a client."""
    from .diff import show_diff
    from .test import client_of

    tested = client_of(client) if client.are_given else None
    options = (calls.jobs, calls.timeout, None if list_all else LISTED, written, fail_on)
    return show_diff(old, new, ref_root, tested, operation, *options, allow_uncovered=allow_uncovered)


@app.command
def export(
    document: Document,
    /,
    *,
    tool: Annotated[Tool, Parameter(name="--to", help="The tool that will read the files.")],
    folder: Annotated[
        Path,
        Parameter(
            name=["--output", "-o"],
            metavar="FOLDER",
            help="A new or empty folder, or an earlier export to replace.",
        ),
    ],
    operation: Operations = (),
    sample: Sample = None,
    ref_root: RefRoot = None,
    _debug: Debug = False,
) -> None:
    """Write mutants as request handlers for MSW.

    Prints which mutants MSW can't express.
    """
    from .export import export as run

    run(document, ref_root, tool, folder, operation, sample)


@app.command
def shim(
    language: Annotated[Shim, Parameter(name="LANGUAGE", help="The programming language of the client.")],
    /,
    *,
    _debug: Debug = False,
) -> None:
    """Print the path to the worker that calls clients in this language, for `test --worker`."""
    write_line(f"{language.path}")
