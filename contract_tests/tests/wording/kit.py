"""What the contract kit reports: how each keyword is broken, and the reports of its commands."""

import json
import textwrap
from collections.abc import Iterator

from contract_kit.derive.breaking import changes
from contract_kit.derive.places import Place

from ..kit.documents import of_schema, read_schema
from .layout import Case, laid_out
from .scene import scene

CASES = r"""
{"type": ["integer", "null"]} of 1
{"type": "number"} of 1
{"enum": ["one", "Two", 3, 2.5, true]} of "one"
{"enum": ["abc", "ABC"]} of "abc"
{"enum": [false]} of false
{"enum": [null]} of null
{"const": "one"} of "one"
{"const": 7} of 7
{"const": true} of true
{"const": 8} of 8
{"type": "integer", "minimum": 3, "maximum": 9} of 5
{"exclusiveMinimum": 3, "maximum": 9} of 5
{"minimum": 3, "exclusiveMaximum": 9} of 5
{"type": "integer", "format": "int32"} of 5
{"type": "integer", "format": "int64"} of 5
{"multipleOf": 5} of 10
{"multipleOf": 0.1} of 0.3
{"multipleOf": 1} of 3
{"multipleOf": 5} of true
{"minLength": 3, "maxLength": 4} of "abc"
{"minLength": 1, "maxLength": 100000} of "a"
{"minLength": 3} of 7
{"maxLength": 0} of ""
{"pattern": "^[a-z]{2}$"} of "ab"
{"pattern": "^[a-z!]*$"} of "ab"
{"pattern": "^$"} of 7
{"format": "date"} of "2024-02-29"
{"format": "date"} of 7
{"minItems": 2, "maxItems": 3} of [1, 2]
{"minItems": 1, "maxItems": 1000} of [1]
{"maxItems": 0} of []
{"maxItems": 2} of []
{"uniqueItems": true} of [1, 2]
{"uniqueItems": true} of []
{"prefixItems": [{}], "items": false} of [1]
{"prefixItems": [{}], "unevaluatedItems": false} of [1]
{"minItems": 2} of {"a": 1}
{"contains": {"const": 7}, "maxContains": 2} of [7, 1, 7]
{"contains": {"const": 7}} of [7, 1]
{"contains": {"const": 7}, "maxContains": 2} of [1]
{"contains": {"const": 7}} of {}
{"contains": true} of [1]
{"required": ["a", "b"], "properties": {"b": {"type": "string", "writeOnly": true}}} of {"a": 1, "b": "x"}
{"required": ["a"]} of []
{"dependentRequired": {"a": ["b", "c"], "d": ["a"]}} of {"a": 1, "b": 2}
{"dependentRequired": {"a": ["b"]}} of []
{"minProperties": 2, "maxProperties": 3} of {"a": 1, "b": 2}
{"minProperties": 1, "maxProperties": 1000} of {"a": 1}
{"minProperties": 1} of []
{"additionalProperties": false, "properties": {"a": {}}} of {"a": 1}
{"unevaluatedProperties": false, "properties": {"a": {}}} of {"a": 1}
{"additionalProperties": {}} of {"a": 1}
{"additionalProperties": false} of []
{"propertyNames": {"pattern": "^[a-z]+$"}} of {"a": 1, "b": 2}
{"propertyNames": {"enum": ["a"]}} of {"a": 1}
{"propertyNames": {"enum": ["a"]}} of {}
{"properties": {"a": {"not": {}}, "b": {}}} of {"b": 1}
{"properties": {"a": {"not": {}}}} of []
{"not": {"const": "seven"}} of "x"
{"not": {"type": "object", "properties": {"a": {"const": 1}, "b": {}}, "required": ["a"]}} of {"c": 1}
""".strip().splitlines()


def ways_to_break() -> Iterator[str]:
    """Yield each way to break a keyword of a schema: the new value, what is wrong with it, and its kind."""
    found = {case: list(_changes(case)) for case in CASES}
    yield from laid_out((case, lines) for case, lines in found.items() if lines)
    unbroken = "; ".join(case for case, lines in found.items() if not lines)
    yield from textwrap.wrap(f"== nothing to break: {unbroken}", 110, break_on_hyphens=False)


def _changes(case: str) -> Iterator[str]:
    schema, value = map(json.loads, case.split(" of "))
    validators, node = read_schema(of_schema(schema))
    for each in changes(validators, Place((), value, node)):
        yield (
            f"{each.keyword} {each.name}: {json.dumps(each.value)} {each.breaks}"
            + (f"; kind {each.kind}" if each.kind else "")
            + (f"; found at {'/'.join(map(str, each.found_at))}" if each.found_at else "")
        )


NAIVE = "--client client:naive --refuses client:RefusedError"
RIGHT = "--client client:right --refuses client:RefusedError"
COMMANDS = (
    "mutants orders.yaml --operation getOrder",
    f"prove orders.yaml {RIGHT} --sample 4",
    f"prove orders.yaml {NAIVE} --operation getOrder --sample 3 --json m.json --markdown m.md --junit m.xml",
    f"prove orders.yaml {NAIVE} --operation getOrder --sample 4 --baseline m.json",
    "prove orders.yaml --client client:picky --refuses client:RefusedError --operation getOrder --sample 1",
    "diff orders.yaml new.yaml",
    f"diff orders.yaml new.yaml {RIGHT} --format markdown",
)


def reports() -> Iterator[str]:
    """Yield the reports of mutants, prove and diff, in each format."""
    yield from laid_out(_reports())


def _reports() -> Iterator[Case]:
    with scene() as run:
        for line in COMMANDS:
            yield line, run.lines(f"contract-kit {line}")
        for name in ("m.md", "m.xml"):
            yield name, (run.folder / name).read_text().splitlines()
