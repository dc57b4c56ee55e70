"""The `mutants` command, which lists or counts a document's mutants."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.strictness import Strictness
from contract_kit.errors import KitError
from contract_kit.terminal import progress, terminal_safe, write_line, write_text


def list_mutants(
    document: str,
    ref_root: Path | None,
    operations: Collection[str],
    sample: int | None,
    strictness: Strictness,
    only: str | None,
    *,
    jsonl: bool,
    webhooks: bool,
) -> None:
    """Write one JSON object per mutant, or the number of mutants per operation and keyword.

    `only` is the id of a mutant to write as a JSON object instead.

    Raises:
        KitError: The document can't be used, or an operation or the mutant is unknown.
    """
    counts: Counter[tuple[str, str]] = Counter()
    is_mixed_in = jsonl and sys.stdout.isatty()
    with progress(f"Reading {terminal_safe(document)}", is_shown=not is_mixed_in) as show:
        catalogue = Catalogue.load(document, strictness, ref_root, webhooks=webhooks)
        if only is not None:
            if found := catalogue.mutant(only):
                write_line(found.to_json())
                return
            raise KitError(f"There is no mutant {only!r}. `contract-kit mutants --jsonl` lists them.")
        total = len(operations) or len(catalogue.listed)
        reached: set[str] = set()
        for done, mutant in enumerate(catalogue.mutants(operations, sample), 1):
            if jsonl:
                write_line(mutant.to_json())
            counts[mutant.operation.id, mutant.group] += 1
            reached.add(mutant.operation.id)
            show(f"{done:,} mutants, {len(reached):,} of {total:,} operations", len(reached), total)
    if jsonl:
        for each in catalogue.gaps(operations):
            write_line(each.to_json())
    else:
        from contract_kit.judge.report import Section, Table, broken, not_covered, to_text

        order = [each.id for each in catalogue.listed]  # because a sample mixes the operations
        rows = [[*names, f"{count:,}"] for names, count in counts.items()]
        rows = [*sorted(rows, key=lambda row: order.index(row[0])), ["all", "", f"{counts.total():,}"]]
        table = Table(["operation", "keyword", "mutants"], rows, names=2)
        gaps = catalogue.gaps(operations)
        write_text(to_text([*broken(gaps), Section(table=table), *not_covered(gaps)]))
