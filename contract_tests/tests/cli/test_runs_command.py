"""The `runs` command: which runs it lists, as text and as JSON."""

import json

import pytest

from .command import InProcess

PAGE = "https://app.getbluejay.ai/simulations/731/runs/48213"


@pytest.mark.parametrize(
    ("options", "listed"),
    [
        ((), ["48213", *map(str, range(48112, 48100, -1))]),
        (("--last", "2"), ["48213", "48112"]),
        (("--last", "99", "--since", "2026-11-16"), ["48213", "48112"]),
        (("--since", "2026-11-19T16:04:01"), []),
        (("--since", "2026-11-19T18:04:00+02:00"), ["48213"]),
    ],
)
def test_the_runs_selected_by_options_are_listed_newest_first(
    command: InProcess, options: tuple[str, ...], listed: list[str]
) -> None:
    ended = command("runs", PAGE, *options, "--json")
    assert ended.code == 0
    assert [each["id"] for each in json.loads(ended.out)["runs"]] == listed


def test_the_json_list_of_runs_has_the_documented_fields(command: InProcess) -> None:
    view = json.loads(command("runs", "731", "--json", "--last", "1").out)
    assert view == {
        "format": "bluejay-results/runs",
        "version": 2,
        "simulation_id": "731",
        "runs": [
            {
                "id": "48213",
                "simulation_id": "731",
                "created_at": "2026-11-19T16:04:00+00:00",
                "status": "COMPLETED",
                "has_ended": True,
                "total_tests": 15,
                "tests_passed": 3,
                "service_pass_rate": 20,
                "summary": "3 of 15 callers reached their goal.",
                "app_url": PAGE,
            }
        ],
        "notes": [],
    }
