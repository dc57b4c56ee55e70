"""Each way to break a keyword: the new value, what is wrong with it, and its kind.

`breaking.txt` has the cases: a schema and a value, then a line for each change, which `make findings` writes.
"""

import json
from pathlib import Path

import pytest
from contract_kit.derive.breaking import changes
from contract_kit.derive.places import Place

from .documents import of_schema, read_schema

TEXT = Path(__file__).with_name("breaking.txt")
CASES = [case.splitlines() for case in TEXT.read_text().split("\n\n")]


def described(case: str) -> list[str]:
    """Return a line for each change of a case's value."""
    schema, value = map(json.loads, case.split(" of "))
    validators, node = read_schema(of_schema(schema))
    found = changes(validators, Place((), value, node))
    return [
        f"    {each.keyword} {each.name}: {json.dumps(each.value)} {each.breaks}"
        + (f"; kind {each.kind}" if each.kind else "")
        + (f"; found at {'/'.join(map(str, each.found_at))}" if each.found_at else "")
        for each in found
    ]


@pytest.mark.parametrize(("case", "lines"), [(case, lines) for case, *lines in CASES])
def test_a_value_is_changed_in_each_way_that_breaks_a_keyword(case: str, lines: list[str]) -> None:
    assert described(case) == lines


if __name__ == "__main__":
    TEXT.write_text("\n\n".join("\n".join([case, *described(case)]) for case, *_ in CASES) + "\n")
