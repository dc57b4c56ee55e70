"""`each_mutant` runs a test once per mutant, and `check` judges the client."""

import json
import re
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree.ElementTree import Element, parse

import pytest
from attrs import evolve

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.strictness import Strictness
from contract_kit.judge.baseline import Baseline
from contract_kit.judge.results import Result, Results
from contract_kit.judge.verdicts import Verdict
from contract_kit.serve.clients import Outcome

from .command import CLIENT, DOCUMENT, run_pytest
from .documents import of_schema

SUITE = """\
import asyncio, contract_kit, contract_kit.serve.server, httpx, pytest
from client import RefusedError, naive, picky, right

orders = contract_kit.each_mutant("orders.yaml", operation="getOrder", sample=9)
urls = set()
asked = []

def check(mutant, client, times=1):
    mutant.check(
        lambda: [client(mutant.url, mutant.operation, mutant.arguments) for _ in range(times)],
        refuses=RefusedError,
    )

@orders
def test_right(mutant):
    urls.add(mutant.url.partition("/mutant/")[0])
    check(mutant, lambda *given: (asked.append(given), right(*given)))

@contract_kit.each_mutant("orders.yaml", sample=4)
def test_same_server(mutant):
    assert urls == {mutant.url.partition("/mutant/")[0]}

def test_one_valid_response():
    assert len(asked) == 11

@orders
def test_coroutine(mutant):
    async def call():
        await asyncio.to_thread(right, mutant.url, mutant.operation, mutant.arguments)
    mutant.check(call, refuses=RefusedError)

@pytest.mark.parametrize("client", [naive, picky])
@orders
def test_two_clients(mutant, client):
    check(mutant, client)

@orders
def test_crash(mutant):
    check(mutant, lambda *given: naive(*given)["id"])

@orders
def test_retries(mutant):
    check(mutant, naive, times=3)

@orders
def test_idle(mutant):
    check(mutant, lambda *_: None)

@contract_kit.each_mutant("pages.json")
def test_endless(mutant):
    def follow():
        cursor = "first"
        while cursor:
            page = httpx.get(f"{mutant.url}/thing?cursor={cursor}", trust_env=False).raise_for_status().json()
            cursor = page["cursor"]
    if "cursor-" in mutant.id:
        contract_kit.serve.server.MOST_PAGES = 20
        mutant.check(follow, refuses=httpx.HTTPError)

@contract_kit.each_mutant("orders.yaml", operation="getOrder", strictness="should")
def test_strict(mutant, request):
    assert "content-type-none" not in request.node.name or mutant.expect == "refuse"
    assert mutant.id == request.node.callspec.id

def test_undecorated(mutant): ...
"""


PAGE = {
    "type": "object",
    "required": ["items", "cursor"],
    "properties": {"items": {"type": "array"}, "cursor": {"type": "string"}},
}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Element]]:
    """The result of each test in SUITE, which runs in a folder with a document and a client."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "orders.yaml").write_text(DOCUMENT)
    (folder / "pages.json").write_text(json.dumps(of_schema(PAGE)))
    (folder / "client.py").write_text(CLIENT)
    ended = run_pytest(
        folder,
        SUITE,
        "--strict-markers",
        "-p",
        "xdist",
        "-n",
        "2",
        "--dist",
        "loadfile",
        "--junitxml",
        "report.xml",
    )
    assert ended.returncode == 1, ended.stdout
    found: dict[str, list[Element]] = {}
    for case in parse(folder / "report.xml").iter("testcase"):  # noqa: S314 - written by pytest
        found.setdefault(case.get("name", "").partition("[")[0], []).append(case)
    return found


def test_pytest_loads_the_plugin_automatically() -> None:
    [plugin] = entry_points(group="pytest11", name="contract_kit")
    assert plugin.value == "contract_kit.pytest_plugin"


def test_a_test_runs_once_for_each_mutant_and_its_name_contains_the_mutants_id(
    cases: dict[str, list[Element]],
) -> None:
    names = [case.get("name") for case in cases["test_right"]]
    assert len(names) == 9
    assert "test_right[getOrder:200:required:/id]" in names


@pytest.mark.parametrize("test", ["right", "same_server", "one_valid_response", "coroutine", "strict"])
def test_a_test_passes_if_the_client_handles_every_mutant_correctly(
    cases: dict[str, list[Element]], test: str
) -> None:
    assert [case.get("name") for case in cases[f"test_{test}"] if len(case)] == []


@pytest.mark.parametrize(
    ("test", "failures", "datum"),
    [
        ("two_clients", 14, "has no property id"),
        ("two_clients", 14, "getOrder:control"),
        ("two_clients", 14, "passed on"),
        ("crash", 5, "KeyError: 'id'"),
        ("crash", 5, "crashed: the response"),
        ("retries", 5, "3 times"),
        ("idle", 9, "URL"),
        ("endless", 1, "hung: the response"),
        ("undecorated", 1, "@contract_kit.each_mutant"),
    ],
)
def test_a_test_fails_if_the_client_handles_a_mutant_wrongly(
    cases: dict[str, list[Element]], test: str, failures: int, datum: str
) -> None:
    failed = [case for case in cases[f"test_{test}"] if len(case)]
    assert len(failed) == failures
    assert any(datum in "".join((*case.itertext(), case[0].get("message", ""))) for case in failed)


EXPECTING = """\
import contract_kit
from client import RefusedError, naive, picky

