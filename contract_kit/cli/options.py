"""The options that several commands share, and the values that these options accept.

Annotations are not postponed here, because typer would evaluate postponed annotations on every start.
"""

import enum
import math
from pathlib import Path
from typing import Annotated

import typer

from contract_kit.derive.model import Strictness


class Format(enum.StrEnum):
    """A report format for `diff`."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"


class Since(enum.StrEnum):
    """The changes since a baseline that make `test` fail."""

    WORSE = "worse"
    NEW = "new"
    GONE = "gone"


class FailOn(enum.StrEnum):
    """The changes that make `diff` fail."""

    BREAKING = "breaking"
    UNPROVEN = "unproven"


class Tool(enum.StrEnum):
    """An export format, named after the tool that reads it."""

    MSW = "msw"


def _refuse_nan(value: float) -> float:
    if math.isnan(value):  # typer's range check lets NaN through
        raise typer.BadParameter("nan is not a number.")
    return value


def _refuse_unknown_zone(name: str | None) -> str | None:
    if name is not None:
        import zoneinfo

        try:
            zoneinfo.ZoneInfo(name)
        except (LookupError, ValueError, OSError):  # OSError if the name is a folder in the database
            if zoneinfo.available_timezones():  # without a database, no name can be checked
                raise typer.BadParameter(
                    f"there is no time zone {name!r}. Use a name such as Europe/Berlin or UTC."
                ) from None
    return name


Document = Annotated[str, typer.Argument(metavar="DOC", help="An OpenAPI 3.0 or 3.1 document, JSON or YAML.")]
Operations = Annotated[
    list[str] | None,
    typer.Option("--operation", metavar="ID", help="Use only this operation. Can be repeated."),
]
Sample = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="Use only N mutants, spread evenly over the operators; every run uses the same N.",
    ),
]

AllowUncovered = Annotated[
    bool,
    typer.Option(
        "--allow-uncovered",
        help="Don't fail if a reference in the document can't be resolved; the report still lists it.",
    ),
]
RefRoot = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        file_okay=False,
        exists=True,
        help="A folder whose files the document may refer to, besides the files in its own folder.",
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Also print the traceback of an unexpected error.")]
ClientName = Annotated[
    str | None,
    typer.Option(
        metavar="MODULE:FUNCTION",
        help="A Python function, called as function(url, operation, arguments) or as function(request).",
    ),
]
Refuses = Annotated[
    list[str] | None,
    typer.Option(
        metavar="MODULE:ERROR",
        help="An exception that the function raises to refuse a response. Can be repeated.",
    ),
]
ClientCommand = Annotated[
    str | None,
    typer.Option(
        "--exec",
        metavar="COMMAND",
        help="A command to run for each mutant, with CONTRACT_KIT_URL, CONTRACT_KIT_OPERATION and "
        "CONTRACT_KIT_ARGUMENTS (JSON) in its environment. The command exits with 0 if it accepted "
        "the response, and with 10 if it refused the response. No shell is used.",
    ),
]
WorkerCommand = Annotated[
    str | None,
    typer.Option(
        "--worker",
        metavar="COMMAND",
        help="A command that keeps running and calls the client for each request that it reads from "
        "stdin, such as 'node worker.mjs adapter.mjs'. docs/contract-kit-programs.md describes the protocol. "
        "No shell is used.",
    ),
]
ReceiverUrl = Annotated[
    list[str] | None,
    typer.Option(
        "--receiver",
        metavar="[NAME=]URL",
        help="A server that receives the document's webhooks and callbacks, or only the webhook NAME. Can be "
        "repeated.",
    ),
]
Generated = Annotated[
    str | None,
    typer.Option(
        metavar="GENERATOR:PACKAGE[,OPTION]",
        help="A generated client, such as openapi-python-client:shop_client.",
    ),
]
Python = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="The Python interpreter of the generated client's environment."),
]
AskedStrictness = Annotated[
    Strictness,
    typer.Option(
        "--strictness",
        help="Which of the standards' requirements a client must meet: only MUST, also SHOULD, or also MAY.",
    ),
]
Jobs = Annotated[int, typer.Option(min=1, max=256, help="The number of calls to make in parallel.")]
Timeout = Annotated[
    float,
    typer.Option(
        min=0.01,
        max=86_400,
        metavar="SECONDS",
        help="The time limit for each call, in seconds.",
        callback=_refuse_nan,
    ),
]
Timezone = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The time zone of the client's process, regardless of TZ (default: Asia/Kathmandu).",
        callback=_refuse_unknown_zone,
    ),
]
Baseline = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Fail only on faults that are worse than in this file, which --write-baseline wrote.",
    ),
]
WriteBaseline = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Write a baseline to this file, and don't fail because of the client's faults."
    ),
]
FailOnSince = Annotated[
    list[Since] | None,
    typer.Option(
        "--fail-on",
        help="With --baseline, what causes exit code 1 in addition to worse faults. Can be repeated.",
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME|@FILE",
        help="Don't count faults with this keyword, mutation operator, field (as in the list of faults) or "
        "schema (/components/schemas/Order; append /** to include all schemas inside it). @FILE contains "
        "one name per line. Can be repeated.",
    ),
]
