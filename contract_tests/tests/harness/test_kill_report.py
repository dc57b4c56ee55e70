"""`make mutants` with contracts that it can't use; test_kill_matrix.py runs it with our contract."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from bluejay_contract import kill_report
from bluejay_contract.contract import Contract


def _with(**change: Any) -> str:
    document = yaml.safe_load(yaml.safe_dump(Contract.load().document))
    document["components"]["schemas"]["Event"]["properties"]["title"] = {"type": "string", **change}
    return yaml.safe_dump(document)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_with(**{"$ref": "#/components/schemas/Nothing"}), "#/components/schemas/Nothing leads nowhere"),
        (None, "No such file or directory"),
        ("openapi: [", "Correct the YAML"),
        ("openapi: 3.1.0\npaths: {/a: {get: {}}}\n", "has an operation without"),
        (
            "openapi: 3.1.0\npaths: {/a: {get: {description: A, parameters: []}}}\n",
            "is not our contract: it has no operation ",
        ),
    ],
    ids=["reference", "missing", "not YAML", "undescribed", "another API"],
)
def test_an_unusable_contract_prints_one_line_and_exits_with_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str | None,
    message: str,
) -> None:
    contract = tmp_path / "contract.yaml"
    if text is not None:
        contract.write_text(text)
    monkeypatch.setattr(
        "sys.argv", ["kill_report", "--contract", str(contract), "--output", str(tmp_path / "out")]
    )
    code, said = kill_report.main(), capsys.readouterr().err
    assert code == 2
    assert said.count("\n") == 1
    assert message in said
