"""The clients of the league: how each is generated and called, and how it refuses a response."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from attrs import frozen
from contract_kit.serve.generated import worker_of
from contract_kit.serve.shims import Shim

from .choosing import BUILT

PYTHON = BUILT / "env" / "bin" / "python"
MODULES = BUILT / "node_modules"
Command: TypeAlias = tuple[str, ...]


class Group(enum.StrEnum):
    """What a client promises about the responses that it reads."""

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
        settings: What differs from the defaults, in Markdown.
        refuses: The errors that count as refusing a response, in Markdown.
        location: Whether and how the error of a refusal names the location in the body, in Markdown.
        body: Whether and how the program can access the received body after a refusal, in Markdown.
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


def _kit(client: str) -> Callable[[Path], Command]:
    """Return how the kit calls a generated client; `{}` stands for the client's folder."""
    return lambda folder: (
        *("env", f"PYTHONPATH={folder}"),
        *worker_of(client.format(folder), str(PYTHON)),
    )


def _module(name: str, *arguments: str) -> Command:
    return (str(PYTHON), "-m", name, *arguments)


def _openapi_python_client(document: Path, folder: Path) -> tuple[Command, ...]:
    written = ("--meta", "none", "--output-path", str(folder / "league_client"))
    return (_module("openapi_python_client", "generate", "--path", str(document), *written),)


def _datamodel_code_generator(document: Path, folder: Path, *options: str) -> tuple[Command, ...]:
    # If a schema has a dot in its name, the generator writes modules, and needs a folder instead of a file.
    has_modules = re.search(r"#/components/schemas/[^/\"'\s]*\.", document.read_text(encoding="utf-8"))
    written = (
        "--input",
        str(document),
        "--input-file-type",
        "openapi",
        "--output",
        str(folder / ("league_models" if has_modules else "league_models.py")),
    )
    style = ("--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.11")
    # Without these options, a response whose schema has no name gets no model.
    scope = ("--openapi-scopes", "schemas", "paths", "--use-operation-id-as-name")
    return (
        _module("datamodel_code_generator", *written, *style, "--formatters", "builtin", *scope, *options),
    )


def _strict_models(document: Path, folder: Path) -> tuple[Command, ...]:
    return _datamodel_code_generator(document, folder, "--strict-nullable")


def _openapi_generator(document: Path, folder: Path) -> tuple[Command, ...]:
    written = ("-i", str(document), "-o", str(folder), "--package-name", "league_client")
    return (
        ("java", "-version"),
        (str(PYTHON.with_name("openapi-generator-cli")), "generate", "-g", "python", *written),
    )


def _openapi_typescript(document: Path, folder: Path) -> tuple[Command, ...]:
    script = str(MODULES / "openapi-typescript" / "bin" / "cli.js")
    return ("node", script, str(document), "-o", str(folder / "ts" / "schema.ts")), _compiled(
        folder, "schema.ts"
    )


def _generated(client: str, *files: str) -> Callable[[Path, Path], tuple[Command, ...]]:
    script = str(BUILT / "generate.mjs")
    return lambda document, folder: (
        ("node", script, client, str(document), str(folder / "ts")),
        _compiled(folder, *files),
    )


def _compiled(folder: Path, *files: str) -> Command:
    options = ("--strict", "--skipLibCheck", "--esModuleInterop")
    # CommonJS: the generated imports have no file extensions, which ES modules of Node.js need.
    target = ("--target", "es2022", "--module", "commonjs", "--outDir", str(folder / "js"))
    sources = [str(folder / "ts" / file) for file in files]
    return ("node", str(BUILT / "compile.mjs"), *options, *target, *sources)


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
        _openapi_python_client,
        _kit("openapi-python-client:league_client"),
    ),
    Generator(
        "openapi-python-client-strict",
        "openapi-python-client, strict",
        Group.CHECKS,
        "`raise_on_unexpected_status=True` of its `Client`",
        "`UnexpectedStatus`, `httpx.HTTPError`, `JSONDecodeError` and `UnicodeDecodeError` of `json.loads`",
        "no: `KeyError` and `TypeError` of a crash name no location",
        "only of an undocumented status: `UnexpectedStatus.content`",
        _openapi_python_client,
        _kit("openapi-python-client:league_client,strict"),
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
        _kit("datamodel-code-generator:league_models"),
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
        _kit("datamodel-code-generator:league_models,strict"),
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
        _kit("openapi-generator:league_client"),
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
        _kit(f"openapi-fetch:{BUILT}"),
    ),
    Generator(
        "hey-api",
        "@hey-api/openapi-ts",
        Group.TYPES,
        "none",
        _FETCH,
        _NO_REFUSAL,
        "yes: `data` is the parsed body",
        _generated("hey-api", "index.ts"),
        _kit("@hey-api/openapi-ts:{}/js"),
    ),
    Generator(
        "hey-api-zod",
        "@hey-api/openapi-ts, zod",
        Group.CHECKS,
        "the plugin `zod`, and `validator: { request: false, response: true }` of the plugin `@hey-api/sdk`",
        f"{_FETCH}, `ZodError`",
        "yes: `path` of `ZodError.issues`",
        "no: the function throws, and the error has no body",
        _generated("hey-api-zod", "index.ts"),
        _kit("@hey-api/openapi-ts:{}/js"),
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
        _kit("orval:{}/js/client"),
    ),
    Generator(
        "orval-zod",
        "orval, zod",
        Group.CHECKS,
        '`client: "fetch"`, and the schemas of `client: "zod"` with `generateEachHttpStatus: true`',
        f"{_STATUS}, `ZodError`",
        "yes: `path` of `ZodError.issues`",
        "yes: `data` is the parsed body, which the program gives to the schema",
        _generated("orval-zod", "client.ts", "schemas.ts"),
        _kit("orval:{0}/js/client,zod={0}/js/schemas"),
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
"""All clients, in the order of the report."""
