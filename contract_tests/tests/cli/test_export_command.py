"""The `export` command: its sources, its exit codes and the files that it writes."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results.export import dataset, folder

from .. import builders
from ..export.runs import csv_rows
from .command import Bad, Command, InProcess

CSV = ("--format", "csv")


def _run_ids(place: Path) -> list[str]:
    return sorted(each["run_id"] for each in csv_rows(place, "runs"))


def test_one_export_accepts_files_folders_urls_and_run_ids(
    command: InProcess, saved: Path, tmp_path: Path
) -> None:
    (tmp_path / "48217.json").write_bytes(SCENARIOS["incompleted"].bodies[-1])
    (tmp_path / "._48217.json").write_bytes(b"as macOS writes")
    out, url = tmp_path / "out", "https://app.getbluejay.ai/simulations/1/runs/48231"
    ended = command("export", saved, tmp_path, "48230", url, *CSV, "-o", out)
    assert (ended.code, ended.err, len(ended.lines)) == (0, "", 1)
    assert _run_ids(out) == ["48213", "48217", "48230", "48231"]


def test_the_since_and_last_options_select_runs_of_a_simulation(
    command: InProcess, stub: Stub, tmp_path: Path
) -> None:
    """A run that is not settled doesn't count as a failure."""
    with stub.client() as client:
        runs = client.runs("733")
    ids = [each.id for each in runs]
    assert command("export", "--simulation", "733", *CSV, "-o", tmp_path).code == 0
    settled = _run_ids(tmp_path)
    assert {*settled} < {*ids}
    options = ("--since", runs[5].created_at.isoformat(), "--last", "4")
    assert command("export", "--simulation", "733", *options, *CSV, "-o", tmp_path).code == 0
    assert _run_ids(tmp_path) == sorted({*settled} & {*ids[:4]})


def test_an_export_names_at_most_five_runs_that_cannot_be_exported(
    command: InProcess, tmp_path: Path
) -> None:
    ended = command("export", "none.har", *map(str, range(90001, 90007)), "48213", *CSV, "-o", tmp_path)
    assert (ended.code, len(ended.errors)) == (3, 6)
    assert _run_ids(tmp_path) == ["48213"]


def test_the_concurrency_option_limits_the_number_of_parallel_reads(
    command: InProcess, stub: Stub, tmp_path: Path
) -> None:
    results = [builders.result(number) for number in range(1, 102)]
    stub.serve("48301", Answer.json(builders.response(*results, id="48301", total_tests=101), delay=0.2))
    before = len(stub.requests)
    command("export", "48301", "48213", *CSV, "-o", tmp_path, "--concurrency", "1")
    read = [each.run_id for each in stub.requests[before:] if each.run_id]
    assert read == ["48301", "48301", "48213"]


def test_the_valid_parts_of_a_run_are_exported_with_the_collect_option(
    command: InProcess, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(builders.encoded(builders.response(builders.result(), total_tests="1")))
    assert command("export", broken, *CSV, "-o", tmp_path / "out").code == 3
    assert command("export", broken, "--collect", *CSV, "-o", tmp_path / "out").code == 0


def test_a_terminal_shows_one_progress_bar_for_all_runs(process: Command, tmp_path: Path) -> None:
    assert "0/2" in process.on_a_terminal("export", "48213", "48225", *CSV, "-o", str(tmp_path))


def test_a_mistyped_simulation_leaves_nothing_behind(command: InProcess, tmp_path: Path) -> None:
    """Otherwise the corrected command would be rejected, because the folder already has an export."""
    out = tmp_path / "out"
    Bad("", 3, "404").check(command("export", "--simulation", "99999", *CSV, "-o", out))
    assert not out.exists()


@pytest.mark.parametrize("below", ["", "tables"])
def test_a_file_in_the_way_of_an_export_is_named_in_a_one_line_message(
    below: str, command: InProcess, saved: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    out = tmp_path / "file" / below
    Bad("", 2, str(out)).check(command("export", saved, *CSV, "-o", out))


@pytest.mark.parametrize(("owner", "name"), [(folder.Folder, "names"), (dataset.PartWriter, "flush")])
def test_an_unreadable_or_unwritable_location_is_named_in_a_one_line_message(
    owner: Any, name: str, command: InProcess, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: Any) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(owner, name, denied)
    ended = command("export", saved, *CSV, "-o", tmp_path)
    Bad("", 2, f"{tmp_path}: Permission denied").check(ended)
    assert "--resume" not in ended.err  # CSV files are always written anew


def test_every_count_in_the_last_line_has_separators_and_the_right_noun_form(
    command: InProcess, tmp_path: Path
) -> None:
    (tmp_path / "one.json").write_bytes(builders.encoded(builders.response(builders.result())))
    ended = command("export", *[tmp_path / "one.json"] * 1_235, *CSV, "-o", tmp_path / "out")
    [line] = ended.lines
    assert line.startswith("Exported 1 run with 1 conversation to ")
    assert "; 1,234 skipped " in line
