"""`contract-kit serve`: a server for any client, until Ctrl-C."""

import json
import signal
import subprocess
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest

from .command import Run, started

pytestmark = pytest.mark.usefixtures("folder")  # where each command runs


@pytest.fixture
def serving() -> Iterator[subprocess.Popen[str]]:
    with started("serve", "orders.yaml") as process:
        yield process


def _url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_the_first_line_is_the_url_of_the_server(serving: subprocess.Popen[str]) -> None:
    with urlopen(f"{_url(serving)}/orders/7") as response:  # noqa: S310 - of loopback
        assert json.load(response)["status"] in ("open", "paid")


def test_the_lines_on_stderr_name_a_mutant_that_can_be_fetched(serving: subprocess.Popen[str]) -> None:
    assert serving.stderr is not None
    assert "Contract-Kit-Mutant" in serving.stderr.readline()
    url = serving.stderr.readline().split()[-1]
    with urlopen(url) as response:  # noqa: S310 - of loopback
        assert "/mutant/" in url
        assert response.status == 200


def test_each_line_of_mutants_jsonl_contains_the_request_that_gets_its_mutant(
    serving: subprocess.Popen[str], kit: Run
) -> None:
    url = _url(serving)
    listed = map(json.loads, kit("mutants", "orders.yaml", "--jsonl").out.splitlines())
    mutants = [each for each in listed if each.get("keyword") == "required"]
    assert {each["operation"] for each in mutants} == {"getOrder", "createOrder"}
    for each in mutants:
        request, headers = each["request"], each["request"]["headers"] | {"Contract-Kit-Mutant": each["key"]}
        body = request["body"] and request["body"].encode()
        asked = Request(url + request["path"], body, headers, method=request["method"])  # noqa: S310 - loopback
        with urlopen(asked) as response:  # noqa: S310 - of loopback
            assert response.status == each["status"]
            assert response.read().decode() == each["body"]


def test_ctrl_c_ends_the_server_with_130(serving: subprocess.Popen[str]) -> None:
    _url(serving)
    assert serving.stderr is not None
    while "Stop with Ctrl-C." not in serving.stderr.readline():
        assert serving.poll() is None
    serving.send_signal(signal.SIGINT)
    out, err = serving.communicate()
    assert out == ""
    assert err == "contract-kit: Interrupted.\n"
    assert serving.returncode == 130
