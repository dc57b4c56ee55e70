"""The league's clients: how each is generated and called, and how it refuses a response."""

from __future__ import annotations

import enum
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from attrs import frozen
from contract_kit.serve.generated import worker_of
from contract_kit.serve.shims import Shim

from .choosing import BUILT
from .page import read_page

PYTHON = BUILT / "env" / "bin" / "python"
Command: TypeAlias = tuple[str, ...]


class Group(enum.StrEnum):
    """What a client promises to validate in responses."""

    CHECKS = "Clients that check responses at run time"
    TYPES = "Clients that promise types at compile time only"
    BY_HAND = "Written by hand"


@frozen
class Generator:
    """A client.

    Attributes:
        id: The client's name on the command line.
        name: The client's name in the report.
        group: What the client promises.
        settings: The settings that differ from the defaults, in Markdown.
        refuses: The errors that count as refusing a response, in Markdown.
        location: Whether and how a refusal's error contains the location in the body, in Markdown.
        body: Whether and how the received body is available after a refusal, in Markdown.
        steps: Takes a document and a folder; returns the commands that generate the client in the folder.
        worker: Takes a folder; returns the command that calls the client in the folder.
    """

    id: str
    name: str
    group: Group
    settings: str
    refuses: str
    location: str
    body: str
    steps: Callable[[Path, Path], tuple[Command, ...]]
    worker: Callable[[Path], Command]


_PAGE = read_page()


def _python(section: str, *options: str) -> Callable[[Path], Command]:
    """Return a command with which the kit calls the client that a section of the kit's page generates."""
    client = ",".join([_PAGE[section].client, *options])
    return lambda folder: ("env", f"PYTHONPATH={folder}", *worker_of(client, str(PYTHON)))


def _node(section: str) -> Callable[[Path], Command]:
    """Return a command with which the kit calls a compiled TypeScript client."""
    client = _PAGE[section].client.replace(".ts", ".js").replace(":.", f":{BUILT}")
    return lambda folder: worker_of(client.replace("src/", f"{folder}/js/"), None)


def _generated(section: str, *files: str) -> Callable[[Path, Path], tuple[Command, ...]]:
    """Return the commands from a section of the kit's page, and one that compiles these TypeScript files."""

    def steps(document: Path, folder: Path) -> tuple[Command, ...]:
        _PAGE[section].write(folder)
        shutil.copy(document, folder / "openapi.yaml")  # any JSON is YAML, too
        return (*_PAGE[section].generate, *([_compiled(*files)] if files else []))

    return steps


def _openapi_generator(document: Path, folder: Path) -> tuple[Command, ...]:
    return (("java", "-version"), *_generated("openapi-generator, python")(document, folder))


def _datamodel_code_generator(document: Path, folder: Path) -> tuple[Command, ...]:
    [command] = _generated("datamodel-code-generator")(document, folder)
    # As documented on the page, the generator writes modules if a schema's name contains a dot.
    if re.search(r"#/components/schemas/[^/\"'\s]*\.", document.read_text(encoding="utf-8")):
        command = tuple(each.removesuffix(".py") for each in command)
    return (command,)


def _strict_models(document: Path, folder: Path) -> tuple[Command, ...]:
    [command] = _datamodel_code_generator(document, folder)
    return ((*command, "--strict-nullable"),)


def _openapi_typescript(document: Path, _: Path) -> tuple[Command, ...]:
    types = ("npx", "openapi-typescript", str(document), "-o", "src/schema.ts")
    return types, _compiled("schema.ts")


def _compiled(*files: str) -> Command:
    options = ("--strict", "--skipLibCheck", "--esModuleInterop")
    # CommonJS: the generated imports have no file extensions, which ES modules of Node.js need.
    target = ("--target", "es2022", "--module", "commonjs", "--rootDir", "src", "--outDir", "js")
    return ("node", str(BUILT / "compile.mjs"), *options, *target, *(f"src/{file}" for file in files))


_BY_HAND = (
    *(str(PYTHON), str(Shim.PYTHON.path), "benchmarks.league.by_hand:call"),
    "requests.exceptions:RequestException",
)
_FETCH = "a returned `error`, an error status, `TypeError` from fetch, `SyntaxError` from JSON.parse"
_STATUS = "an error status, `TypeError` from fetch, `SyntaxError` from JSON.parse"

_NO_REFUSAL = "it refuses no body that is JSON"

