"""The page of the contract's rules, from the code of `bluejay-contract`."""

from __future__ import annotations

from collections.abc import Iterator

from bluejay_contract.checks import RULES, SEQUENCE_RULES

_NOT_COVERED = (
    "Whether the real service keeps the contract. `make contract-live` checks a running service.",
    "The bodies of statuses that the contract doesn't document (401, 403, 404, 429, 5xx). The client raises "
    "an error for each status, but the contract has no schema for the body.",
    "Whether a judge's score is right. The rules only find values that contradict each other.",
    "The unit of latencies and the scale of scores, which the reference does not define.",
    "The year 0000 and numbers that no double can represent. The schema allows both, but the client refuses "
    "them and says that this is its own limit.",
)


def rules_page() -> str:
    """Return a page with every rule, and with what no rule covers."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from ("# Rules of the contract", "")
    yield from ("[`bluejay-contract`](../contract-checks.md) checks responses by these rules.", "")
    yield from ("| rule | kind | description |", "|---|---|---|")
    yield from (f"| `{each.name}` | {each.severity} | {each.description} |" for each in RULES)
    yield from (f"| `{each.name}` | {each.severity} | {each.description} |" for each in SEQUENCE_RULES)
    yield from ("", "## Not covered", "", *(f"- {each}" for each in _NOT_COVERED))
