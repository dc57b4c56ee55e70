"""Schemathesis against the stub over HTTP: the server side of the contract."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Stub

from .schemathesis_cli import DRAWN_KEY, FIXED_KEY, run_schemathesis

DELIBERATE = {"<string>", "732"}
"""Simulations that schemathesis must not list, although it follows the link from a run.

The first is a placeholder of the reference. The second has runs that deviate from the contract on purpose, as
the service does; the client must accept them.
"""

LARGE = "large"
"""A scenario of 7 MB, which takes seconds to validate: `harness/test_checks.py` validates it once."""


def _statuses(node: Any) -> Iterator[int]:
    if isinstance(node, dict):
        if "status_code" in node:
            yield node["status_code"]
        node = node.values()
    if isinstance(node, Iterable) and not isinstance(node, str):
        for child in node:
            yield from _statuses(child)


@pytest.mark.parametrize(
    ("phases", "key"), [("examples,coverage", FIXED_KEY), ("fuzzing,stateful", DRAWN_KEY)]
)
def test_every_conforming_scenario_passes_every_check(tmp_path: Path, phases: str, key: str) -> None:
    """Both documented statuses occur, and no other status except 405 for a wrong method."""
    run_ids = [
        each.run_id
        for name, each in SCENARIOS.items()
        if each.simulation_id not in DELIBERATE and name != LARGE
    ]
    options = ("--checks", "all", "--phases", phases, "--max-examples", "5")
    report = ("--report", "ndjson", "--report-ndjson-path", "events.ndjson")
    with Stub() as stub:
        ended = run_schemathesis(stub.url, tmp_path, run_ids, *options, *report, key=key)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    events = [json.loads(line) for line in (tmp_path / "events.ndjson").read_text().splitlines()]
    assert {200, 422} <= set(_statuses(events)) <= {200, 422, 405}
