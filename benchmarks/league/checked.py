"""Reads checked.toml, which explains why clients alter, lose, crash on or wrongly refuse responses."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen
from contract_kit.judge.verdicts import Verdict

from .results import Judged

_FILE = Path(__file__).with_name("checked.toml")
CHECKED = (
    Verdict.ALTERED,
    Verdict.LOST,
    Verdict.CRASHED,
    Verdict.HUNG,
    Verdict.WRONGLY_REFUSED,
    Verdict.NOT_REQUESTED,
    Verdict.INCONCLUSIVE,
)
"""The verdicts that a person must check; the others need no explanation."""


@frozen
class Case:
    """One kind of fault, checked by a person.

    Attributes:
        clients: The ids of the clients that have the fault.
        verdict: The kit's verdict on these clients.
        matches: A regular expression to search for in a row in the form
            `KEYWORD: OPERATOR: BREAKS; DETAIL`.
        why: What the body is, what the schema requires and what the client does, in Markdown.
        issues: The issues about the fault in the client's project.
    """

    clients: tuple[str, ...]
    verdict: Verdict
    matches: str
    why: str
    issues: tuple[str, ...] = ()

    def explains(self, client: str, row: Judged) -> bool:
        """Whether this case explains a row."""
        text = f"{row.keyword}: {row.operator}: {row.breaks}; {row.detail}"
        is_one = client in self.clients and row.verdict is self.verdict
        return is_one and re.search(self.matches, text) is not None


def read_cases() -> tuple[Case, ...]:
    """Return the cases, in the order in which the file lists them."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8")).get("case", [])
    return tuple(
        Case(
            tuple(each["clients"]),
            Verdict(each["verdict"]),
            each["matches"],
            each["why"],
            tuple(each.get("issues", ())),
        )
        for each in found
    )


def explained(cases: Sequence[Case], client: str, row: Judged) -> Case | None:
    """Return the first case that explains a row; None if nobody has checked the row."""
    return next((case for case in cases if case.explains(client, row)), None)
