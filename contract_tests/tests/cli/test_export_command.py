"""The command `export`: its sources, its output and the files that it writes."""

import signal
import sys
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub

from .. import builders
from ..export.runs import csv_rows
from .command import Bad, Command, InProcess

CSV = ("--format", "csv")


def _run_ids(place: Path) -> list[str]:
    return sorted(each["run_id"] for each in csv_rows(place, "runs"))


def test_runs_are_exported_and_counted_in_one_line(command: InProcess, tmp_path: Path) -> None:
    ended = command("export", "48213", "48225", *CSV, "-o", tmp_path)
    assert ended.code == 0
    assert ended.err == ""
    assert ended.lines == [f"Exported 2 runs with 21 conversations to {tmp_path}"]
    assert _run_ids(tmp_path) == ["48213", "48225"]


def test_files_folders_urls_and_ids_can_be_mixed(command: InProcess, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "48217.json").write_bytes(SCENARIOS["incompleted"].bodies[-1])
    out, url = tmp_path / "out", "https://app.getbluejay.ai/simulations/1/runs/48231"
    ended = command("export", saved, tmp_path, "48230", url, *CSV, "-o", out)
    assert ended.code == 0
    assert ended.err == ""
    assert _run_ids(out) == ["48213", "48217", "48230", "48231"]


def test_the_runs_of_a_simulation_can_be_limited_by_time_and_number(
    command: InProcess, stub: Stub, tmp_path: Path
) -> None:
    with stub.client() as client:
        runs = client.runs("733")
    ids = [each.id for each in runs]
    assert command("export", "--simulation", "733", *CSV, "-o", tmp_path).code == 0
    settled = _run_ids(tmp_path)
    assert {*settled} < {*ids}
    options = ("--since", runs[5].created_at.isoformat(), "--last", "4")
    assert command("export", "--simulation", "733", *options, *CSV, "-o", tmp_path).code == 0
    assert _run_ids(tmp_path) == sorted({*settled} & {*ids[:4]})


def test_runs_that_are_not_settled_are_counted_and_are_no_failure(command: InProcess, tmp_path: Path) -> None:
    path = tmp_path / "9.json"
    path.write_bytes(builders.encoded(builders.response(status="RUNNING")))
    ended = command("export", path, *CSV, "-o", tmp_path / "out")
    assert ended.code == 0
    assert ended.lines == [f"Exported 0 runs with 0 conversations to {tmp_path / 'out'}; 1 not settled yet"]


def test_an_unreadable_file_is_named_once(command: InProcess, tmp_path: Path) -> None:
    [line] = command("export", "none.har", *CSV, "-o", tmp_path).errors
    assert line.startswith("bluejay-results: failed: none.har: No such file or directory.")


def test_a_failed_run_prints_a_line_and_exits_with_3(command: InProcess, tmp_path: Path) -> None:
    ended = command("export", "99999", "48213", *CSV, "-o", tmp_path)
    [line] = ended.errors
    assert ended.code == 3
    assert line.startswith("bluejay-results: failed: 99999: ")
    assert ended.lines == [f"Exported 1 run with 15 conversations to {tmp_path}; 1 failed"]


def test_only_the_first_failed_runs_are_named(command: InProcess, tmp_path: Path) -> None:
    errors = command("export", *map(str, range(90001, 90008)), *CSV, "-o", tmp_path).errors
    assert len(errors) == 6
    assert errors[-1] == "bluejay-results: 2 more failed: see the table errors"


def test_missing_tool_calls_are_fetched_by_id(command: InProcess, tmp_path: Path) -> None:
    command("export", "48229", *CSV, "-o", tmp_path)
    assert sum(each["tool_calls_from"] == "id" for each in csv_rows(tmp_path, "conversations")) == 49


def test_the_option_concurrency_limits_how_many_runs_are_read_at_once(
    command: InProcess, stub: Stub, tmp_path: Path
) -> None:
    results = [builders.result(number) for number in range(1, 102)]
    stub.serve("48301", Answer.json(builders.response(*results, id="48301", total_tests=101), delay=0.2))
    command("export", "48301", "48213", *CSV, "-o", tmp_path, "--concurrency", "1")
    assert [each.run_id for each in stub.requests if each.run_id] == ["48301", "48301", "48213"]


def test_the_option_collect_exports_the_valid_parts_of_a_run(command: InProcess, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(builders.encoded(builders.response(builders.result(), total_tests="1")))
    assert command("export", broken, *CSV, "-o", tmp_path / "out").code == 3
    assert command("export", broken, "--collect", *CSV, "-o", tmp_path / "out").code == 0


@pytest.mark.parametrize(
    "bad",
    [
        Bad("48213", 2, "Missing option '--output'"),
        Bad("-o out", 2, "Name a run or a file, or use --simulation"),
        Bad("48213 -o file.json --format csv", 2, "is not a folder"),
        Bad("48213 -o out --format xlsx", 2, "no format 'xlsx'"),
        Bad("48213 -o file.json/out --format csv", 2, "file.json/out: Not a directory"),
        Bad("empty -o out --format csv", 2, "empty has no file that ends in .har or .json"),
        Bad("48213 --last 3 -o out --format csv", 2, "Name it with --simulation"),
        Bad("48213 -o out --format csv --resume", 2, "CSV files are always written anew"),
        Bad("48213 -o empty/.. --format csv", 2, "neither empty nor an export"),
        Bad("file.json --dask tcp://127.0.0.1:1 -o out", 2, "With --dask, export runs of the service"),
        Bad("http://example.com -o out --format csv", 2, "is not the URL of a run"),
        Bad("48213 -o out --format csv --concurrency 0", 2, "concurrency"),
    ],
    ids=lambda bad: bad.arguments,
)
def test_bad_input_prints_one_line(bad: Bad, command: InProcess, tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text("{}")
    (tmp_path / "empty").mkdir()
    bad.check(command("export", *bad.arguments.split(), cwd=tmp_path))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("module", "arguments"), [("pyarrow", "-o out"), ("fsspec", "--format csv -o s3://bucket/runs")]
)
def test_a_missing_extra_is_named_in_one_line(
    module: str, arguments: str, command: InProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    says = f"{module} is missing. In a checkout, run: pip install '.[export]'"
    ended = command("export", "48213", *arguments.split(), cwd=tmp_path)
    Bad("", 2, says).check(ended)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_no_partial_file(process: Command, stub: Stub, tmp_path: Path) -> None:
    stub.serve("48301", Answer.json(builders.response(id="48301"), delay=600))
    arguments = ("export", "48213", "48301", *CSV, "-o", tmp_path, "--concurrency", "2")
    ended = process.stopped(signal.SIGINT, lambda: len([*tmp_path.glob(".bluejay-*")]) == 6, *arguments)
    assert ended.code == 130
    assert [each.name for each in tmp_path.iterdir()] == ["README.txt"]


def test_a_terminal_shows_one_bar_for_all_runs(process: Command, tmp_path: Path) -> None:
    assert "0/2" in process.on_a_terminal("export", "48213", "48225", *CSV, "-o", str(tmp_path))
