"""The command `mutants`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path

import typer

from contract_kit.catalogue import Catalogue
from contract_kit.model import Strictness


def list_mutants(
    document: str, operations: Collection[str], sample: int | None, strictness: Strictness, *, jsonl: bool
) -> None:
    """Write each mutant as a line of JSON, or how many there are of each operation and keyword.

    Raises:
        KitError: The document can't be used, or an operation is unknown.
    """
    catalogue = Catalogue.load(Path(document), strictness)
    counts: Counter[tuple[str, str]] = Counter()
    for mutant in catalogue.mutants(operations, sample):
        if jsonl:
            typer.echo(mutant.to_json())
        counts[mutant.operation.id, mutant.group] += 1
    if jsonl:
        for each in catalogue.gaps(operations):
            typer.echo(each.to_json())
    else:
        from contract_kit.reports import mutants_to_text

        typer.echo(mutants_to_text(counts, catalogue.gaps(operations)), nl=False)
