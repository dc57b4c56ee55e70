"""`each_mutant` runs a test once for each mutant, and `check` judges what the client did."""

import subprocess
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree.ElementTree import Element, parse

import pytest

from .command import CLIENT, DOCUMENT, run_pytest

SUITE = """\
import asyncio, contract_kit, pytest
from client import RefusedError, naive, picky, right

orders = contract_kit.each_mutant("orders.yaml", operation="getOrder", sample=4)
urls = set()
asked = []

def called(client, mutant):
    return lambda: client(mutant.url, mutant.operation, mutant.arguments)

@orders
def test_right(mutant):
    urls.add(mutant.url.partition("/mutant/")[0])
    mutant.check(lambda: (asked.append(mutant), called(right, mutant)()), refuses=RefusedError)

@contract_kit.each_mutant("orders.yaml", sample=4)
def test_same_server(mutant):
    assert urls == {mutant.url.partition("/mutant/")[0]}

def test_one_valid_response():
    assert len(asked) == 5

@orders
def test_coroutine(mutant):
    async def call():
        await asyncio.to_thread(right, mutant.url, mutant.operation, mutant.arguments)
    mutant.check(call, refuses=RefusedError)

@orders
def test_naive(mutant):
    mutant.check(called(naive, mutant), refuses=RefusedError)

@orders
def test_crash(mutant):
    mutant.check(lambda: naive(mutant.url, mutant.operation, mutant.arguments)["id"], refuses=RefusedError)

@pytest.mark.parametrize("client", [right, picky])
@orders
def test_two_clients(mutant, client):
    mutant.check(called(client, mutant), refuses=RefusedError)

@orders
def test_retries(mutant):
    mutant.check(lambda: [called(naive, mutant)() for _ in range(3)], refuses=RefusedError)

@orders
def test_time_limit(mutant):
    def call():
        called(naive, mutant)(), called(naive, mutant)()
        pytest.fail("took too long")
    mutant.check(call, refuses=RefusedError)

@orders
def test_idle(mutant):
    mutant.check(lambda: None, refuses=RefusedError)

@contract_kit.each_mutant("orders.yaml", operation="getOrder", strictness="should")
def test_strict(mutant, request):
    assert "content-type-none" not in request.node.name or mutant.expect == "refuse"
    assert mutant.id == request.node.callspec.id
    assert mutant.keyword is None or f":{mutant.keyword}:" in mutant.id

def test_undecorated(mutant): ...
"""


def run(folder: Path, suite: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a user's test file with a document and a client beside it."""
    (folder / "orders.yaml").write_text(DOCUMENT)
    (folder / "client.py").write_text(CLIENT)
    return run_pytest(folder, suite, "--strict-markers", *options)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Element]]:
    """The results of each test of the suite."""
    folder = tmp_path_factory.mktemp("user")
    ended = run(folder, SUITE, "-p", "xdist", "-n", "2", "--dist", "loadfile", "--junitxml", "report.xml")
    assert ended.returncode == 1, ended.stdout
    found: dict[str, list[Element]] = {}
    for case in parse(folder / "report.xml").iter("testcase"):  # noqa: S314 - written by pytest
        found.setdefault(case.get("name", "").partition("[")[0], []).append(case)
    return found


def test_pytest_loads_the_plugin_automatically() -> None:
    [plugin] = entry_points(group="pytest11", name="contract_kit")
    assert plugin.value == "contract_kit.pytest_plugin"


def test_a_test_runs_once_for_each_mutant_under_its_id(cases: dict[str, list[Element]]) -> None:
    names = [case.get("name") for case in cases["test_right"]]
    assert len(names) == 4
    assert "test_right[getOrder:200:required::id]" in names
    strict = [case.get("name") for case in cases["test_strict"]]
    assert "test_strict[getOrder:200:protocol::content-type-none]" in strict


@pytest.mark.parametrize("test", ["right", "same_server", "one_valid_response", "coroutine", "strict"])
def test_a_client_that_handles_its_mutants_passes(cases: dict[str, list[Element]], test: str) -> None:
    assert [case.get("name") for case in cases[f"test_{test}"] if len(case)] == []


@pytest.mark.parametrize(
    ("test", "failures", "datum"),
    [
        ("naive", 1, "has no id"),
        ("crash", 1, "KeyError: 'id'"),
        ("two_clients", 4, "getOrder:control"),
        ("retries", 1, "3 times"),
        ("time_limit", 4, "2 times"),
        ("idle", 4, "URL"),
        ("undecorated", 1, "@contract_kit.each_mutant"),
    ],
)
def test_a_client_that_handles_a_mutant_wrongly_fails(
    cases: dict[str, list[Element]], test: str, failures: int, datum: str
) -> None:
    failed = [case for case in cases[f"test_{test}"] if len(case)]
    assert len(failed) == failures
    assert any(datum in "".join((*case.itertext(), case[0].get("message", ""))) for case in failed)


@pytest.mark.parametrize(
    ("arguments", "datum"),
    [('"missing.yaml"', "missing.yaml"), ('"orders.yaml", strictness="shall"', "'shall'")],
)
def test_a_wrong_document_or_operation_is_a_collection_error(
    tmp_path: Path, arguments: str, datum: str
) -> None:
    suite = f"import contract_kit\n@contract_kit.each_mutant({arguments})\ndef test_client(mutant): ...\n"
    ended = run(tmp_path, suite)
    assert ended.returncode == 2
    assert datum in ended.stdout
    assert "Traceback" not in ended.stdout
