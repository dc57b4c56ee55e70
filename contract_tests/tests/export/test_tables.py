"""The tables have every field of the contract, and names that no database reserves."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.export import to_rows
from bluejay_results.export.tables import TABLES

from .. import builders
from ..golden import runs

OMITTED = {"$.simulation_results.latency", "$.simulation_results.custom_metrics"}
"""Fields without a column, because they duplicate others."""


def leaves(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    """Yield every value that isn't a list or an object, with its path."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, f"{path}.{key}")
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, path)
    else:
        yield path, value


def test_every_field_has_a_column_unless_the_field_is_listed_as_omitted() -> None:
    """Values of booleans don't tell where they come from; `golden/` keeps their columns."""
    document = runs.run(runs.RUN)
    run = SimulationRun.from_bytes(json.dumps(document).encode())
    rows = [to_rows(run, each, with_links=True) for each in TABLES]
    written = {re.sub("[ T]", " ", f"{each}").removesuffix(".0") for _, each in leaves(rows)}
    text = "\n".join(written)
    seen = dict[str, bool]()
    for path, value in leaves(document):
        path = re.sub(r"\.key \d+$", "", path)
        if not isinstance(value, bool) and value is not None:
            is_there = re.sub("[ T]", " ", f"{value}") in text
            seen[path] = seen.get(path, False) or is_there
    assert {path for path, is_there in seen.items() if not is_there} == OMITTED


def test_a_violation_names_the_right_conversation_after_an_invalid_list_item() -> None:
    results: list[Any] = [5, builders.result(7, duration="long"), builders.result(8)]
    errors = to_rows(builders.saved_run(*results), "errors")
    assert [(each["path"], each["conversation_id"]) for each in errors] == [
        ("$.simulation_results[0]", None),
        ("$.simulation_results[1].duration", "7"),
    ]


def test_signed_urls_are_left_out_unless_they_are_requested() -> None:
    run = SimulationRun.from_bytes(json.dumps(runs.run(runs.RUN)).encode())
    plain, linked = (to_rows(run, "conversations", with_links=each)[0] for each in (False, True))
    assert {name for name in plain if plain[name] != linked[name]} == {
        name for name, each in linked.items() if "https://" in f"{each}"
    }
    assert "https://" not in f"{plain}"
