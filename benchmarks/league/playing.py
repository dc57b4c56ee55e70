"""Generates a client from a document, within a time limit, and serves the document's mutants to it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from contract_kit.derive.catalogue import Catalogue
from contract_kit.errors import KitError
from contract_kit.judge.client_run import run_client
from contract_kit.serve.clients import WorkerClient
from contract_kit.serve.workers import ClientProcess, describe_exit

from .choosing import BUILT, RULE
from .documents import DOCUMENTS
from .generators import PYTHON, Command, Generator
from .results import Result

SECONDS = 180.0
"""How long each step of a generator may take, in seconds."""
SAMPLE: int = RULE["mutants"]
"""The maximum number of mutants per document."""


class GeneratorError(Exception):
    """The generator is missing, failed or hung; the report quotes the message."""


def play(generator: Generator, name: str, seconds: float = SECONDS) -> Result:
    """Generate a client from a document; return what it did with the document's mutants.

    Args:
        generator: The generator.
        name: The name of the document.
        seconds: The time limit for each step of the generator.
    """
    document, folder = DOCUMENTS[name], BUILT / "clients" / generator.id / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        for step in generator.steps(document, folder):
            run_step(step, folder, seconds)
        client = WorkerClient(generator.worker(folder))
        return Result.of(generator.id, name, run_client(Catalogue.load(document), client, sample=SAMPLE))
    except (GeneratorError, KitError) as error:
        return Result(generator.id, name, trouble=str(error))


def run_step(command: Command, folder: Path, seconds: float) -> None:
    """Run a generator's command in a folder; after the time limit, kill the command and its children.

    Raises:
        GeneratorError: The program is missing, failed or hung.
    """
    path = f"{PYTHON.parent.absolute()}:{os.environ['PATH']}"
    if not shutil.which(command[0], path=path):
        raise GeneratorError(f"missing: {Path(command[0]).name} is not installed")
    shown = _shown(command)
    process = ClientProcess(("env", "-C", str(folder), *command), {**os.environ, "PATH": path})
    code = process.wait(seconds)
    process.kill()
    if code is None:
        raise GeneratorError(f"hung: {shown} took over {seconds:g} s")
    if code:
        raise GeneratorError(f"failed: {shown} {describe_exit(code, process.last_words)}")


def _shown(command: Command) -> str:
    """Return the name of a command's program, and of the module or script that it runs, without paths."""
    program, *arguments = command
    script = next((each for each in arguments if each != "-m" and not each.startswith("-")), "")
    return f"{Path(program).name} {Path(script).name}".strip()
