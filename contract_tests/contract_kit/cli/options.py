"""The options that the commands share, and the values that they offer.

Annotations are not postponed here, because typer would evaluate postponed annotations at each start.
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
    """The differences from a baseline that make `test` fail."""

    WORSE = "worse"
    NEW = "new"
    GONE = "gone"


class FailOn(enum.StrEnum):
    """The changes that make `diff` fail."""

    BREAKING = "breaking"
    UNPROVEN = "unproven"


class Tool(enum.StrEnum):
    """An `export` format, named after the tool that reads it."""

    MSW = "msw"
    WIREMOCK = "wiremock"
    HAR = "har"


def _refuse_nan(value: float) -> float:
    if math.isnan(value):  # typer's range check lets NaN through
        raise typer.BadParameter("nan is not a number.")
    return value


def _refuse_unknown_zone(name: str | None) -> str | None:
    if name is not None:
        import zoneinfo

        try:
            zoneinfo.ZoneInfo(name)
        except (LookupError, ValueError, OSError):  # OSError if the name is a folder of the database
            if zoneinfo.available_timezones():  # without a database, no name can be checked
                raise typer.BadParameter(
                    f"there is no time zone {name!r}. Give a name such as Europe/Berlin or UTC."
                ) from None
    return name


Document = Annotated[str, typer.Argument(metavar="DOC", help="An OpenAPI 3.0 or 3.1 document, JSON or YAML.")]
Operations = Annotated[
    list[str] | None,
    typer.Option("--operation", metavar="ID", help="Only this operation; can be given several times."),
]
Sample = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Only N mutants, evenly by operator; all runs take the same ones."),
]

AllowUncovered = Annotated[
    bool,
    typer.Option(
        "--allow-uncovered",
        help="Don't fail because a reference of the document leads nowhere; the report still lists it.",
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
        help="An exception that the function raises to refuse a response; can be given several times.",
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
        help="A server that receives the document's webhooks and callbacks, or the webhook NAME; can be "
        "given several times.",
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
        help="Which requirements of standards a client must meet: only must, also should, or also may.",
    ),
]
Jobs = Annotated[int, typer.Option(min=1, max=256, help="The number of calls to make at the same time.")]
Timeout = Annotated[
    float,
    typer.Option(
        min=0.01,
        max=86_400,
        metavar="SECONDS",
        help="The number of seconds that a call may take.",
        callback=_refuse_nan,
    ),
]
Timezone = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The time zone of the client's process, whatever TZ is (default: Asia/Kathmandu).",
        callback=_refuse_unknown_zone,
    ),
]
Baseline = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Fail only on what is worse than when --write-baseline wrote this file."
    ),
]
WriteBaseline = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Write a baseline to this file; the client's faults then don't matter."
    ),
]
FailOnSince = Annotated[
    list[Since] | None,
    typer.Option(
        "--fail-on",
        help="With --baseline, what leads to exit code 1 besides worse faults; can be given several times.",
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME|@FILE",
        help="Don't count the faults of this keyword, mutation operator, field (as in the list of faults) "
        "or schema (/components/schemas/Order; /** at its end adds all inside). @FILE has one name per "
        "line. Can be given several times.",
    ),
]
