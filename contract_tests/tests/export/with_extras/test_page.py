"""Every command and snippet of docs/export.md, run."""

from pathlib import Path

from ...docs.test_docs import ROOT, run_page


def test_every_command_and_snippet_does_what_is_shown(environment: dict[str, str], tmp_path: Path) -> None:
    run_page(ROOT / "docs" / "export.md", environment, tmp_path)
