"""The `export` command, which writes mutants as files for other tools."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeAlias

import typer

from contract_kit.derive.catalogue import Catalogue
from contract_kit.errors import KitError
from contract_kit.export import har, msw, wiremock
from contract_kit.export.selection import Obstacle, Selection, select
from contract_kit.read.document import Document, broken_references
from contract_kit.terminal import progress, terminal_safe

from .files import files_of_export, write_folder
from .options import Tool

_NAMED = 5
"""The maximum number of webhooks to list, and of mutation operators to list for each reason."""


Write: TypeAlias = Callable[[Selection], Mapping[str, bytes]]


def export(
    document: str,
    ref_root: Path | None,
    tool: Tool,
    folder: Path,
    url: str | None,
    operations: Collection[str],
    sample: int | None,
) -> None:
    """Export a document's mutants for a tool, to a folder that is new or empty, or has an earlier export.

    Raises:
        KitError: The document, an option or the folder can't be used, or the format can't express any mutant.
    """
    obstacle, write = _format(tool, url)
    earlier = files_of_export(folder)
    with progress(f"Reading {terminal_safe(document)}"):
        read = Document.load(document, ref_root)
        catalogue, webhooks = Catalogue(read), Catalogue(read, webhooks=True).listed
        selection = select(catalogue, operations, sample, obstacle)
        if not selection.served:
            raise KitError(_nothing(document, tool, selection))
        write_folder(folder, write(selection), earlier)
    typer.echo("\n".join(_summary(tool, folder, selection)))
    if webhooks:
        named = ", ".join(each.id for each in webhooks[:_NAMED]) + ", ..." * (len(webhooks) > _NAMED)
        advice = "To test their receiver, use contract-kit test --receiver"
        typer.echo(f"Left out {len(webhooks):,} webhooks ({terminal_safe(named)}). {advice}.")
    for line in broken_references(catalogue.gaps(operations)):
        typer.echo(f"contract-kit: {terminal_safe(line)}", err=True)


def _format(tool: Tool, url: str | None) -> tuple[Obstacle, Write]:
    if tool is not Tool.HAR and url is not None:
        raise KitError(
            f"--url works only with --to har, because {tool} matches a request's path on any host."
        )
    match tool:
        case Tool.MSW:
            return msw.obstacle, msw.files
        case Tool.WIREMOCK:
            return wiremock.obstacle, wiremock.files
        case Tool.HAR:
            if not url or not re.match("https?://[^/]", url):
                raise KitError("--to har needs --url, such as --url https://api.example.com/orders/7.")
            return har.obstacle, partial(har.files, url=url)


def _nothing(document: str, tool: Tool, selection: Selection) -> str:
    if not selection.left_out:
        return f"{document} yielded no mutants, so there is nothing to export."
    reasons = ", ".join(sorted({each.reason for each in selection.left_out}))
    return (
        f"{tool} can't express any mutant of {document} ({reasons}). Use a larger sample or another format."
    )


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
