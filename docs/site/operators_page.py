"""The page of the mutation operators, from the code of `contract-kit`."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.derive.model import Strictness
from contract_kit.derive.operators import OPERATORS

_INTRODUCTION = (
    "[Strictness](../contract-kit.md#strictness) says what *must*, *should* and *may* mean. In JSON reports, "
    "each row has the name of its mutation operator. Square brackets mark omissions and changes in a "
    "quotation."
)


def operators_page() -> str:
    """Return a page with every mutation operator by strictness: *may*, then *should*, then *must*."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from ("# Mutation operators", "", _INTRODUCTION)
    for strictness in (Strictness.MAY, Strictness.SHOULD, Strictness.MUST):
        yield from ("", f"## {strictness}", "")
        yield from ("| operator | source | why a client may choose |", "|---|---|---|")
        for name, operator in OPERATORS.items():
            if operator.strictness is strictness:
                yield f"| `{name}` | {operator.source.replace('|', '&#124;')} | {operator.reason} |"
