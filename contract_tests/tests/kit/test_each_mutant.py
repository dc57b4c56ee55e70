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
    mutant.check(called(right, mutant), refuses=RefusedError)

@contract_kit.each_mutant("orders.yaml", sample=4)
def test_another_test_of_the_document(mutant):
    urls.add(mutant.url.partition("/mutant/")[0])
    assert len(urls) == 1

@orders
def test_coroutine(mutant):
    async def call():
        await asyncio.to_thread(right, mutant.url, mutant.operation, mutant.arguments)
    mutant.check(call, refuses=RefusedError)

@orders
def test_naive(mutant):
    mutant.check(called(naive, mutant), refuses=RefusedError)

@orders
def test_fussy(mutant):
    def fussy(*call):
        if right(*call) or naive(*call)["status"] == "paid":
            raise RefusedError("paid")
    mutant.check(called(fussy, mutant), refuses=RefusedError)

@orders
def test_crash(mutant):
    mutant.check(lambda: naive(mutant.url, mutant.operation, mutant.arguments)["id"], refuses=RefusedError)

@orders
def test_picky(mutant):
    mutant.check(called(picky, mutant), refuses=RefusedError)

@pytest.mark.parametrize("client", [right, picky])
@orders
def test_two_clients(mutant, client):
    mutant.check(called(client, mutant), refuses=RefusedError)

@orders
def test_counted(mutant):
    mutant.check(lambda: (asked.append(mutant), called(right, mutant)()), refuses=RefusedError)

def test_count():
    assert len(asked) == 5

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
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Element]:
    """The result of each test of the suite."""
    folder = tmp_path_factory.mktemp("user")
    ended = run(folder, SUITE, "-p", "xdist", "-n", "2", "--dist", "loadfile", "--junitxml", "report.xml")
    assert ended.returncode == 1, ended.stdout
    return list(parse(folder / "report.xml").iter("testcase"))  # noqa: S314 - written by pytest


def problems(cases: list[Element], test: str) -> list[str]:
    """Return the message of each failure of a test; an empty string if the test passed."""
    chosen = [case for case in cases if case.get("name", "").partition("[")[0] == test]
    assert chosen
    return ["".join(str(each.get("message")) for each in case) for case in chosen]


def test_pytest_loads_the_plugin_automatically() -> None:
    [plugin] = entry_points(group="pytest11", name="contract_kit")
    assert plugin.value == "contract_kit.pytest_plugin"


def test_a_test_runs_once_for_each_mutant_under_its_id(cases: list[Element]) -> None:
    names = [case.get("name", "") for case in cases if case.get("name", "").startswith("test_right[")]
    assert len(names) == 4
    assert "test_right[getOrder:200:required::id]" in names


def test_a_client_that_handles_a_mutant_correctly_passes(cases: list[Element]) -> None:
    assert problems(cases, "test_right") == [""] * 4


def test_an_awaitable_result_of_a_client_is_awaited(cases: list[Element]) -> None:
    assert problems(cases, "test_coroutine") == [""] * 4


def test_all_tests_of_a_document_share_one_server(cases: list[Element]) -> None:
    assert problems(cases, "test_another_test_of_the_document") == [""] * 4


def test_believing_a_mutant_fails_the_test_and_names_what_is_wrong(cases: list[Element]) -> None:
    assert "The client believed a response: has no id\ngetOrder answered 200:\n{" in "".join(
        problems(cases, "test_naive")
    )


def test_refusing_a_legal_response_fails_the_test(cases: list[Element]) -> None:
    assert "The client wrongly refused a response at /status: " in "".join(problems(cases, "test_fussy"))


def test_an_undeclared_exception_of_the_client_fails_the_test_and_is_shown(cases: list[Element]) -> None:
    case = next(case for case in cases if case.get("name", "").startswith("test_crash["))
    text = "".join(case.itertext())
    assert "KeyError: 'id'" in text
    assert "The client crashed on a response: " in text


def test_if_a_client_refuses_the_valid_response_every_test_fails(cases: list[Element]) -> None:
    says = "Inconclusive: the client refused the valid response: RefusedError: everything (getOrder:control)"
    assert problems(cases, "test_picky") == [f"AssertionError: {says}"] * 4


def test_each_parametrization_of_a_test_gets_its_own_valid_response(cases: list[Element]) -> None:
    found = problems(cases, "test_two_clients")
    assert sorted(each[:28] for each in found) == [""] * 4 + ["AssertionError: Inconclusive"] * 4


def test_the_valid_response_is_served_once_for_all_mutants_of_a_test(cases: list[Element]) -> None:
    assert problems(cases, "test_counted") == [""] * 4
    assert problems(cases, "test_count") == [""]


def test_a_client_that_retries_gets_a_hint(cases: list[Element]) -> None:
    assert "3 times: turn off the client's retries." in "".join(problems(cases, "test_retries"))


def test_a_client_that_retries_until_a_time_limit_gets_a_hint(cases: list[Element]) -> None:
    case = next(case for case in cases if case.get("name", "").startswith("test_time_limit["))
    assert "2 times: turn off the client's retries." in "".join(case.itertext())


def test_mutants_that_standards_recommend_to_refuse_belong_to_the_level_should(
    cases: list[Element],
) -> None:
    names = [case.get("name") for case in cases]
    assert "test_strict[getOrder:200:protocol::content-type-none]" in names
    assert set(problems(cases, "test_strict")) == {""}


def test_a_client_that_never_requests_the_mutant_fails(cases: list[Element]) -> None:
    assert problems(cases, "test_idle")[0].startswith("AssertionError: The client sent no request to its URL")


def test_the_error_about_a_fixture_without_its_decorator_names_the_decorator(cases: list[Element]) -> None:
    [problem] = problems(cases, "test_undecorated")
    assert "The fixture `mutant` needs the decorator @contract_kit.each_mutant(...)." in problem


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ('"missing.yaml"', "missing.yaml"),
        ('"orders.yaml", operation="getOrdr"', "'getOrdr'"),
        ('"orders.yaml", sample=0', "A sample of 0 has no mutants."),
        ('"orders.yaml", strictness="shall"', "There is no strictness 'shall'. Choose must, should or may."),
    ],
)
def test_a_wrong_document_or_operation_is_a_collection_error(
    tmp_path: Path, arguments: str, says: str
) -> None:
    suite = f"import contract_kit\n@contract_kit.each_mutant({arguments})\ndef test_client(mutant): ...\n"
    ended = run(tmp_path, suite)
    assert ended.returncode == 2
    assert says in ended.stdout
    assert "Traceback" not in ended.stdout
