"""`contract-kit test` without a client, but with a real generator: its suggestion leads to a verdict."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from contract_kit.serve.generated import GENERATORS
from contract_kit.tests.tables import table

from benchmarks.league.page import read_page

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


def test_the_suggested_command_needs_only_a_document_to_produce_a_verdict(tmp_path: Path) -> None:
    shutil.copy(DOCUMENT, tmp_path)
    _, command, _ = _run("contract-kit test openapi.yaml", tmp_path).stderr.splitlines()
    ended = _run(command, tmp_path)
    assert ended.returncode == 1
    assert "Robustness " in ended.stdout


@table("name", GENERATORS)
def test_the_suggested_command_is_the_one_on_the_page(name: str) -> None:
    found = [each for each in read_page().values() if each.client.startswith(f"{name}:")]
    each = GENERATORS[name]
    command = tuple(shlex.split(each.generate.format("openapi.yaml")))
    assert found[0].client == f"{name}:{each.client}"
    assert found[0].generate == ((command,) if command else ())
