"""The rule about JSON that some parsers refuse or change."""

from __future__ import annotations

from collections.abc import Iterator

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity

from .applicability import has_document
from .rule import Finding, Rule


def _portable_json(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Numbers, strings and nesting must be within common parsers' limits (RFC 7493; RFC 8259, section 9)."""
    yield from exchange.unportable


RULES = (Rule("portable-json", Severity.SUSPICIOUS, _portable_json, has_document),)
