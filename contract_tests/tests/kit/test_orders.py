"""The example does what its README says, and shows when its client becomes worse."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[3] / "examples" / "orders"
COMMAND = str(Path(sys.executable).with_name("contract-kit"))
PROVE = [COMMAND, "prove", "openapi.yaml", "--client", "client:call", "--refuses", "client:OrderError"]


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "orders"))


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)


def test_the_tests_of_the_example_pass(orders: Path) -> None:
    done = _run(
        orders, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis"
    )
    assert done.returncode == 0, done.stdout


def test_prove_prints_the_counts_in_the_readme(orders: Path) -> None:
    done = _run(orders, *PROVE, "--json", "-")
    counts: dict[str, int] = json.loads(done.stdout)["counts"]
    did = [counts[name] for name in ("refused by body", "refused by status", "believed", "crashed")]
    expected = [counts["accepted"], sum(did), *did, counts["tolerated"]]
    said = (EXAMPLE / "README.md").read_text().partition("The client accepts")[2]
    assert done.returncode == 1
    assert list(map(int, re.findall(r"\d+", said))) == expected
