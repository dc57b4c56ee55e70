"""The mutants of many schemas are those in `derived.txt`, which `make findings` writes.

The schemas are written only in `derived.txt`. To add a schema, add a line `== SCHEMA`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_kit.derive.model import PROTOCOL

from .documents import catalogue_of, family, pets

TEXT = Path(__file__).with_name("derived.txt")
SCHEMAS = [each[3:] for each in TEXT.read_text().splitlines() if each.startswith("== ")]


def derived(schema: str) -> Iterator[str]:
    """Yield a line for each mutant of a schema: what a client should do, what is unusual, and the body."""
    document: Any = json.loads(schema)
    named = family() if "Pet" in schema else pets() if "Cat" in schema else {}
    for each in catalogue_of(document, **named).mutants():
        if each.group not in (PROTOCOL, "type"):  # `test_keywords.py` tests mutants of types
            body = each.response.body.decode()
            path = each.id.removeprefix(f"{each.operation.id}:200:{each.name}").removeprefix(":")
            facts = [each.operator.strictness, each.expect, each.group, each.name, path or "/"]
            yield f"{' '.join([*facts, each.exactness or ''])}: {body}"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_mutants_of_a_schema_equal_the_committed_list(schema: str) -> None:
    lines = TEXT.read_text().splitlines()
    first = lines.index(f"== {schema}") + 1
    found = list(derived(schema))
    assert lines[first : first + len(found)] == found
    assert "".join(lines[first + len(found) :][:1]).startswith("== ") or first + len(found) == len(lines)


if __name__ == "__main__":
    blocks = ("\n".join([f"== {schema}", *derived(schema)]) for schema in SCHEMAS)
    TEXT.write_text("\n".join(blocks) + "\n")
