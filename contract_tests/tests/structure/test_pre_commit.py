"""The checks before each commit write no file and need no network."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
CONFIG: Any = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
READ_ONLY = {"make lint", "make types", "make check-generated"}
"""The targets that write only caches."""


def test_pre_commit_runs_only_local_targets_that_write_nothing() -> None:
    assert [repo["repo"] for repo in CONFIG["repos"]] == ["local"]
    assert {hook["entry"] for hook in CONFIG["repos"][0]["hooks"]} <= READ_ONLY
