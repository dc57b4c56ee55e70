"""The `export` command, which writes mutants as request handlers for MSW."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

from contract_kit.derive.catalogue import Catalogue
from contract_kit.errors import KitError
from contract_kit.export import msw
from contract_kit.export.selection import Selection, select
from contract_kit.read.document import Document, broken_references
from contract_kit.terminal import progress, terminal_safe, write_line

from .files import check_folder, write_folder
from .options import Tool

_NAMED = 5
"""The maximum number of webhooks to list, and of mutation operators to list for each reason."""


def export(
    document: str,
    ref_root: Path | None,
    tool: Tool,
    folder: Path,
    operations: Collection[str],
    sample: int | None,
) -> None:
    """Export a document's mutants for a tool, to a folder that is new or empty, or has an earlier export.

    Raises:
        KitError: The document, an option or the folder can't be used, or it can't express any mutant.
    """
    check_folder(folder, msw.FILES)
    with progress(f"Reading {terminal_safe(document)}"):
        read = Document.load(document, ref_root)
        catalogue, webhooks = Catalogue(read), Catalogue(read, webhooks=True).listed
        selection = select(catalogue, operations, sample)
        if not selection.served:
            raise KitError(_nothing(document, tool, selection))
        write_folder(folder, msw.files(selection))
    write_line("\n".join(_summary(tool, folder, selection)))
    if webhooks:
        named = ", ".join(each.id for each in webhooks[:_NAMED]) + ", ..." * (len(webhooks) > _NAMED)
        advice = "To test their receiver, use contract-kit test --receiver"
        write_line(f"Left out {len(webhooks):,} webhooks ({terminal_safe(named)}). {advice}.")
    for line in broken_references(catalogue.gaps(operations)):
        write_line(f"contract-kit: {terminal_safe(line)}", to_stderr=True)


def _nothing(document: str, tool: Tool, selection: Selection) -> str:
    if not selection.left_out:
        return f"{document} yielded no mutants, so there is nothing to export."
    reasons = ", ".join(sorted({each.reason for each in selection.left_out}))
    return f"{tool} can't express any mutant of {document} ({reasons}). Use a larger sample."


def _summary(tool: Tool, folder: Path, selection: Selection) -> Iterator[str]:
    """Yield the number of mutants exported and, by mutation operator, the numbers left out."""
    count = sum(each.mutant.id != each.control for each in selection.served)
    yield f"Wrote {count:,} mutants to {terminal_safe(str(folder))}, each after its valid response."
    if not selection.left_out:
        return
    yield f"Left out {len(selection.left_out):,} mutants that {tool} can't express:"
    by_reason: dict[str, Counter[str]] = defaultdict(Counter)
    for each in selection.left_out:
        by_reason[each.reason][each.mutant.operator.name] += 1
    for reason, operators in by_reason.items():
        named = ", ".join(f"{operator} ({count:,})" for operator, count in operators.most_common(_NAMED))
        more = f", {len(operators) - _NAMED:,} more mutation operators" if len(operators) > _NAMED else ""
        yield f"  {reason}: {named}{more}"
