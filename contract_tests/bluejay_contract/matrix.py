"""The kill matrix: which checks find which mutant, and what the client does with each mutant."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from attrs import frozen
from contract_kit.derive.model import Expect

from .contract import Contract
from .mutants import Trial, catalogue

ALLOWED = "the schema allows it"


@frozen
class Row:
    """The judgements on one mutant.

    Attributes:
        checks: Whether our checks found the mutant by its rule at its path.
        schemathesis: Whether schemathesis' built-in checks alone found the mutant.
        client: Whether the client did what the contract requires; None if it never sends the request.
    """

    trial: Trial
    checks: bool
    schemathesis: bool
    client: bool | None

    @property
    def survives(self) -> bool:
        """Whether our checks or the client got the mutant wrong."""
        return self.checks is not bool(self.trial.rule) or self.client is False

    def as_dict(self) -> dict[str, Any]:
        """Return the mutant and its judgements as a dict."""
        trial = self.trial
        return {
            "id": trial.id,
            "operation": trial.operation,
            "group": trial.mutant.group,
            "breaks": trial.mutant.breaks,
            "expect": trial.mutant.expect,
            "reason": trial.mutant.reason,
            "rule": trial.rule,
            "path": trial.path,
            "checks": self.checks,
            "schemathesis": self.schemathesis,
            "client": self.client,
        }


@frozen
class Matrix:
    """The judgements on a whole catalogue."""

    rows: tuple[Row, ...]

    @property
    def survivors(self) -> tuple[Row, ...]:
        """The mutants that our checks or the client got wrong."""
        return tuple(row for row in self.rows if row.survives)

    @property
    def faults(self) -> list[Row]:
        """The mutants that must be found."""
        return [row for row in self.rows if row.trial.rule]

    def to_json(self) -> str:
        """Return every judgement as JSON."""
        return json.dumps([row.as_dict() for row in self.rows], indent=1, ensure_ascii=False)

    def to_markdown(self) -> str:
        """Return a table by group, the survivors, and the legal and tolerated mutants with the reasons."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            groups[row.trial.mutant.group].append(row)
        lines = [
            "| class | mutants | found by our checks | found by schemathesis alone | client is right |",
            "|---|--:|--:|--:|--:|",
        ]
        lines += [_line(group, groups[group]) for group in sorted(groups)]
        for operation in dict.fromkeys(row.trial.operation for row in self.faults):
            of_it = [row for row in self.faults if row.trial.operation == operation]
            lines += [_line(f"all of `{operation}` that must be found", of_it)]
        lines += [_line("**all that must be found**", self.faults)]
        lines += ["", f"Survivors: {len(self.survivors) or 'none'}", ""]
        lines += [f"- `{row.trial.id}`: {row.trial.mutant.breaks} ({_wrong(row)})" for row in self.survivors]
        legal = (ALLOWED for row in self.rows if not row.trial.rule)
        lines += _reasons("Legal mutants, in which no check may find a violation, by reason", legal)
        reasoned = [row.trial.mutant for row in self.faults if row.trial.mutant.reason]
        tolerated = (each.reason for each in reasoned if each.expect is Expect.ACCEPT)
        lines += _reasons("Mutants that the schema forbids but the client accepts, by reason", tolerated)
        refused = (each.reason for each in reasoned if each.expect is Expect.REFUSE)
        lines += _reasons("Mutants that the schema allows but the client refuses, by reason", refused)
        return "\n".join(lines)


def kill_matrix(contract: Contract, progress: Callable[[int, int], Any] | None = None) -> Matrix:
    """Serve every mutant of a contract over HTTP, and judge each mutant.

    Args:
        contract: The contract to derive mutants from.
        progress: Called with the number of judged mutants and the number of all mutants.
    """
    from .judges import Judges  # loaded late: it imports schemathesis, which takes a second

    trials = catalogue(contract)
    rows = []
    with Judges(contract) as judges:
        for count, trial in enumerate(trials, 1):
            checks, schemathesis = judges.is_found_by_checks(trial), judges.is_found_by_schemathesis(trial)
            rows.append(Row(trial, checks, schemathesis, judges.client_agrees(trial)))
            if progress:
                progress(count, len(trials))
    return Matrix(tuple(rows))


def _line(title: str, rows: list[Row]) -> str:
    met = [row.client for row in rows if row.client is not None]
    client = f"{sum(met)}/{len(met)}" if met else "-"
    found = f"{sum(row.checks for row in rows)} | {sum(row.schemathesis for row in rows)}"
    return f"| {title} | {len(rows)} | {found} | {client} |"


def _wrong(row: Row) -> str:
    if row.client is False:
        return "the client is wrong"
    trial = row.trial
    return f"no failure of {trial.rule} at {trial.path}" if trial.rule else "our checks report a violation"


def _reasons(title: str, reasons: Iterable[str]) -> list[str]:
    counts = sorted(Counter(reasons).items())
    return ["", f"{title}:", "", *(f"- {count}: {reason}" for reason, count in counts)]
