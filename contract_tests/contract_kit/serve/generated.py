"""The generators whose clients the kit calls without the user's code, and the workers that call them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from attrs import frozen

from contract_kit.errors import KitError

from .shims import Shim


@frozen
class _Generator:
    """A generator.

    Attributes:
        shim: The worker that calls its clients.
        package: The generator's package, which is the runtime of the client if no code is generated.
        series: The versions that the kit was tested with: how their numbers start.
        option: The option that may follow the client; empty if there is none.
    """

    shim: Shim
    package: str
    series: str
    option: str = ""


_GENERATORS = {
    "openapi-python-client": _Generator(Shim.PYTHON, "openapi-python-client", "0.29.", "strict"),
    "openapi-generator": _Generator(Shim.PYTHON, "openapi-generator-cli", "7."),
    "datamodel-code-generator": _Generator(Shim.PYTHON, "datamodel-code-generator", "0.89.", "strict"),
    "@hey-api/openapi-ts": _Generator(Shim.NODE, "@hey-api/openapi-ts", "0.95."),
    "openapi-fetch": _Generator(Shim.NODE, "openapi-fetch", "0.17."),
    "orval": _Generator(Shim.NODE, "orval", "7.", "zod="),
}


def worker_of(named: str, python: str | None) -> tuple[str, ...]:
    """Return the command of the worker that calls a generated client.

    Args:
        named: The client, as `GENERATOR:PACKAGE[,OPTION]`; in JavaScript, its folder or file.
        python: The interpreter of the client's environment; None for the kit's own.

    Raises:
        KitError: There is no such generator, option or interpreter, or no package is named.
    """
    name, _, rest = named.partition(":")
    package, *options = rest.split(",")
    if not (generator := _GENERATORS.get(name)):
        raise KitError(f"There is no generator {name!r}. The generators are {', '.join(_GENERATORS)}.")
    if not package:
        raise KitError(f"--generated {name} names no client. Write it as {name}:PACKAGE.")
    if wrong := [each for each in options if "".join(each.partition("=")[:2]) != generator.option]:
        advice = f"Its option is {generator.option}." if generator.option else "It has none."
        raise KitError(f"{name} has no option {wrong[0]!r}. {advice}")
    if python and not shutil.which(python):
        raise KitError(f"--python: there is no program '{python}'. Name the interpreter of the client.")
    shim = generator.shim
    program = python or sys.executable if shim is Shim.PYTHON else "node"
    return (program, str(shim.path), str(shim.adapters), name, package, *options)


def doubt_about(named: str, python: str | None) -> str:
    """Return a warning if the installed generator is of versions that the kit wasn't tested with, or else "".

    Nothing is known about a generator that isn't installed in the client's environment.
    """
    generator = _GENERATORS[named.partition(":")[0]]
    version = (_of_python if generator.shim is Shim.PYTHON else _of_node)(generator.package, python)
    if not version or version.startswith(generator.series):
        return ""
    return f"{generator.package} {version} is installed, but the kit was tested with {generator.series}*."


def _of_python(package: str, python: str | None) -> str:
    script = f"from importlib.metadata import version; print(version({package!r}))"
    command = [python or sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


def _of_node(package: str, _: str | None) -> str:
    try:
        return str(json.loads(Path("node_modules", package, "package.json").read_bytes())["version"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""
