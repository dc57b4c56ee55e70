"""Runs every command and snippet in docs/export.md, and reads the export described in the README."""

import re
import subprocess
from pathlib import Path

from ...docs.test_docs import README, ROOT, run_page
from .tables import rows


def test_every_command_and_snippet_has_the_documented_result(
    environment: dict[str, str], tmp_path: Path
) -> None:
    run_page(ROOT / "docs" / "export.md", environment, tmp_path)


def test_the_export_command_in_the_readme_writes_tables_that_can_be_read(
    environment: dict[str, str], tmp_path: Path
) -> None:
    [line] = re.findall(r"`(bluejay-results export .*?)`", README.read_text())
    subprocess.run(line, shell=True, cwd=tmp_path, env=environment, check=True)
    assert rows(tmp_path / "runs", "conversations")
