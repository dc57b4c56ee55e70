"""The command `export`: its sources, its output and the files that it writes."""

import json
import signal
import sys
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results.export import committed_files

from .. import builders
from .command import Bad, Command, InProcess

JSONL = ("--format", "jsonl")


def _run_ids(place: Path) -> set[str]:
    return {
        Path(each).parent.name.removeprefix("run_id=") for each in committed_files(place, "conversations")
    }


def test_runs_are_exported_and_counted_in_one_line(command: InProcess, tmp_path: Path) -> None:
    ended = command("export", "48213", "48225", *JSONL, "-o", tmp_path)
    assert ended.code == 0
    assert ended.err == ""
    assert ended.lines == [f"Exported 2 runs with 21 conversations to {tmp_path}"]
    assert _run_ids(tmp_path) == {"48213", "48225"}


def test_files_folders_urls_and_lists_of_ids_can_be_mixed(
    command: InProcess, saved: Path, tmp_path: Path
) -> None:
    (tmp_path / "ids").write_text("48225\n\nhttps://app.getbluejay.ai/simulations/1/runs/48231\n")
    (tmp_path / "48217.json").write_bytes(SCENARIOS["incompleted"].bodies[-1])
    out = tmp_path / "out"
    ended = command("export", saved, tmp_path, "48230", "--ids", tmp_path / "ids", *JSONL, "-o", out)
    assert ended.code == 0
    assert ended.err == ""
    assert _run_ids(out) == {"48213", "48217", "48225", "48230", "48231"}


def test_standard_input_is_a_body_or_a_list_of_ids(command: InProcess, saved: Path, tmp_path: Path) -> None:
    command("export", "-", *JSONL, "-o", tmp_path, stdin=saved.read_bytes())
    command("export", "--ids", "-", *JSONL, "-o", tmp_path, stdin=b"48225\n")
    assert _run_ids(tmp_path) == {"48213", "48225"}


def test_all_runs_of_a_simulation_are_exported(command: InProcess, stub: Stub, tmp_path: Path) -> None:
    with stub.client() as client:
        run_ids = {each.id for each in client.runs("733")}
    assert command("export", "--simulation", "733", *JSONL, "-o", tmp_path).code == 0
    assert len(run_ids) > 1
    assert _run_ids(tmp_path) == run_ids


def test_an_unreadable_file_is_named_once(command: InProcess, tmp_path: Path) -> None:
    [line] = command("export", "none.har", *JSONL, "-o", tmp_path).errors
    assert line.startswith("bluejay-results: failed: none.har: No such file or directory.")


def test_a_failed_run_prints_a_line_and_exits_with_3(command: InProcess, tmp_path: Path) -> None:
    ended = command("export", "99999", "48213", *JSONL, "-o", tmp_path)
    [line] = ended.errors
    assert ended.code == 3
    assert line.startswith("bluejay-results: failed: 99999: ")
    assert ended.lines == [f"Exported 1 run with 15 conversations to {tmp_path}; 1 failed"]


def test_runs_that_fail_for_the_same_reason_share_a_line(command: InProcess, tmp_path: Path) -> None:
    ended = command("export", *map(str, range(90001, 90008)), *JSONL, "-o", tmp_path)
    [line] = ended.errors
    assert "and 2 more: 404" in line


def test_the_option_resume_requests_no_run_that_was_settled(
    command: InProcess, stub: Stub, tmp_path: Path
) -> None:
    command("export", "48213", *JSONL, "-o", tmp_path)
    before = len(stub.requests)
    ended = command("export", "48213", "--resume", *JSONL, "-o", tmp_path)
    assert ended.lines == [
        f"Exported 0 runs with 0 conversations to {tmp_path}; 1 skipped (exported before or given twice)"
    ]
    assert len(stub.requests) == before


def test_the_option_complete_fetches_missing_tool_calls_by_id(command: InProcess, tmp_path: Path) -> None:
    command("export", "48229", "--complete", *JSONL, "-o", tmp_path)
    [path] = committed_files(tmp_path, "conversations")
    rows = [json.loads(line) for line in Path(path).read_text().splitlines()]
    assert sum(each["tool_calls_from"] == "id" for each in rows) == 49


def test_the_option_collect_exports_the_valid_parts_of_a_run(command: InProcess, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(builders.encoded(builders.response(builders.result(), total_tests="1")))
    assert command("export", broken, *JSONL, "-o", tmp_path / "out").code == 3
    assert command("export", broken, "--collect", *JSONL, "-o", tmp_path / "out").code == 0


def test_the_option_har_dir_saves_a_recording_of_each_run(command: InProcess, tmp_path: Path) -> None:
    command("export", "48213", "48225", *JSONL, "-o", tmp_path / "out", "--har-dir", tmp_path / "har")
    ended = command("export", tmp_path / "har", *JSONL, "-o", tmp_path / "again")
    assert ended.lines == [f"Exported 2 runs with 21 conversations to {tmp_path / 'again'}"]


@pytest.mark.parametrize(
    "bad",
    [
        Bad("48213", 2, "Missing option '--output'"),
        Bad("-o out", 2, "Name a run, a file or a folder, or use --simulation or --ids"),
        Bad("48213 -o file.json --format csv", 2, "file.json is not a folder"),
        Bad("48213 -o out --format xlsx", 2, "no format 'xlsx'"),
        Bad("48213 -o file.json/out --format csv", 2, "file.json/out: Not a directory"),
        Bad("empty -o out --format csv", 2, "empty has no file that ends in .har or .json"),
        Bad("--ids gone -o out --format csv", 2, "--ids: gone: No such file or directory"),
        Bad("--ids binary -o out --format csv", 2, "--ids: binary is not text"),
        Bad("- --ids - -o out --format csv", 2, "Standard input can be read only once"),
        Bad("http://example.com -o out --format csv", 2, "is not the URL of a run"),
        Bad("48213 -o out --format csv --concurrency 0", 2, "concurrency"),
    ],
    ids=lambda bad: bad.arguments,
)
def test_bad_input_prints_one_line(bad: Bad, command: InProcess, tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text("{}")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "empty").mkdir()
    bad.check(command("export", *bad.arguments.split(), cwd=tmp_path))
    assert not (tmp_path / "out" / "_commits").exists()


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


def test_ctrl_c_keeps_exported_runs_and_prints_how_to_continue(
    process: Command, stub: Stub, tmp_path: Path
) -> None:
    stub.serve("48301", Answer.json(builders.response(id="48301"), delay=600))
    commit = tmp_path / "_commits" / "run_id=48213.json"

    def is_exported() -> bool:
        return commit.exists() and json.loads(commit.read_bytes())["is_complete"] is True

    arguments = ("export", "48213", "48301", *JSONL, "-o", tmp_path, "--concurrency", "2")
    ended = process.stopped(signal.SIGINT, is_exported, *arguments)
    assert ended.code == 130
    assert "To continue, run the same command with --resume." in ended.err
    assert _run_ids(tmp_path) == {"48213"}


def test_a_terminal_shows_one_bar_for_all_runs(process: Command, tmp_path: Path) -> None:
    assert "0/2" in process.on_a_terminal("export", "48213", "48225", *JSONL, "-o", str(tmp_path))
