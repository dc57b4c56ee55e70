"""The options that several commands share, and the values that these options accept."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from attrs import astuple, frozen
from cyclopts import Parameter, Token
from cyclopts.validators import Number
from cyclopts.validators import Path as PathValidator

from contract_kit.derive.strictness import Strictness

_NUMBER = re.compile(r"[-+]?[0-9]+|[-+]?[0-9]*\.[0-9]+")


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


def number(kind: Any, tokens: Sequence[Token]) -> Any:
    """Return the number that an option's value spells out; raise ValueError for any other spelling.

    Python would also read `9_0`, `nan` and digits of other scripts.
    """
    text = tokens[0].value
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number.")
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a whole number.") from None


def _check_zone(_kind: Any, name: str | None) -> None:
    if name is None:
        return
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # OSError if the name is a folder in the database
        if zoneinfo.available_timezones():  # without a database, no name can be checked
            raise ValueError("Use a name such as Europe/Berlin or UTC.") from None


Document = Annotated[str, Parameter(name="DOC", help="An OpenAPI 3.0 or 3.1 document, JSON or YAML.")]
Operations = Annotated[
    tuple[str, ...],
    Parameter(name="--operation", metavar="ID", help="Use only this operation. Can be repeated."),
]
Sample = Annotated[
    int | None,
    Parameter(
        metavar="N",
        converter=number,
        validator=Number(gte=1),
        help="Use only N mutants, spread evenly over the operators; every run uses the same N.",
    ),
]
AskedStrictness = Annotated[
    Strictness,
    Parameter(
        help="Which of the standards' requirements a client must meet: only MUST, also SHOULD, or also MAY.",
        show_default=True,
    ),
]
AllowUncovered = Annotated[
    bool,
    Parameter(help="Don't fail if a reference in the document can't be resolved; the report still lists it."),
]
RefRoot = Annotated[
    Path | None,
    Parameter(
        metavar="FOLDER",
        validator=PathValidator(exists=True, file_okay=False),
        help="A folder whose files the document may refer to, besides the files in its own folder.",
    ),
]
Debug = Annotated[bool, Parameter(name="--debug", help="Also print the traceback of an unexpected error.")]


@Parameter(name="*", group="Client")
@frozen
class ClientOptions:
    """The client to test."""

    client: Annotated[str | None, Parameter(metavar="MODULE:FUNCTION")] = None
    """A Python function, called as function(url, operation, arguments) or as function(request)."""
    refuses: Annotated[tuple[str, ...], Parameter(metavar="MODULE:ERROR")] = ()
    """An exception that the function raises to refuse a response. Can be repeated."""
    worker: Annotated[str | None, Parameter(metavar="COMMAND", allow_leading_hyphen=True)] = None
    """A command that keeps running and calls the client for each request that it reads from stdin, such as
    'node worker.mjs adapter.mjs'. docs/contract-kit-programs.md describes the protocol. No shell is used."""
    command: Annotated[str | None, Parameter(name="--exec", metavar="COMMAND", allow_leading_hyphen=True)] = (
        None
    )
    """A command to run for each mutant, with CONTRACT_KIT_URL, CONTRACT_KIT_OPERATION and
    CONTRACT_KIT_ARGUMENTS (JSON) in its environment. The command exits with 0 if it accepted the response,
    and with 10 if it refused the response. No shell is used."""
    generated: Annotated[str | None, Parameter(metavar="GENERATOR:PACKAGE[,OPTION]")] = None
    """A generated client, such as openapi-python-client:shop_client."""
    python: Annotated[str | None, Parameter(metavar="PATH")] = None
    """The Python interpreter of the generated client's environment."""
    timezone: Annotated[str | None, Parameter(metavar="NAME", validator=_check_zone)] = None
    """The time zone of the client's process, regardless of TZ (default: Asia/Kathmandu)."""

    @property
    def are_given(self) -> bool:
        """Whether any of these options was passed."""
        return any(astuple(self, recurse=False))

    @property
    def names_a_client(self) -> bool:
        """Whether at least one of the options that specify a client was passed."""
        return any(each is not None for each in (self.client, self.worker, self.command, self.generated))


@Parameter(name="*", group="Calls")
@frozen
class Calls:
    """How to call the client."""

    jobs: Annotated[int, Parameter(converter=number, validator=Number(gte=1, lte=256), show_default=True)] = 2
    """The number of calls to make in parallel."""
    timeout: Annotated[
        float,
        Parameter(
            metavar="SECONDS", converter=number, validator=Number(gte=0.01, lte=86_400), show_default=True
        ),
    ] = 10
    """The time limit for each call, in seconds."""
