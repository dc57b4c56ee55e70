"""A table of the names of schemas in reports and for `--ignore`."""

from collections.abc import Iterable, Iterator
from typing import Any

from contract_kit.judge.fields import field_of, ignorable, name_and_path, schema_of

from ..fakes import LIST_ORDERS, mutant
from .texts import Case, unescaped


def fields(cases: Iterable[Case]) -> Iterator[str]:
    """Yield a fault's field and the parts of its name: `GROUP LOCATION`."""
    for case in cases:
        group, _, location = unescaped(case.text).decode().partition(" ")
        changes: dict[str, Any] = {
            "group": group,
            "schema_location": location,
            "operation": LIST_ORDERS,
            "status": 404,
        }
        given = mutant("1", operator="cut", **changes)
        name, path = name_and_path(schema_of(given)) if location else ("", "")
        ignored = "".join(f"\n{each}" for each in ignorable(given)) if "--ignore" in case.group else ""
        yield f"{field_of(given)} ({name} + {path}){ignored}"
