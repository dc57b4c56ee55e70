"""CSV exports: one file per table."""

import csv
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun, UsageError
from bluejay_results.export import export, to_rows
from bluejay_results.export import formats as format_writers
from bluejay_results.export.tables import TABLES

from .runs import csv_rows, named_run, without_export_time


def test_a_csv_file_has_the_rows_that_to_rows_returns(tmp_path: Path) -> None:
    run = SimulationRun.from_bytes(SCENARIOS["settled"].bodies[-1])
    report = export([(run.id, run)], tmp_path, format="csv")
    assert {each.name for each in tmp_path.iterdir()} == {"README.txt", *(f"{each}.csv" for each in TABLES)}
    for name, table in TABLES.items():
        expected = [{key: _text(value) for key, value in row.items()} for row in to_rows(run, name)]
        rows = csv_rows(tmp_path, name)
        found = [{key: text.removeprefix("'") for key, text in row.items()} for row in rows]
        assert without_export_time(found) == without_export_time(expected)
        assert report.rows[name] == len(rows)
        with (tmp_path / f"{name}.csv").open(newline="", encoding="utf-8-sig") as file:
            assert next(csv.reader(file)) == [each.name for each in table.columns]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value.replace(tzinfo=None).isoformat(" ") if hasattr(value, "isoformat") else str(value)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        *[("=cmd()", "'=cmd()"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("'x", "''x")],
        *[(f"{each}1", f"'{each}1") for each in "\uff1d\uff0b\uff0d\uff20"],
        *[(f"{each}=1", f"'{each}=1") for each in (" ", "\u00a0", "\u3000", "\ufeff", "\ufeff ")],
        ("\n=1", '"\'\n=1"'),
        (" a = 1", " a = 1"),
        ('say "x", y', '"say ""x"", y"'),
        ("two\nlines", '"two\nlines"'),
        ("\rx", '"\'\rx"'),
        ("", '""'),
        (None, ""),
        ("nul\0", "nul\u2400"),
    ],
)
def test_text_in_a_csv_file_cannot_be_read_as_a_formula(text: str | None, field: str) -> None:
    assert format_writers._csv(text) == field


@pytest.mark.parametrize("table", TABLES)
def test_every_csv_file_starts_with_the_byte_order_mark_of_utf_8(table: str, tmp_path: Path) -> None:
    """Without it, Excel shows an é as two characters."""
    export([named_run()], tmp_path, format="csv")
    assert (tmp_path / f"{table}.csv").read_bytes().startswith(b"\xef\xbb\xbfrun_id,")


def test_a_time_in_a_csv_file_is_in_utc_and_has_no_offset(tmp_path: Path) -> None:
    """Spreadsheets treat a time with an offset as text."""
    export([named_run("1", created_at="2026-11-19T18:04:05.250000+02:00")], tmp_path, format="csv")
    assert csv_rows(tmp_path, "runs")[0]["created_at"] == "2026-11-19 16:04:05.250000"


def test_an_export_replaces_the_files_from_an_earlier_export(tmp_path: Path) -> None:
    for run_id in ("1", "2"):
        export([named_run(run_id)], tmp_path, format="csv")
    assert [each["run_id"] for each in csv_rows(tmp_path, "runs")] == ["2"]


def test_an_unknown_export_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'xlsx'"):
        export([], tmp_path, format="xlsx")
