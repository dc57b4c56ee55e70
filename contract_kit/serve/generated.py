"""Client generators that the kit supports without user code, and the workers that call their clients."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from attrs import frozen

from contract_kit.errors import KitError

from .shims import Shim


@frozen
class Generator:
    """A client generator.

    Attributes:
        shim: The worker that calls the generated clients.
        package: The generator's package, or the client's runtime package if no code is generated.
        oldest: The oldest version with which the kit was tested (major and minor). `newest` is the newest.
        client: The client that `generate` creates, in the format of --generated.
        generate: The command that generates the client, with `{}` for the document; empty if there is none.
        option: The option that can follow the client; empty if there is none.
    """

    shim: Shim
    package: str
    oldest: str
    newest: str
    client: str
    generate: str
    option: str = ""

    @property
    def tested(self) -> str:
        """The tested versions, as text."""
        return self.newest if self.oldest == self.newest else f"{self.oldest} to {self.newest}"


GENERATORS = {
    "openapi-python-client": Generator(
        Shim.PYTHON,
        "openapi-python-client",
        "0.24",
        "0.29",
        "shop",
        "openapi-python-client generate --path {} --meta none --output-path shop",
        "strict",
    ),
    "openapi-generator": Generator(
        Shim.PYTHON,
        "openapi-generator-cli",
        "7.10",
        "7.26",
        "shop",
        "openapi-generator-cli generate -g python -i {} -o . --package-name shop "
        "--additional-properties generateSourceCodeOnly=true",
    ),
    "datamodel-code-generator": Generator(
        Shim.PYTHON,
        "datamodel-code-generator",
        "0.60",
        "0.89",
        "shop",
        "datamodel-codegen --input {} --input-file-type openapi --output shop.py "
        "--output-model-type pydantic_v2.BaseModel --formatters builtin --openapi-scopes schemas paths "
        "--use-operation-id-as-name",
        "strict",
    ),
    "@hey-api/openapi-ts": Generator(
        Shim.NODE,
        "@hey-api/openapi-ts",
        "0.80",
        "0.99",
        "src/client",
        "npx openapi-ts -i {} -o src/client",
    ),
    "openapi-fetch": Generator(Shim.NODE, "openapi-fetch", "0.13", "0.17", ".", ""),
    "orval": Generator(
        Shim.NODE,
        "orval",
        "7.0",
        "8.38",
        "src/client.ts",
        "npx orval -i {} -o src/client.ts --client fetch",
        "zod=",
    ),
}


def worker_of(named: str, python: str | None) -> tuple[str, ...]:
    """Return the command that runs a worker for a generated client.

    Args:
        named: The client, as `GENERATOR:PACKAGE[,OPTION]`. For JavaScript, PACKAGE is the client's folder or
            file.
        python: The interpreter of the client's environment; None for the kit's own interpreter.

    Raises:
        KitError: The generator, option or interpreter doesn't exist, or no package was specified.
    """
    name, package, options = _parts(named)
    if not (generator := GENERATORS.get(name)):
        raise KitError(f"There is no generator {name!r}. The generators are {', '.join(GENERATORS)}.")
    if not package:
        raise KitError(f"--generated {name} specifies no client. Write it as {name}:PACKAGE.")
    if wrong := [each for each in options if "".join(each.partition("=")[:2]) != generator.option]:
        advice = f"Its only option is {generator.option}." if generator.option else "It takes no options."
        raise KitError(f"{name} has no option {wrong[0]!r}. {advice}")
    shim = generator.shim
    if python and shim is not Shim.PYTHON:
        raise KitError(f"--python works only with Python clients, and {name} generates none.")
    if python and not shutil.which(python):
        raise KitError(f"--python: there is no program '{python}'. Pass the client's interpreter.")
    program = [python or sys.executable] if shim is Shim.PYTHON else _node(package)
    return (*program, str(shim.path), str(shim.adapters), name, package, *options)


def _node(client: str) -> list[str]:
    """Return the command that starts Node.js, using tsx if it is installed in the client's project."""
    if not shutil.which("node"):
        raise KitError("There is no program 'node'. Install Node.js 20 or newer.")
    match _installed("tsx", client):
        case folder, {"exports": {".": str(loader)}}:
            return ["node", "--import", (folder / loader).as_uri()]
    return ["node"]


def doubt_about(named: str, python: str | None) -> str:
    """Return a warning if the kit wasn't tested with the installed version of the generator, or else "".

    If the generator isn't installed in the client's environment, its version is unknown.
    """
    name, client, _ = _parts(named)
    each = GENERATORS[name]
    version = (
        _version(each.package, python) if each.shim is Shim.PYTHON else _node_version(each.package, client)
    )
    if not version or _numbers(each.oldest) <= _numbers(version)[:2] <= _numbers(each.newest):
        return ""
    return f"{each.package} {version} is installed, but the kit was tested with {each.tested}."


def _parts(named: str) -> tuple[str, str, list[str]]:
    name, _, rest = named.partition(":")
    client, *options = rest.split(",")
    return name, client, options


def _numbers(version: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", version)]


def _version(package: str, python: str | None) -> str:
    script = f"from importlib.metadata import version; print(version({package!r}))"
    command = [python or sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


def _node_version(package: str, client: str) -> str:
    found = _installed(package, client)
    return str(found[1].get("version", "")) if found else ""


def _installed(package: str, client: str) -> tuple[Path, dict[str, Any]] | None:
    """Find a package as Node.js would from the client. Return the package's folder and `package.json`."""
    place = Path(client).absolute()
    for folder in (each / "node_modules" / package for each in (place, *place.parents)):
        try:
            return folder, json.loads((folder / "package.json").read_bytes())
        except (OSError, ValueError):
            continue
    return None
