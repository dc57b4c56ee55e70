"""The `serve` command, which serves a document's responses and mutants until Ctrl-C."""

from __future__ import annotations

import time
from pathlib import Path

from contract_kit.derive.catalogue import Catalogue
from contract_kit.serve.server import HEADER, KitServer
from contract_kit.terminal import terminal_safe, write_line


def serve(document: str, ref_root: Path | None, host: str, port: int) -> None:
    """Serve a document until Ctrl-C.

    Raises:
        KitError: The document can't be used, or the port is taken.
    """
    catalogue = Catalogue.load(document, ref_root=ref_root)
    mutant = next(catalogue.mutants(), None)
    with KitServer(catalogue, host=host, port=port) as server:
        write_line(server.url)
        if mutant:
            path = terminal_safe(mutant.operation.request.path)
            write_line(
                f"To request a mutant, send its id or key in the {HEADER} header, or put /mutant/KEY before "
                "the path.\n"
                f"The first mutant is {mutant.operation.method} {server.url}/mutant/{mutant.key}{path}\n"
                "To stop, press Ctrl-C. To list all mutants, run: contract-kit mutants "
                f"{terminal_safe(document)} --jsonl",
                to_stderr=True,
            )
        while True:
            time.sleep(0.2)  # short: Ctrl-C pressed just before a wait takes effect only after the wait
