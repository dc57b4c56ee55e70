"""The page of the mutation operators, from the code of `contract-kit`."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.derive.operators import OPERATORS
from contract_kit.derive.strictness import Strictness

_INTRODUCTION = (
    "[Strictness](../contract-kit-mutants.md#strictness) explains *must*, *should* and *may*. Each row of a "
    "JSON report has the name of its mutation operator. Square brackets mark omissions and changes in a "
    "quotation. Operators with an incident make near misses, which are values that real servers sent. An "
    "operator without a source has the source of the keyword that it breaks."
)


def operators_page() -> str:
    """Return a page with every mutation operator by strictness: *may*, then *should*, then *must*."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from ("# Mutation operators", "", _INTRODUCTION)
    for strictness in (Strictness.MAY, Strictness.SHOULD, Strictness.MUST):
        yield from ("", f"## {strictness}", "")
        yield "| operator | source | why a client may choose | incident | keeps the meaning |"
        yield "|---|---|---|---|---|"
        for name, operator in OPERATORS.items():
            if operator.strictness is strictness:
                source = operator.source.replace("|", "&#124;") or "the keyword's"
                meaning = "yes" if operator.keeps_meaning else ""
                incident = _link(operator.incident) if operator.incident else ""
                yield f"| `{name}` | {source} | {operator.reason} | {incident} | {meaning} |"


def _link(incident: str) -> str:
    repository, _, number = incident.partition("#")
    return f"[{incident}](https://github.com/{repository}/issues/{number})"
