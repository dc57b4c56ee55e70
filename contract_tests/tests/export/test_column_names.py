"""No column name is a reserved word in SQL, so queries need no quotes.

DuckDB lists its own words: see `with_extras/test_parquet.py`.
"""

import sqlite3

import pytest
from bluejay_results.export.tables import TABLES

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
RESERVED = {"PostgreSQL": POSTGRESQL, "BigQuery": BIGQUERY}


@pytest.mark.parametrize("database", RESERVED)
@pytest.mark.parametrize("table", TABLES)
def test_no_column_name_is_a_reserved_word(table: str, database: str) -> None:
    assert {each.name for each in TABLES[table].columns} & {*RESERVED[database].split()} == set()


@pytest.mark.parametrize("table", TABLES)
def test_sqlite_accepts_every_column_without_quotes(table: str) -> None:
    columns = ", ".join(each.name for each in TABLES[table].columns)
    with sqlite3.connect(":memory:") as database:
        database.execute(f"CREATE TABLE {table} ({columns})")
        assert database.execute(f"SELECT {columns} FROM {table}").fetchall() == []  # noqa: S608 - our names