def each_mutant(operation):
    ignore = ["minimum", "/components/schemas/Order/properties/status/**"]
    known = {"baseline": "baseline.json", "ignore": ignore}
    return contract_kit.each_mutant("orders.yaml", operation=operation, **known)

@each_mutant("getOrder")
def test_naive(mutant):
    mutant.check(lambda: naive(mutant.url, mutant.operation, mutant.arguments), refuses=RefusedError)

@each_mutant("createOrder")
def test_picky(mutant):
    mutant.check(lambda: picky(mutant.url, mutant.operation, mutant.arguments), refuses=RefusedError)
"""


def write_baseline(folder: Path) -> None:
    """Write a baseline with faults on types and with gone mutants, but without the property `note`."""
    found = Catalogue.load(folder / "orders.yaml").mutants(["getOrder"])
    results = [
        Result.of(each, Outcome.ACCEPTED if each.keyword == "type" else Outcome.REFUSED)
        for each in found
        if not each.location.startswith("/note")
    ]
    baseline = Baseline.of(Results(tuple(results)), Strictness.MUST, None)
    verdicts = {f"{name}:200:null:/gone": Verdict.CRASHED for name in ("getOrder", "createOrder", "other")}
    verdicts |= baseline.verdicts | {"createOrder:control": Verdict.INCONCLUSIVE}
    (folder / "baseline.json").write_bytes(evolve(baseline, verdicts=verdicts).written())


@pytest.fixture(scope="module", params=[(), ("-p", "xdist", "-n", "2")], ids=["one process", "xdist"])
def expecting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Run EXPECTING, and return what pytest prints."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "orders.yaml").write_text(DOCUMENT)
    (folder / "client.py").write_text(CLIENT)
    write_baseline(folder)
    return run_pytest(folder, EXPECTING, "-rfx", *request.param).stdout


def test_faults_are_expected_failures_if_they_are_ignored_known_or_new(expecting: str) -> None:
    lines = re.findall(r"^(FAILED|XFAIL) \S+\[getOrder:200:(\S+)\](?: - (.*))?$", expecting, re.MULTILINE)
    why = {name: reason if kind == "XFAIL" else kind for kind, name, reason in lines}
    assert {why[f"{name}:/id"] for name in ("null", "type=boolean", "number-as-text")} == {
        "known from the baseline"
    }
    assert (why["required:/id"], why["required:/status"]) == ("FAILED", "FAILED")
    assert (why["false-for-text:/note"], why["maxLength=one-more:/note"]) == ("new", "new")
    assert {why[each] for each in why if each.startswith("minimum")} == {why["null:/status"]} == {"ignored"}


def test_an_inconclusive_test_is_an_expected_failure_if_the_baseline_lists_it(expecting: str) -> None:
    lines = [line for line in expecting.splitlines() if "[createOrder:" in line]
    assert lines
    assert all(line.startswith("XFAIL") and "known from the baseline" in line for line in lines)


def test_the_pytest_summary_lists_gone_faults(expecting: str) -> None:
    [line] = [line for line in expecting.splitlines() if line.startswith("contract-kit:")]
    assert all(line.count(name) == 1 for name in ("baseline.json", "getOrder:200:", "createOrder:200:"))
    assert "other:200:" not in line


@pytest.mark.parametrize(
    ("arguments", "datum"),
    [
        ('"missing.yaml"', "missing.yaml"),
        ('"orders.yaml", strictness="shall"', "'shall'"),
        ('"orders.yaml", baseline="missing.json"', "missing.json"),
        ('"orders.yaml", ignore=["Order.stats"]', "Order.status"),
    ],
)
def test_a_wrong_decorator_argument_is_reported_during_collection(
    tmp_path: Path, arguments: str, datum: str
) -> None:
    suite = f"import contract_kit\n@contract_kit.each_mutant({arguments})\ndef test_client(mutant): ...\n"
    (tmp_path / "orders.yaml").write_text(DOCUMENT)
    ended = run_pytest(tmp_path, suite)
    assert ended.returncode == 2
    assert datum in ended.stdout
    assert "Traceback" not in ended.stdout
