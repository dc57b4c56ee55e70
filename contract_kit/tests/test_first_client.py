"""`contract-kit test` without a client suggests a command that works."""

import shlex
from pathlib import Path

import pytest

from contract_kit.cli.first_client import first_client
from contract_kit.serve.generated import GENERATORS, worker_of

from .command import CLIENT, Run

GENERATE = {name: each.generate for name, each in GENERATORS.items() if each.generate}
WITH_WEBHOOK = "webhooks: {paid: {post: {responses: {'200': {description: ''}}}}}\n"


@pytest.mark.parametrize("generator", GENERATE)
def test_the_suggested_command_runs_an_installed_generator(
    kit: Run, generator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = shlex.split(GENERATE[generator])
    folder = Path("node_modules/.bin" if command[0] == "npx" else "programs")
    folder.mkdir(parents=True)
    program = folder / command[command[0] == "npx"]
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(Path("programs").resolve()))
    ended = kit("test", "orders.yaml")
    assert ended.code == 2
    assert ended.err.splitlines()[1].startswith(f"  {GENERATE[generator].format('orders.yaml')} && ")


@pytest.mark.parametrize("generator", GENERATE)
def test_the_suggested_command_tests_the_client_that_it_generates(generator: str) -> None:
    _, command, _ = first_client("my orders.yaml", generator, has_webhooks=False)
    generate, test = map(shlex.split, command.split(" && "))
    client = test[-1].partition(":")[2]
    assert {"my orders.yaml"} <= {*generate} & {*test}
    assert {client, f"{client}.py"} & {*generate}
    assert worker_of(test[-1], None)


def test_without_a_generator_the_suggested_command_tests_a_function(kit: Run) -> None:
    Path("client.py").write_text(CLIENT.replace("def naive", "def call"))
    _, command, _ = first_client("orders.yaml", "", has_webhooks=False)
    assert kit(*shlex.split(command)[1:], "--sample", "5").code == 1


@pytest.mark.parametrize(("more", "count"), [("", 0), (WITH_WEBHOOK, 1)])
def test_a_receiver_is_suggested_if_the_document_has_webhooks(kit: Run, more: str, count: int) -> None:
    orders = Path("orders.yaml")
    orders.write_text(orders.read_text().replace("3.0.3", "3.1.0") + more)
    assert kit("test", "orders.yaml").err.count("--receiver") == count


def test_an_unreadable_document_is_reported_before_a_missing_client(kit: Run) -> None:
    assert "missing.yaml" in kit("test", "missing.yaml").err
