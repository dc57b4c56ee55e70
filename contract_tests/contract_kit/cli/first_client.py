"""What to add to `contract-kit test` if no client is specified: options that fit what is installed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from shlex import quote

import typer

from contract_kit.derive.catalogue import Catalogue
from contract_kit.serve.generated import GENERATORS
from contract_kit.terminal import safe_line

from .exit_codes import ExitCode


def suggest_client(document: str, ref_root: Path | None) -> ExitCode:
    """Print what to add to a command without a client and without a receiver.

    Raises:
        KitError: The document can't be used.
    """
    webhooks = Catalogue.load(document, ref_root=ref_root, webhooks=True).listed
    for line in first_client(document, installed_generator(), has_webhooks=bool(webhooks)):
        typer.echo(safe_line(line), err=True)
    return ExitCode.USAGE


def installed_generator() -> str:
    """Return the name of a generator that can be run here; empty if there is none."""
    path = os.pathsep.join(["node_modules/.bin", os.environ.get("PATH", "")])
    programs = {
        name: each.generate.removeprefix("npx ").partition(" ")[0]
        for name, each in GENERATORS.items()
        if each.generate
    }
    return next((name for name, program in programs.items() if shutil.which(program, path=path)), "")


def first_client(document: str, generator: str, *, has_webhooks: bool) -> tuple[str, str, str]:
    """Return three lines: what can be tested, the command for it, and the other options."""
    command = f"contract-kit test {quote(document)}"
    if generator:
        what = f"{generator} is installed. To test the client that it generates"
        client = quote(f"{generator}:{GENERATORS[generator].client}")
        generate = GENERATORS[generator].generate.format(quote(document))
        command = f"{generate} && {command} --generated {client}"
    else:
        what = "To test one in Python, call it in a function call(url, operation, arguments) of client.py"
        command += " --client client:call"
    receiver = " For a receiver of webhooks, add --receiver." if has_webhooks else ""
    other = f"For other clients, add --generated, --worker or --exec.{receiver}"
    return (
        f"contract-kit: There is no client to test. {what}:",
        f"  {command}",
        f"contract-kit: {other} See: contract-kit test --help",
    )