GENERATORS = (
    Generator(
        "openapi-python-client",
        "openapi-python-client",
        Group.CHECKS,
        "none",
        "`UnexpectedStatus`, `httpx.HTTPError`, `JSONDecodeError` and `UnicodeDecodeError` of `json.loads`",
        "no: `KeyError` and `TypeError` of a crash name no location",
        "no",
        _generated("openapi-python-client"),
        _python("openapi-python-client"),
    ),
    Generator(
        "openapi-python-client-strict",
        "openapi-python-client, strict",
        Group.CHECKS,
        "`raise_on_unexpected_status=True` of its `Client`",
        "`UnexpectedStatus`, `httpx.HTTPError`, `JSONDecodeError` and `UnicodeDecodeError` of `json.loads`",
        "no: `KeyError` and `TypeError` of a crash name no location",
        "only of an undocumented status: `UnexpectedStatus.content`",
        _generated("openapi-python-client"),
        _python("openapi-python-client", "strict"),
    ),
    Generator(
        "datamodel-code-generator",
        "datamodel-code-generator",
        Group.CHECKS,
        "pydantic 2 models, also of responses without a name, behind httpx, which raises for error statuses",
        "`pydantic.ValidationError`, `httpx.HTTPError`",
        "yes: `loc` of `ValidationError.errors()`",
        "yes: the program makes the request, so it has `response.content`",
        _datamodel_code_generator,
        _python("datamodel-code-generator"),
    ),
    Generator(
        "datamodel-code-generator-strict",
        "datamodel-code-generator, strict",
        Group.CHECKS,
        "the same, `--strict-nullable`, and `strict=True` for `validate_json`",
        "`pydantic.ValidationError`, `httpx.HTTPError`",
        "yes: `loc` of `ValidationError.errors()`",
        "yes: the program makes the request, so it has `response.content`",
        _strict_models,
        _python("datamodel-code-generator", "strict"),
    ),
    Generator(
        "openapi-generator",
        "openapi-generator, python",
        Group.CHECKS,
        "none; we know no stricter ones",
        "`OpenApiException`, `ValueError` (raised by pydantic and the union models), urllib3's `HTTPError`",
        "in part: `loc` of `ValidationError.errors()` starts at the nearest object that is a model",
        "only of an error status: `ApiException.body`",
        _openapi_generator,
        _python("openapi-generator, python"),
    ),
    Generator(
        "openapi-fetch",
        "openapi-typescript, openapi-fetch",
        Group.TYPES,
        '`parseAs: "blob"` for the download',
        _FETCH,
        _NO_REFUSAL,
        "yes: `data` is the parsed body",
        _openapi_typescript,
        _node("openapi-fetch"),
    ),
    Generator(
        "hey-api",
        "@hey-api/openapi-ts",
        Group.TYPES,
        "none",
        _FETCH,
        _NO_REFUSAL,
        "yes: `data` is the parsed body",
        _generated("@hey-api/openapi-ts", "client/index.ts"),
        _node("@hey-api/openapi-ts"),
    ),
    Generator(
        "hey-api-zod",
        "@hey-api/openapi-ts, zod",
        Group.CHECKS,
        "the plugin `zod`, and `validator: { response: true }` of the plugin `@hey-api/sdk`",
        f"{_FETCH}, `ZodError`",
        "yes: `path` of `ZodError.issues`",
        "no: the function throws, and the error has no body",
        _generated("@hey-api/openapi-ts, zod", "client/index.ts"),
        _node("@hey-api/openapi-ts, zod"),
    ),
    Generator(
        "orval",
        "orval",
        Group.TYPES,
        '`client: "fetch"`',
        _STATUS,
        _NO_REFUSAL,
        "yes: `data` is the parsed body",
        _generated("orval", "client.ts"),
        _node("orval"),
    ),
    Generator(
        "orval-zod",
        "orval, zod",
        Group.CHECKS,
        '`client: "fetch"`, and the schemas of `client: "zod"` with `generateEachHttpStatus: true`',
        f"{_STATUS}, `ZodError`",
        "yes: `path` of `ZodError.issues`",
        "yes: `data` is the parsed body, which the program gives to the schema",
        _generated("orval, zod", "client.ts", "schemas.ts"),
        _node("orval, zod"),
    ),
    Generator(
        "by-hand",
        "requests and `json()`",
        Group.BY_HAND,
        "none; calls `raise_for_status()`",
        "`requests.RequestException`",
        _NO_REFUSAL,
        "yes: the program makes the request, so it has `response.content`",
        lambda _, __: (),
        lambda _: _BY_HAND,
    ),
)
"""All clients, in the order in which the report lists them."""
