"""How the contract kit breaks each keyword."""

import json
from collections.abc import Iterator

from contract_kit.derive.breaking import changes
from contract_kit.derive.places import Place

from ..kit.documents import of_schema, read_schema
from .layout import FOLDER, laid_out

TEXT = FOLDER / "breaking.txt"
"""Each schema and its value are only in this text. To add one, add a line `== SCHEMA of VALUE [0]`."""
_UNBROKEN = "nothing to break: "


def ways_to_break() -> Iterator[str]:
    """Yield each way to break a keyword of a schema: the new value, what is wrong with it, and its kind."""
    titles = [each[3:] for each in TEXT.read_text().splitlines() if each.startswith("== ")]
    cases = [each for title in titles for each in _cases(title)]
    found = {case: list(_changes(case)) for case in cases}
    yield from laid_out((case, lines) for case, lines in found.items() if lines)
    yield f"== {_UNBROKEN}{'; '.join(case for case, lines in found.items() if not lines)}"


def _cases(title: str) -> list[str]:
    if title.startswith(_UNBROKEN):
        return title.removeprefix(_UNBROKEN).split("; ")
    return [title.rpartition(" [")[0]]


def _changes(case: str) -> Iterator[str]:
    schema, value = map(json.loads, case.split(" of "))
    validators, node = read_schema(of_schema(schema))
    for each in changes(validators, Place((), value, node)):
        yield (
            f"{each.keyword} {each.name}: {json.dumps(each.value)} {each.breaks}"
            + (f"; kind {each.kind}" if each.kind else "")
            + (f"; found at {'/'.join(map(str, each.found_at))}" if each.found_at else "")
        )
