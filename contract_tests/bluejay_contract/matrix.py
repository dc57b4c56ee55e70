"""The kill matrix: which checks find which mutant, and what the client does with it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import attrs
from attrs import frozen

from .contract import Contract
from .judges import Judges
from .mutants import Mutant, catalogue


@frozen
class Row:
    """The judgements on one mutant.

    Attributes:
        checks: Whether our checks found it: by its rule, at its path.
        schemathesis: Whether schemathesis' built-in checks alone found it.
        client: Whether the client did what the contract requires; None if it never sends such a request.
    """

    id: str
    operation: str
    kind: str
    breaks: str
    schema_forbids: bool
    rule: str
    path: str
    legal: str
    tolerated: str
    checks: bool
    schemathesis: bool
    client: bool | None

    @property
    def survives(self) -> bool:
        """Whether our checks miss it or report a legal one as a violation, or the client is wrong."""
        return self.checks is bool(self.legal) or self.client is False


@frozen
class Matrix:
    """The judgements on a whole catalogue."""

    rows: tuple[Row, ...]

    @property
    def survivors(self) -> tuple[Row, ...]:
        """The mutants that our checks or the client got wrong."""
        return tuple(row for row in self.rows if row.survives)

    def to_json(self) -> str:
        """Return every judgement for a machine."""
        return json.dumps([attrs.asdict(row) for row in self.rows], indent=1, ensure_ascii=False)

    def to_markdown(self) -> str:
        """Return a table by class, the survivors, and what is legal or tolerated and why."""
        kinds: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            kinds[row.kind].append(row)
        lines = [
            "| class | mutants | found by our checks | by schemathesis alone | client is right |",
            "|---|--:|--:|--:|--:|",
        ]
        lines += [_line(kind, kinds[kind]) for kind in sorted(kinds)]
        faults = [row for row in self.rows if not row.legal]
        for operation in dict.fromkeys(row.operation for row in faults):
            of_it = [row for row in faults if row.operation == operation]
            lines += [_line(f"all of `{operation}` that must be found", of_it)]
        lines += [_line("**all that must be found**", faults)]
        lines += ["", f"Survivors: {len(self.survivors) or 'none'}", ""]
        lines += [f"- `{row.id}`: {row.breaks} ({_wrong(row)})" for row in self.survivors]
        lines += _reasons("Legal: no check may report a violation", self.rows, lambda row: row.legal)
        lines += _reasons("Forbidden, but accepted by the client", self.rows, lambda row: row.tolerated)
        return "\n".join(lines)


def kill_matrix(contract: Contract, progress: Callable[[int, int], Any] | None = None) -> Matrix:
    """Serve every mutant of a contract over HTTP and judge it.

    Args:
        contract: The contract to derive mutants from.
        progress: Called with how many are judged and how many there are.
    """
    mutants = catalogue(contract)
    rows = []
    with Judges(contract) as judges:
        for count, mutant in enumerate(mutants, 1):
            rows.append(_row(judges, mutant))
            if progress:
                progress(count, len(mutants))
    return Matrix(tuple(rows))


def _row(judges: Judges, mutant: Mutant) -> Row:
    return Row(
        id=mutant.id,
        operation=mutant.operation,
        kind=mutant.kind,
        breaks=mutant.breaks,
        schema_forbids=mutant.schema_forbids,
        rule=mutant.rule,
        path=mutant.path,
        legal=mutant.legal,
        tolerated=mutant.tolerated,
        checks=judges.is_found_by_checks(mutant),
        schemathesis=judges.is_found_by_schemathesis(mutant),
        client=judges.client_agrees(mutant),
    )


def _line(title: str, rows: list[Row]) -> str:
    met = [row.client for row in rows if row.client is not None]
    client = f"{sum(met)}/{len(met)}" if met else "-"
    found = f"{sum(row.checks for row in rows)} | {sum(row.schemathesis for row in rows)}"
    return f"| {title} | {len(rows)} | {found} | {client} |"


def _wrong(row: Row) -> str:
    if row.client is False:
        return "the client is wrong"
    return "our checks report a violation" if row.legal else f"no {row.rule} at {row.path}"


def _reasons(title: str, rows: Iterable[Row], reason: Callable[[Row], str]) -> list[str]:
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[reason(row)] += 1
    counts.pop("", None)
    return ["", f"{title}:", "", *(f"- {count}: {text}" for text, count in sorted(counts.items()))]
