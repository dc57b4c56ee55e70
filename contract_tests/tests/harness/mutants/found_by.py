"""The table that says which rule must find each mutant of the contract kit, and what our client must do."""

from __future__ import annotations

from attrs import evolve, frozen
from contract_kit.derive.model import LEGAL, PROTOCOL, Mutant


@frozen
class Found:
    """What the rules and our client must do with a mutant.

    Attributes:
        rule: The rule that must find the mutant; empty if no rule may report a violation.
        path: The path at which the rule must find the mutant; empty for the value that the mutant changes.
        group: The class of the fault; empty for the kit's own group.
        is_refused: Whether our client must refuse the mutant.
        is_sent_once: Whether the kit sends the mutant once per operation, so that the id names no status.
    """

    rule: str = ""
    path: str = ""
    group: str = ""
    is_refused: bool = True
    is_sent_once: bool = False


CONFORMANCE = "response-schema-conformance"
FORBIDDEN = Found(CONFORMANCE)
"""For a mutant of a keyword that the table doesn't name."""
ALLOWED = Found(is_refused=False)
"""For a legal mutant that the table doesn't name."""

_BODY = Found("json-body", "body", "body")
_BODY_ONCE = evolve(_BODY, is_sent_once=True)
_TYPE = Found("content-type-conformance", "header content-type", "content-type", is_refused=False)
_TYPE_ONCE = evolve(_TYPE, is_sent_once=True)
_CHARSET = evolve(_TYPE_ONCE, group="charset", is_refused=True)
_CLAIMED = evolve(_CHARSET, is_refused=False)
_STATUS = Found("status-code-conformance", "status", "status")

_BENEATH = (
    *("no-response", "cut", "no-last-chunk", "length-too-long", "length-too-short", "204-with-content"),
    *("503-then-valid", "cut-then-valid", "truncated-then-valid"),
    *("gzip-truncated", "gzip-without-checksum", "encoding-unknown"),
)
"""Mutants of the connection and of the content encoding, by name. A recorded exchange doesn't show them."""

FOUND_BY: dict[tuple[str, str], Found | None] = {
    # The service adds enum values without notice: an unknown value is kept as received.
    ("enum", "new"): Found("unknown-enum-value", is_refused=False),
    ("enum", "case"): Found("unknown-enum-value", is_refused=False),
    # The service sends times without a zone; the client reads them as UTC.
    ("format", "no-zone"): Found("time-without-zone", is_refused=False),
    (LEGAL, "unknown-field"): Found("unknown-field", group="unknown-field", is_refused=False),
    (PROTOCOL, "status-202"): _STATUS,
    (PROTOCOL, "status-418"): _STATUS,
    (PROTOCOL, "status-500"): evolve(_STATUS, rule="known-undocumented-status"),
    (PROTOCOL, "content-type-html"): _TYPE,
    (PROTOCOL, "content-type-text"): _TYPE,
    (PROTOCOL, "content-type-none"): _TYPE,
    (PROTOCOL, "content-type-problem"): _TYPE_ONCE,
    (PROTOCOL, "content-type-octets"): _TYPE_ONCE,
    (PROTOCOL, "content-type-csv"): _TYPE_ONCE,
    (PROTOCOL, "charset-latin-1"): _CHARSET,
    (PROTOCOL, "charset-latin-1-claimed"): _CLAIMED,
    (PROTOCOL, "charset-utf-16"): _CHARSET,
    (PROTOCOL, "charset-utf-16-claimed"): _CLAIMED,
    (PROTOCOL, "charset-utf-32"): _CHARSET,
    (PROTOCOL, "charset-utf-32-claimed"): _CLAIMED,
    (PROTOCOL, "charset-x-unknown-claimed"): _CLAIMED,
    **{(PROTOCOL, name): None for name in _BENEATH},
    (PROTOCOL, "truncated"): _BODY,
    (PROTOCOL, "not-json"): _BODY,
    (PROTOCOL, "empty"): _BODY,
    (PROTOCOL, "blank"): _BODY_ONCE,
    (PROTOCOL, "without-end"): _BODY_ONCE,
    (PROTOCOL, "twice"): _BODY_ONCE,
    (PROTOCOL, "trailing-comma"): _BODY_ONCE,
    (PROTOCOL, "trailing-text"): _BODY_ONCE,
    (PROTOCOL, "byte-order-mark"): _BODY_ONCE,
    (PROTOCOL, "no-utf-8"): _BODY_ONCE,
    (PROTOCOL, "nan"): _BODY_ONCE,
    (PROTOCOL, "infinity"): _BODY_ONCE,
    (PROTOCOL, "single-quotes"): _BODY_ONCE,
    (PROTOCOL, "comment"): _BODY_ONCE,
    (PROTOCOL, "gzip-unannounced"): _BODY_ONCE,
    (PROTOCOL, "key-twice"): evolve(_BODY_ONCE, rule="unique-keys", is_refused=False),
}
"""What must happen, by the group and the name of a mutant in the kit; None if an exchange doesn't show it."""


def found_by(mutant: Mutant) -> Found | None:
    """Return what our rules and client must do with a mutant; None if no exchange shows the fault.

    Raises:
        LookupError: The mutant is about HTTP, and the table has no row for it.
    """
    row = mutant.group, mutant.name
    if mutant.group == PROTOCOL and row not in FOUND_BY:
        raise LookupError(f"FOUND_BY has no row for the mutant {mutant.id}. Add a row for {row}.")
    return FOUND_BY.get(row, ALLOWED if mutant.group == LEGAL else FORBIDDEN)
