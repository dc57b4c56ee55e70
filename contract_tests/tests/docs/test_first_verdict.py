"""`contract-kit test` without a client, beside a real generator: what it suggests leads to a verdict."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

DOCUMENT = Path(__file__).parents[3] / "examples" / "orders" / "openapi.yaml"


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_suggested_commands_lead_from_a_document_alone_to_a_verdict(tmp_path: Path) -> None:
    shutil.copy(DOCUMENT, tmp_path)
    _, generate_and_test, _ = _run("contract-kit test openapi.yaml", tmp_path).stderr.splitlines()
    first = _run(generate_and_test, tmp_path)
    _, test_again, _ = _run("contract-kit test openapi.yaml", tmp_path).stderr.splitlines()
    second = _run(test_again, tmp_path)
    assert "generate" in generate_and_test
    assert "generate " not in test_again
    for each in (first, second):
        assert each.returncode == 1
        assert "Robustness " in each.stdout
