"""The clients of the league: how each is generated and called, and the errors by which it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from attrs import frozen
from contract_kit.serve.shims import Shim

ROOT = Path(__file__).parents[2]
BUILT = ROOT / ".build" / "league"
PYTHON = BUILT / "env" / "bin" / "python"
MODULES = BUILT / "node_modules"
DOCUMENTS = {
    "contract": ROOT / "openapi.yaml",
    **{
        name: ROOT / "examples" / name / "openapi.yaml"
        for name in ("orders", "calendar", "payments", "files")
    },
}
"""The documents that clients are generated from, by name."""

Command: TypeAlias = tuple[str, ...]


@frozen
class Generator:
    """A generated client.

    Attributes:
        id: Its name on the command line.
        name: Its name in the report.
        package: The package that is pinned.
        settings: What differs from the defaults, in Markdown.
        refuses: The errors by which it refuses a response, in Markdown.
        steps: Returns the commands that generate the client of a document in a folder.
        worker: Returns the command that calls the client in a folder.
    """

    id: str
    name: str
    package: str
    settings: str
    refuses: str
    steps: Callable[[Path, Path], tuple[Command, ...]]
    worker: Callable[[Path], Command]

    @property
    def is_node(self) -> bool:
        """Whether the client runs in Node.js."""
        return self.package in _NODE


_NODE = ("openapi-fetch", "@hey-api/openapi-ts", "orval")
_HTTPX = ("httpx:HTTPError", "json:JSONDecodeError", "builtins:UnicodeDecodeError")


def _python(adapter: str, *refuses: str) -> Callable[[Path], Command]:
    function = f"benchmarks.league.adapters.{adapter}"
    return lambda folder: (
        *("env", f"PYTHONPATH={folder}", str(PYTHON), str(Shim.PYTHON.path), function),
        *refuses,
    )


def _node(adapter: str) -> Callable[[Path], Command]:
    return lambda folder: (
        *("env", f"LEAGUE_CLIENT={folder / 'js'}", "node"),
        *(str(Shim.NODE.path), str(BUILT / f"{adapter}.mjs")),
    )


def _module(name: str, *arguments: str) -> Command:
    return (str(PYTHON), "-m", name, *arguments)


def _openapi_python_client(document: Path, folder: Path) -> tuple[Command, ...]:
    written = ("--meta", "none", "--output-path", str(folder / "league_client"))
    return (_module("openapi_python_client", "generate", "--path", str(document), *written),)


def _datamodel_code_generator(document: Path, folder: Path) -> tuple[Command, ...]:
    written = (
        "--input",
        str(document),
        "--input-file-type",
        "openapi",
        "--output",
        str(folder / "league_models.py"),
    )
    style = ("--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.11")
    return (_module("datamodel_code_generator", *written, *style, "--formatters", "builtin"),)


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
    return ("node", str(MODULES / "typescript" / "bin" / "tsc"), *options, *target, *sources)


_PYDANTIC = ("pydantic:ValidationError", "httpx:HTTPError")
_FETCH = "a returned `error`, an error status, `TypeError` from fetch, `SyntaxError` from JSON.parse"
_STATUS = "an error status, `TypeError` from fetch, `SyntaxError` from JSON.parse"

GENERATORS = (
    Generator(
        "openapi-python-client",
        "openapi-python-client",
        "openapi-python-client",
        "`raise_on_unexpected_status=True` of its `Client`",
        "`UnexpectedStatus`, `httpx.HTTPError`, `JSONDecodeError` and `UnicodeDecodeError` of `json.loads`",
        _openapi_python_client,
        _python("openapi_python_client:call", "league_client.errors:UnexpectedStatus", *_HTTPX),
    ),
    Generator(
        "datamodel-code-generator",
        "datamodel-code-generator",
        "datamodel-code-generator",
        "pydantic 2 models behind httpx, which raises for error statuses",
        "`pydantic.ValidationError`, `httpx.HTTPError`",
        _datamodel_code_generator,
        _python("pydantic_models:call", *_PYDANTIC),
    ),
    Generator(
        "datamodel-code-generator-strict",
        "datamodel-code-generator, strict",
        "datamodel-code-generator",
        "the same, and `strict=True` for `validate_json`",
        "`pydantic.ValidationError`, `httpx.HTTPError`",
        _datamodel_code_generator,
        _python("pydantic_models:call_strictly", *_PYDANTIC),
    ),
    Generator(
        "openapi-generator",
        "openapi-generator, python",
        "openapi-generator-cli",
        "none",
        "`OpenApiException`, `ValueError` (raised by pydantic and the union models), urllib3's `HTTPError`",
        _openapi_generator,
        _python(
            "openapi_generator:call",
            *(
                "league_client.exceptions:OpenApiException",
                "builtins:ValueError",
                "urllib3.exceptions:HTTPError",
            ),
        ),
    ),
    Generator(
        "openapi-fetch",
        "openapi-typescript, openapi-fetch",
        "openapi-fetch",
        '`parseAs: "blob"` for the download',
        _FETCH,
        _openapi_typescript,
        _node("openapi-fetch"),
    ),
    Generator(
        "hey-api",
        "@hey-api/openapi-ts",
        "@hey-api/openapi-ts",
        "none",
        _FETCH,
        _generated("hey-api", "index.ts"),
        _node("hey-api"),
    ),
    Generator(
        "hey-api-zod",
        "@hey-api/openapi-ts, zod",
        "@hey-api/openapi-ts",
        "the plugin `zod`, and `validator: { request: false, response: true }` of the plugin `@hey-api/sdk`",
        f"{_FETCH}, `ZodError`",
        _generated("hey-api-zod", "index.ts"),
        _node("hey-api"),
    ),
    Generator(
        "orval",
        "orval",
        "orval",
        '`client: "fetch"`',
        _STATUS,
        _generated("orval", "client.ts"),
        _node("orval"),
    ),
    Generator(
        "orval-zod",
        "orval, zod",
        "orval",
        '`client: "fetch"`, and the schemas of `client: "zod"` with `generateEachHttpStatus: true`',
        f"{_STATUS}, `ZodError`",
        _generated("orval-zod", "client.ts", "schemas.ts"),
        _node("orval-zod"),
    ),
)
"""All clients, in the order of the report."""
