"""Suggests how to complete a `contract-kit test` command that specifies no client or receiver."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from shlex import quote

from contract_kit.derive.catalogue import Catalogue
from contract_kit.serve.generated import GENERATORS
from contract_kit.terminal import safe_line, write_line

from .exit_codes import ExitCode


def suggest_client(document: str, ref_root: Path | None) -> ExitCode:
    """Print suggestions for a command that specifies neither a client nor a receiver.

    Raises:
        KitError: The document can't be used.
    """
    webhooks = Catalogue.load(document, ref_root=ref_root, webhooks=True).listed
    for line in first_client(document, installed_generator(), has_webhooks=bool(webhooks)):
        write_line(safe_line(line), to_stderr=True)
    return ExitCode.USAGE


def installed_generator() -> str:
    """Return the name of an installed client generator, or an empty string if there is none."""
    path = os.pathsep.join(["node_modules/.bin", os.environ.get("PATH", "")])
    programs = {
        name: each.generate.removeprefix("npx ").partition(" ")[0]
        for name, each in GENERATORS.items()
        if each.generate
    }
    return next((name for name, program in programs.items() if shutil.which(program, path=path)), "")


def first_client(document: str, generator: str, *, has_webhooks: bool) -> tuple[str, str, str]:
    """Return three lines: what can be tested, the command that tests it, and the alternatives."""
    command = f"contract-kit test {quote(document)}"
    if generator:
        what = f"{generator} is installed. To test the client that it generates"
        client = quote(f"{generator}:{GENERATORS[generator].client}")
        generate = GENERATORS[generator].generate.format(quote(document))
        command = f"{generate} && {command} --generated {client}"
    else:
        what = (
            "To test a Python client, write a client.py "
            "whose function call(url, operation, arguments) calls the client"
        )
        command += " --client client:call"
    receiver = " For a webhook receiver, use --receiver." if has_webhooks else ""
    other = f"For any other client, use --generated, --worker or --exec.{receiver}"
    return (
        f"contract-kit: No client was specified. {what}:",
        f"  {command}",
        f"contract-kit: {other} See: contract-kit test --help",
    )
