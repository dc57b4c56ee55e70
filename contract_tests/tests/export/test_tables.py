"""The tables have every field of the contract, and names that no database reserves."""

import json
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun, UsageError
from bluejay_results.export import to_rows
from bluejay_results.export.tables import TABLES
from contract_kit.tests.tables import table

from .. import builders
from ..golden import runs

SETTLED = SimulationRun.from_bytes(SCENARIOS["settled"].bodies[-1])
OMITTED = {"$.simulation_results.latency", "$.simulation_results.custom_metrics"}
"""Fields without a column, because they duplicate others."""
POSTGRESQL = """
all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
collation column concurrently constraint create cross current_catalog current_date current_role
current_schema current_time current_timestamp current_user default deferrable desc distinct do else end
except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into
is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on
only or order outer overlaps placing primary references returning right select session_user similar some
symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when
where window with
"""
"""The reserved words of PostgreSQL 17, appendix C, including those that can be functions or types."""
BIGQUERY = """
all and any array as asc assert_rows_modified at between by case cast collate contains create cross cube
current default define desc distinct else end enum escape except exclude exists extract false fetch
following for from full group grouping groups hash having if ignore in inner intersect interval into is join
lateral left like limit lookup merge natural new no not null nulls of on or order outer over partition
preceding proto qualify range recursive respect right rollup rows select set some struct tablesample then to
treat true unbounded union unnest using when where window with within
"""
"""The reserved keywords of GoogleSQL."""


@table("name", TABLES)
def test_no_query_needs_quotes_around_a_column_name(name: str) -> None:
    """DuckDB lists its own words: see `with_extras/test_parquet.py`."""
    names = [each.name for each in TABLES[name].columns]
    assert {*names} & {*POSTGRESQL.split(), *BIGQUERY.split()} == set()
    columns = ", ".join(names)
    with sqlite3.connect(":memory:") as database:
        database.execute(f"CREATE TABLE {name} ({columns})")
        assert database.execute(f"SELECT {columns} FROM {name}").fetchall() == []  # noqa: S608 - our names


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


def test_signed_urls_are_left_out_unless_they_are_requested() -> None:
    assert to_rows(SETTLED, "conversations")[0]["audio_url"] is None
    assert to_rows(SETTLED, "conversations", with_links=True)[0]["audio_url"].startswith("https://")


def test_a_violation_names_the_right_conversation_after_an_invalid_list_item() -> None:
    results: list[Any] = [5, builders.result(7, duration="long"), builders.result(8)]
    errors = to_rows(builders.saved_run(*results), "errors")
    assert [(each["path"], each["conversation_id"]) for each in errors] == [
        ("$.simulation_results[0]", None),
        ("$.simulation_results[1].duration", "7"),
    ]


def test_every_table_of_a_run_can_be_read_even_if_the_run_has_violations() -> None:
    document = json.loads(SCENARIOS["settled"].bodies[-1])
    first = document["simulation_results"][0]["evaluations"][0]
    first["custom_metrics"][0] |= {"response_value": 5, "response_type": 5}
    document["simulation_results"][1]["tool_calls"] = [{"name": 5, "expected": 5, "actual": [{}]}]
    document["simulation_results"][2] |= {"id": "x", "status": 5, "digital_human_id": []}
    run = SimulationRun.from_bytes(builders.encoded(document), on_violation="collect")
    assert all(isinstance(to_rows(run, table), list) for table in TABLES)


def test_a_table_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="'calls'"):
        to_rows(SETTLED, "calls")
