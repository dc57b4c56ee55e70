"""The valid bodies that the contract kit derives, and its mutants that break a schema or HTTP."""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from bluejay_contract.contract import Contract, Specified
from bluejay_contract.exchange import Key
from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import LEGAL, PROTOCOL, Mutant
from contract_kit.read.paths import json_path, steps

from ...operations import is_of_another
from .case import Case

_NEW_FIELD = "undocumented_field"
"""The key of the field that the kit adds to make the mutant `unknown-field`."""
_BENEATH = {
    *("no-response", "cut", "no-last-chunk", "length-too-long", "length-too-short", "204-with-content"),
    *("503-then-valid", "cut-then-valid", "truncated-then-valid"),
    *("gzip-truncated", "gzip-without-checksum", "encoding-unknown"),
}
"""The names of mutants of the connection or content encoding, which a recorded exchange doesn't show."""
_OF_HTTP = {
    "status=500": ("known-undocumented-status", "status"),
    "status": ("status-code-conformance", "status"),
    "content-type": ("content-type-conformance", "header content-type"),
    "charset": ("content-type-conformance", "header content-type"),
    "key-twice": ("unique-keys", "body"),
    "error-with-success": ("response-schema-conformance", "$"),
    "": ("json-body", "body"),
}
"""The rule that must find an HTTP mutant, and the location, by the prefix of the mutant's name."""
_OF_A_SCHEMA = {
    "enum-new": "unknown-enum-value",
    "enum-case": "unknown-enum-value",
    "empty-enum-value": "unknown-enum-value",
    "date-time-without-zone": "time-without-zone",
    "unknown-field": "unknown-field",
}
"""The rules that must find the mutants that the schema rule misses, by mutant name."""


@functools.cache  # slow: two validators check each mutant
def _derived(contract: Contract) -> Mapping[str, tuple[Mutant, ...]]:
    mutants: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in Catalogue(contract.openapi).mutants():
        mutants[mutant.operation.id].append(mutant)
    return {name: tuple(found) for name, found in mutants.items()}


def derived(contract: Contract, operation: Specified) -> Iterator[Case]:
    """Yield the kit's mutants of an operation, except those that a recorded exchange doesn't show.

    Bodies with another valid id are left out, because they break the `same-run` rule. Bodies with an invalid
    id are not left out.
    """
    for mutant in _derived(contract)[operation.id]:
        breaks_the_id = mutant.group != LEGAL and mutant.location.endswith("id")
        is_success = mutant.response.status == 200 and mutant.group != PROTOCOL
        if is_success and not breaks_the_id and is_of_another(operation.id, mutant.response.body):
            continue
        if mutant.name not in _BENEATH:
            yield _case(operation, mutant)


def sound(contract: Contract, operation: Specified, status: int = 200) -> Any:
    """Return the contract's example for a status, the valid body from which the mutants are made."""
    first = next(each for each in _derived(contract)[operation.id] if each.response.status == status)
    return json.loads(first.response.body)


def _case(operation: Specified, mutant: Mutant) -> Case:
    response = mutant.response
    if mutant.group == PROTOCOL:
        rule, path = next(found for start, found in _OF_HTTP.items() if mutant.name.startswith(start))
    else:
        usual = "" if mutant.group == LEGAL else "response-schema-conformance"
        rule = _OF_A_SCHEMA.get(mutant.name, usual)
        place = steps(json.loads(response.body), mutant.location)
        path = json_path((*place, _NEW_FIELD) if rule == "unknown-field" else place)
    return Case(
        mutant.id.removeprefix(f"{operation.id}:"),
        operation,
        response.body,
        rule,
        path if rule else "",
        response.status,
        response.headers,
        key=Key.MISSING if response.status == 422 else Key.VALID,
    )
