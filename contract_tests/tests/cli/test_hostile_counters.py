"""A run may count any number of conversations: unlisted ones take no time or memory."""

from pathlib import Path

import pytest
from bluejay_results.cli.exit_codes import ExitCode

from .. import builders
from .command import InProcess

COMMANDS = [
    "gate RUN",
    "gate RUN --confident --json",
    "gate RUN --max-void 100 --no-counters --confident --junit j --comment c --html h",
    "gate RUN --max-void 100 --no-counters --min-pass-rate 0 --require mean(duration)<=9s",
    "compare BASE RUN",
    "compare RUN BASE --json",
    "report RUN -o h",
    "report RUN -o h --max-void 100 --no-counters --confident",
    "export RUN -o tables --format csv",
    "show RUN --all",
    "show RUN --json",
]
_LARGE = [300_000_000, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**30, 10**400, 10**4299]
VALUES = [*_LARGE, 3, -1, *(-each for each in _LARGE)]
COUNTERS = ("total_tests", "tests_passed", "tests_failed")
RESULTS = [builders.result(each, digital_human_id=each) for each in (1, 2)]


@pytest.mark.parametrize("counters", [[each] for each in COUNTERS] + [[*COUNTERS]], ids="+".join)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_ends_as_usual_whatever_a_runs_counters_contain(
    command: str, counters: list[str], tmp_path: Path
) -> None:
    usual = {"total_tests": 2, "tests_passed": 2, "tests_failed": 0}
    (tmp_path / "BASE").write_bytes(builders.encoded(builders.response(*RESULTS, id="1", **usual)))
    for value in VALUES:
        run = builders.response(*RESULTS, id="2", **usual | dict.fromkeys(counters, value))
        (tmp_path / "RUN").write_bytes(builders.encoded(run))
        ended = InProcess("http://127.0.0.1:9")(*command.split(), cwd=tmp_path)
        assert ended.code in {*map(int, ExitCode)}
        assert ended.out or "Wrote" in ended.err, value


def test_a_list_of_runs_is_shown_whatever_the_runs_counters_contain(tmp_path: Path) -> None:
    run = {"experiment_id": 731, "created_at": "2026-11-19T16:04:00Z", "status": "COMPLETED"}
    runs = [run | dict.fromkeys(COUNTERS, value) | {"id": id_} for id_, value in enumerate(VALUES)]
    (tmp_path / "runs").write_bytes(builders.encoded({"simulation_runs": runs}))
    ended = InProcess("http://127.0.0.1:9")("runs", "./runs", cwd=tmp_path)
    assert ended.code == 0
    assert sum(" of " in line for line in ended.lines) == len(runs)
