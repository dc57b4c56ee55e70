"""What the contract kit reports: how each keyword is broken, and the reports of its commands."""

import json
from collections.abc import Iterator
from pathlib import Path

from contract_kit.derive.breaking import changes
from contract_kit.derive.places import Place

from ..kit.documents import of_schema, read_schema
from .layout import Case, laid_out
from .scene import scene

TEXT = Path(__file__).parent / "texts" / "breaking.txt"
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
