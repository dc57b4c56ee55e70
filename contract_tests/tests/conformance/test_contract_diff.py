"""`make contract-diff` serves the changes of the contract to our client."""

from __future__ import annotations

import subprocess
from pathlib import Path

from contract_kit.derive.catalogue import Catalogue
from contract_kit.judge.proof import prove
from contract_kit.serve.clients import PythonClient

ROOT = Path(__file__).parents[3]
CLIENT = "contract_tests.tests.conformance.our_client:call"


def test_our_client_accepts_the_valid_response_of_every_operation() -> None:
    catalogue = Catalogue.load(ROOT / "openapi.yaml")
    matrix = prove(catalogue, PythonClient(CLIENT, ("bluejay_results:BluejayError",)), sample=8)
    assert {row.operation for row in matrix.rows} == {each.id for each in catalogue.operations}
    assert matrix.controls == ()


def test_make_contract_diff_without_a_base_says_how_to_name_a_commit() -> None:
    command = ["make", "-o", ".venv/.ready", "contract-diff"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert ended.stderr.splitlines()[0] == "Name a commit: make contract-diff BASE=main"


def test_make_contract_diff_names_a_client_that_exists() -> None:
    assert f"--client {CLIENT} " in (ROOT / "Makefile").read_text()
