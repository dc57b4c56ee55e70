"""Groups faults by field, and describes the fields and their faults in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from contract_kit.derive.order import alternating

from .matrix import BAD, Row, Verdict

_DID = {Verdict.CRASHED: "crashed on", Verdict.HUNG: "hung on"}
"""Words for some verdicts in a report's line about a field; every other verdict is printed by its name."""


def by_field(rows: Sequence[Row], limit: int | None = None) -> tuple[list[list[Row]], int]:
    """Group faults by field, and return the groups and the number of fields.

    The rows must begin with the most severe faults. At most `limit` groups are returned. The limit is divided
    among the verdicts.
    """
    fields: dict[tuple[str, int, str], list[Row]] = {}
    for row in rows:
        fields.setdefault(row.field, []).append(row)
    verdicts: dict[Verdict, list[list[Row]]] = {}
    for faults in fields.values():
        verdicts.setdefault(faults[0].verdict, []).append(faults)
    in_turn = islice(alternating(map(iter, verdicts.values())), limit)
    return sorted(in_turn, key=lambda faults: BAD.index(faults[0].verdict)), len(fields)


def faults_line(faults: int, fields: int) -> str:
    """Return, as text, the number of faults and the number of fields with faults."""
    return f"{faults:,} fault{'s' * (faults != 1)} in {fields:,} field{'s' * (fields != 1)}"


def field_line(rows: Sequence[Row]) -> str:
    """Return a line about a field: for each verdict, the broken keywords and one fault without a keyword."""
    verdicts: dict[Verdict, list[Row]] = {}
    for row in rows:
        verdicts.setdefault(row.verdict, []).append(row)
    faults = (f"{_DID.get(verdict, verdict)} {_responses(found)}" for verdict, found in verdicts.items())
    return f"{rows[0].field_name} ({'; '.join(faults)})"


def _responses(rows: Sequence[Row]) -> str:
    """Describe responses by the keywords that they break, or by what is wrong or unusual in the response."""
    keywords = [row.keyword for row in rows if row.keyword]
    others = list(dict.fromkeys(row.breaks for row in rows if not row.keyword))
    found = [f"a response that {each}" for each in others[:1]]
    if keywords:
        those = "a response that breaks" if len(keywords) == 1 else "responses that break"
        found.insert(0, f"{those} {', '.join(dict.fromkeys(keywords))}")
    more = f", and {len(others) - 1:,} more response{'s' * (len(others) > 2)}" if len(others) > 1 else ""
    return ", ".join(found) + more


def described(rows: Sequence[Row], listed: int | None) -> Iterator[tuple[Row, str, str]]:
    """Yield the faults to list for a field, each with a description and a citation.

    If the first fault breaks no keyword, the line of the field already says what is wrong with its response,
    so the description doesn't repeat it. The citation is empty if the fault needs none, or if the same text
    was already yielded for an earlier fault.
    """
    cited: set[str] = set()
    for row in rows if listed is None else rows[:1]:
        is_told = row is rows[0] and not row.keyword
        what = "; ".join(filter(None, ["" if is_told else row.breaks, row.detail]))
        yield row, what, "" if row.citation in cited else row.citation
        cited.add(row.citation)
