"""The page of the kinds of mutants, from the code of `contract-kit`."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.derive.kinds import KINDS
from contract_kit.derive.model import Strictness


def kinds_page() -> str:
    """Return a page with every kind of mutant, grouped by strictness: *may*, then *should*, then *must*."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from ("# Kinds of mutants", "")
    yield (
        "[Strictness](../contract-kit.md#strictness) says what *must*, *should* and *may* mean. "
        "In JSON reports,"
    )
    yield (
        "a row has the name of its mutant's kind. Square brackets mark omissions and changes in a quotation."
    )
    for strictness in (Strictness.MAY, Strictness.SHOULD, Strictness.MUST):
        yield from ("", f"## {strictness}", "")
        yield from ("| kind | source | why a client may choose |", "|---|---|---|")
        for name, kind in KINDS.items():
            if kind.strictness is strictness:
                yield f"| `{name}` | {kind.source.replace('|', '&#124;')} | {kind.reason} |"
