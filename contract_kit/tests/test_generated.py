"""`contract-kit test --generated`. `matrices/generated.txt` has what becomes of each client."""

import sys
from pathlib import Path

import pytest

from contract_kit.errors import KitError
from contract_kit.serve.generated import worker_of
from contract_kit.serve.shims import Shim

from .command import Run
from .matrices.generated import clients
from .tables import table


def test_the_given_interpreter_runs_the_client(kit: Run) -> None:
    for name, text in clients()["openapi-python-client"].items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    python = Path("python")
    python.write_text(f'#!/bin/sh\ntouch used\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    client = ("--generated", "openapi-python-client:shop", "--python", "./python")
    assert kit("test", "orders.yaml", *client, "--sample", "1").code != 2
    assert Path("used").exists()
    assert kit("test", "orders.yaml", *client, "--exec", "true").code == 2


@table("client, python", [("openapi-python-client:shop", "no-python"), ("orval:shop.js", sys.executable)])
def test_an_interpreter_must_exist_and_be_of_use(client: str, python: str) -> None:
    with pytest.raises(KitError, match="--python"):
        worker_of(client, python)


@pytest.mark.parametrize("about", ["{}", "[]", '{"exports": {".": {"import": "./main.mjs"}}}'])
def test_a_tsx_package_with_an_unknown_layout_is_not_used(
    about: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "node_modules" / "tsx").mkdir(parents=True)
    (tmp_path / "node_modules" / "tsx" / "package.json").write_text(about)
    monkeypatch.setattr("shutil.which", lambda _: "node")
    program, following, *_ = worker_of(f"orval:{tmp_path / 'client.ts'}", None)
    assert (program, following) == ("node", str(Shim.NODE.path))
