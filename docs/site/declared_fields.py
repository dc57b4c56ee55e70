"""The tables of an export and the documents of `--json` as Markdown, from their declarations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from inspect import getdoc
from typing import Any

from bluejay_results import QueuedRun, SimulationResult, SimulationRun
from bluejay_results.compare import Comparison
from bluejay_results.export.tables import TABLES
from bluejay_results.gate import Finding, Rule, RunVerdict, Verdict
from bluejay_results.gate.verdict import NoVerdict
from bluejay_results.json_output import (
    DOCUMENTS,
    FAILURE,
    FINDING,
    LISTED_RUN,
    RESULT,
    RUN,
    RUN_VERDICT,
    Field,
)
from bluejay_results.results.simulation_runs import ListedRun, SimulationRuns
from contract_kit.judge import json_fields


def export_tables() -> str:
    """Return a section with all tables and columns."""
    return "\n".join(_tables()) + "\n"


def json_documents() -> str:
    """Return a section for each document, with its fields."""
    return "\n".join(_documents()) + "\n"


def kit_report() -> str:
    """Return a section with the fields of the report of `contract-kit test --json`, and of its rows."""
    report: dict[str, Iterable[json_fields.Field[Any]]] = {
        "The report": json_fields.REPORT,
        "A row": json_fields.ROW,
    }
    lines = []
    for title, fields in report.items():
        lines += ["", f"## {title}", "", "| field | meaning |", "|---|---|"]
        lines += [f"| `{each.name}` | {each.meaning} |" for each in fields]
    return "\n".join(lines) + "\n"


def _tables() -> Iterator[str]:
    yield from ("", "## The tables", "", "Every column can be null.", "")
    for table in TABLES.values():
        yield from (
            f"### {table.name}",
            "",
            table.meaning,
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        )
        yield from (f"| `{each.name}` | {each.type} | {each.meaning} |" for each in table.columns)
        yield ""


_CLASSES = {
    "run": SimulationRun,
    "result": SimulationResult,
    "runs": SimulationRuns,
    "queued": QueuedRun,
    "gate": Verdict,
    "comparison": Comparison,
}
"""The class whose attributes each document has."""
_PARTS: dict[tuple[Field, ...], type] = {
    RUN: SimulationRun,
    RESULT: SimulationResult,
    LISTED_RUN: ListedRun,
    FINDING: Finding,
    RUN_VERDICT: RunVerdict,
    FAILURE: NoVerdict,
}
_ONLY = {"id": "The ids of these: ", "0": "The first of these: "}
_RECEIVED = "As received, see `{}`."


def _documents() -> Iterator[str]:
    yield from ("", "The fields of a run and of a conversation are listed once, where they first occur.")
    shown = set[tuple[Field, ...]]()
    for name, fields in DOCUMENTS.items():
        yield from ("", f"## {name}", "", "| field | meaning |", "|---|---|")
        owner = _CLASSES[name.partition("/")[2]]
        for each in fields:
            yield f"| `{each.name}` | {meaning(each, owner)} |"
            if each.fields not in shown:
                part = _PARTS.get(each.fields, owner)
                yield from (
                    f"| `{each.name}.{inner.name}` | {meaning(inner, part)} |" for inner in each.fields
                )
                shown.add(each.fields)


def meaning(declared: Field, owner: type) -> str:
    """Return the meaning of a field: the description of the attribute from which its value is read."""
    if callable(declared.path):
        return (getdoc(declared.path) or "").partition("\n")[0]
    name, _, rest = declared.path.removeprefix("run.").partition(".")
    if name == "response":
        return _RECEIVED.format(declared.path)
    if declared.path.startswith("run."):
        owner = SimulationRun
    if name == "rule":
        owner, name = Rule, rest
    if not name or (owner, name) == (SimulationRuns, "runs"):
        return (getdoc(owner) or "").partition("\n")[0]
    described = re.search(rf"^    {name}: ((?:.+\n?(?:     +.+\n?)*))", getdoc(owner) or "", re.MULTILINE)
    text = described[1] if described else getdoc(getattr(owner, name)) or ""
    return _ONLY.get(rest, "") + " ".join(text.partition("\n\n")[0].split())
