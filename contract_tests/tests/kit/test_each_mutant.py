"""`each_mutant` runs a test once for each mutant, and `check` judges what the client did."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("folder")

HEAD = """
import contract_kit, pytest
from client import RefusedError, naive, picky, right
"""


def suite(body: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a user's test file in a pytest of its own."""
    Path("test_client.py").write_text(HEAD + textwrap.dedent(body))
    # Other plugins take seconds to load.
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "contract_kit.pytest_plugin", "--strict-markers"]
    return subprocess.run(
        [*command, *options], env=alone, capture_output=True, text=True, check=False, timeout=60
    )


CHECKED = """
@contract_kit.each_mutant("orders.yaml", operation="getOrder", sample={sample})
def test_client(mutant):
    call = lambda: {client}(mutant.url, mutant.operation, mutant.arguments)
    mutant.check(call, refuses=RefusedError)
"""


def test_pytest_loads_the_plugin_by_itself() -> None:
    [plugin] = entry_points(group="pytest11", name="contract_kit")
    assert plugin.value == "contract_kit.pytest_plugin"


def test_a_test_runs_once_for_each_mutant_under_its_id() -> None:
    ended = suite(CHECKED.format(sample=4, client="right"), "-rA")
    assert ended.returncode == 0, ended.stdout
    assert "PASSED test_client.py::test_client[getOrder:200:required::id]" in ended.stdout


def test_a_mutant_that_is_believed_fails_with_what_is_wrong_with_it() -> None:
    ended = suite(CHECKED.format(sample=6, client="naive"))
    assert ended.returncode == 1
    assert "The client believed a response: has no id" in ended.stdout


def test_a_legal_response_that_is_refused_fails() -> None:
    ended = suite(CHECKED.format(sample=4, client="picky"))
    assert "The client wrongly refused a response at /status: " in ended.stdout


def test_a_client_that_raises_anything_else_fails_with_its_exception() -> None:
    ended = suite(CHECKED.format(sample=1, client="picky").replace("=RefusedError", "=KeyError"))
    assert "The client crashed on a response: " in ended.stdout
    assert "client.RefusedError: everything" in ended.stdout


def test_a_client_that_never_asks_for_the_mutant_fails() -> None:
    ended = suite(CHECKED.format(sample=1, client="(lambda *_: None)"))
    assert "The client sent no request below the URL that it was given, with its path." in ended.stdout


def test_all_tests_of_a_document_share_one_server() -> None:
    ended = suite(
        """
        urls = set()
        @contract_kit.each_mutant("orders.yaml", sample=5)
        def test_client(mutant):
            urls.add(mutant.url.partition("/mutant/")[0])
            assert len(urls) == 1
        """
    )
    assert ended.returncode == 0, ended.stdout


def test_two_processes_agree_on_the_tests() -> None:
    """Under pytest-xdist each process makes its own list, and they must be the same."""
    ended = suite(CHECKED.format(sample=6, client="naive"), "-p", "xdist", "-n", "2")
    assert "different tests" not in ended.stdout.lower()
    assert ended.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ('"missing.yaml"', "missing.yaml"),
        ('"orders.yaml", operation="getOrdr"', "getOrder"),
    ],
)
def test_a_wrong_document_or_operation_is_an_error_of_the_collection(arguments: str, says: str) -> None:
    ended = suite(f"@contract_kit.each_mutant({arguments})\ndef test_client(mutant): ...\n")
    assert ended.returncode in (1, 2)
    assert says in ended.stdout
    assert "Traceback" not in ended.stdout


def test_the_fixture_without_the_decorator_says_what_is_missing() -> None:
    ended = suite("def test_client(mutant): ...\n")
    assert "The fixture `mutant` goes with @contract_kit.each_mutant(...)." in ended.stdout
