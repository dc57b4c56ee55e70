"""The command `serve`."""

from __future__ import annotations

import time
from pathlib import Path

import typer

from contract_kit.derive.catalogue import Catalogue
from contract_kit.serve.server import HEADER, KitServer
from contract_kit.terminal import terminal_safe


def serve(document: str, ref_root: Path | None, host: str, port: int) -> None:
    """Serve a document until Ctrl-C.

    Raises:
        KitError: The document can't be used, or the port is taken.
    """
    catalogue = Catalogue.load(document, ref_root=ref_root)
    mutant = next(catalogue.mutants(), None)
    with KitServer(catalogue, host=host, port=port) as server:
        typer.echo(server.url)
        if mutant:
            path = terminal_safe(mutant.operation.request.path)
            typer.echo(
                f"Name a mutant by the header {HEADER} (its id or key) or by /mutant/KEY before the path.\n"
                f"The first mutant is {mutant.operation.method} {server.url}/mutant/{mutant.key}{path}\n"
                f"List them: contract-kit mutants {terminal_safe(document)} --jsonl. Stop with Ctrl-C.",
                err=True,
            )
        while True:
            time.sleep(0.2)  # short, because Ctrl-C just before a wait only takes effect after it
