"""`make mutants`: its reports, its exit codes, and contracts that it can't use."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from bluejay_contract.contract import Contract


def _prove(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bluejay_contract.prove", "--output", str(folder / "out"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_it_writes_every_report_and_ends_well(tmp_path: Path) -> None:
    done = _prove(tmp_path, "--report", "CONTRACT.md")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads((tmp_path / "out" / "mutants.json").read_text())) > 400
    assert "all that must be found" in (tmp_path / "out" / "mutants.md").read_text()
    assert "## Promised" in (tmp_path / "CONTRACT.md").read_text()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"minLength": 1}, "The schema keyword 'minLength' is unknown to the harness"),
        ({"format": "uri"}, "The format 'uri' is unknown to the harness"),
        (
            {"$ref": "#/components/schemas/Nothing"},
            "The reference #/components/schemas/Nothing leads nowhere",
        ),
    ],
)
def test_a_contract_that_it_cannot_prove_is_one_line_and_exit_2(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    document = yaml.safe_load(yaml.safe_dump(Contract.load().document))
    document["components"]["schemas"]["Event"]["properties"]["title"] = {"type": "string", **change}
    (tmp_path / "contract.yaml").write_text(yaml.safe_dump(document))
    done = _prove(tmp_path, "--contract", "contract.yaml")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert message in done.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "No such file or directory"),
        ("openapi: [", "is no OpenAPI document"),
        ("- a list", "is no OpenAPI document"),
        ("openapi: 3.1.0\npaths: {}\n", "is no OpenAPI document"),
    ],
)
def test_a_file_that_is_no_contract_is_one_line_and_exit_2(
    tmp_path: Path, text: str | None, message: str
) -> None:
    if text is not None:
        (tmp_path / "contract.yaml").write_text(text)
    done = _prove(tmp_path, "--contract", "contract.yaml")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert message in done.stderr
