"""A run may count any number of conversations: unlisted ones take no time or memory."""

from pathlib import Path

import pytest
from bluejay_results.cli.exit_codes import ExitCode

from .. import builders
from .command import InProcess

COMMANDS = [
    "gate RUN --confident --json",
    "gate RUN --max-void 100 --no-counters --confident --junit j --comment c --html h",
    "gate RUN --max-void 100 --no-counters --min-pass-rate 0 --require mean(duration)<=9s",
    "compare BASE RUN",
    "compare RUN BASE --json",
    "report RUN -o h --max-void 100 --no-counters --confident",
    "export RUN -o tables --format csv",
    "show RUN --all",
    "show RUN --json",
    "runs RUN",
]
_LARGE = [300_000_000, 2**63, 10**400, 10**4299]
VALUES = [3, -1, *_LARGE, *(-each for each in _LARGE)]
COUNTERS = ("total_tests", "tests_passed", "tests_failed")
RESULTS = [builders.result(each, digital_human_id=each) for each in (1, 2)]
USUAL = {"total_tests": 2, "tests_passed": 2, "tests_failed": 0}
LISTED = {"experiment_id": 731, "created_at": "2026-11-19T16:04:00Z", "status": "COMPLETED", "id": 2}


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_ends_as_usual_whatever_a_runs_counters_contain(line: str, tmp_path: Path) -> None:
    (tmp_path / "BASE").write_bytes(builders.encoded(builders.response(*RESULTS, id="1", **USUAL)))
    for counters in (*([each] for each in COUNTERS), COUNTERS):
        for value in VALUES:
            counted = USUAL | dict.fromkeys(counters, value)
            run = builders.response(*RESULTS, id="2", **counted)
            if line.startswith("runs"):
                run = {"simulation_runs": [LISTED | counted]}
            (tmp_path / "RUN").write_bytes(builders.encoded(run))
            ended = InProcess("http://127.0.0.1:9")(*line.split(), cwd=tmp_path)
            assert ended.code in {*map(int, ExitCode)} - {ExitCode.INTERNAL}, (value, ended)
            assert ended.out or "Wrote" in ended.err, value
