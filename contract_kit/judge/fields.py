"""Names the schemas that mutants break, in reports and for `--ignore`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import PurePosixPath

from contract_kit.derive.keyword_changes import KEYWORDS
from contract_kit.derive.model import LEGAL, PROTOCOL, Mutant
from contract_kit.derive.operators import OPERATORS
from contract_kit.read.normalizing import SUBSCHEMA, SUBSCHEMA_LISTS, SUBSCHEMA_MAPS
from contract_kit.read.operations import DELIVERY
from contract_kit.read.paths import unescaped
from contract_kit.terminal import terminal_safe

_DEFINITIONS = frozenset({"$defs", "definitions"})
_WITH_KEY = SUBSCHEMA_LISTS | SUBSCHEMA_MAPS | _DEFINITIONS
"""The keywords that are followed by a name or an index in a location."""
_KEPT = frozenset({"properties", "prefixItems"})
_OF_ANY = SUBSCHEMA - {"not", "propertyNames", "if", "then", "else"}
GENERAL = frozenset({*KEYWORDS, LEGAL, PROTOCOL, *OPERATORS})
"""The `--ignore` values that don't depend on the document."""
UNDER = "/**"
"""The suffix of an `--ignore` value that matches a schema and all schemas inside it."""


def schema_of(mutant: Mutant) -> str:
    """Return the location of the schema that a mutant breaks, or "" for an HTTP mutant."""
    schema, _, last = mutant.schema_location.rpartition("/")
    # The broken bound might come from an integer's format.
    is_keyword = mutant.group != LEGAL and last in (mutant.group, "format")
    return schema if is_keyword else mutant.schema_location


def field_of(mutant: Mutant) -> str:
    """Return the name of the schema that a mutant breaks, such as `Order.items.*.price`.

    If the document doesn't name the schema, its name begins with the operation and the status. For an HTTP
    mutant, return the mutation operator's name.
    """
    if not (location := schema_of(mutant)):
        return mutant.operator.name
    if named := field_at(location):
        return named
    path = name_and_path(location)[1].replace(".", " ", 1)
    return terminal_safe(f"{mutant.operation.id} {mutant.status or DELIVERY}{path}")


def field_at(location: str) -> str:
    """Return the name of the schema at a location, or "" if the document doesn't name it.

    `schema` precedes a name that is also a keyword's or an operator's.
    """
    name, path = name_and_path(location)
    return terminal_safe(f"schema {name}" if name + path in GENERAL else name and name + path)


def ignorable(mutant: Mutant) -> Iterator[str]:
    """Yield all `--ignore` values that match a fault on this mutant."""
    location = schema_of(mutant)
    yield from (mutant.group, mutant.operator.name, field_of(mutant))
    if location:
        yield location
        yield from (f"{each}{UNDER}" for each in locations_above(location))


def locations_above(location: str) -> Iterator[str]:
    """Yield the locations of all parts of a document that contain a location, and then this location."""
    yield from accumulate(location.split("/"), "{}/{}".format)


@cache
def name_and_path(location: str) -> tuple[str, str]:
    """Return the last name in a schema's location, and the path from the schema with this name.

    The name is empty if the location contains no name. In the path, `*` represents an item or a free key.
    """
    file, _, pointer = location.rpartition("#")
    steps = [unescaped(each) for each in pointer.split("/")[1:]]
    is_component = steps[:1] == ["components"]
    starts = range(3 * is_component, len(steps) + 1)
    start, (name, path) = next((at, found) for at in starts if (found := _in_schema(steps[at:])))
    if is_component or name:
        return name or steps[2], path
    above = steps[start - 1] if start else PurePosixPath(file).stem
    return "" if above == "schema" else above, path


def _in_schema(steps: Sequence[str]) -> tuple[str, str] | None:
    """Return the last name on the way from a schema to an inner schema, and the path after the name.

    Return None if these steps don't lead from one schema to another.
    """
    name = path = ""
    rest = iter(steps)
    for keyword in rest:
        if keyword in SUBSCHEMA:
            path += ".*" * (keyword in _OF_ANY)
        elif keyword not in _WITH_KEY or (key := next(rest, None)) is None:
            return None
        elif keyword in _DEFINITIONS:
            name, path = key, ""
        elif keyword in _KEPT:
            path += f".{key}"
        elif keyword == "patternProperties":
            path += ".*"
    return name, path
