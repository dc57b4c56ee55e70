"""The outcome of a single call to a client, which is a Python function or a command."""

import sys
from pathlib import Path

import pytest
from attrs import evolve

from contract_kit.errors import ClientUnusableError, KitError
from contract_kit.serve.clients import TIMEZONE, Client, CommandClient, Outcome, PythonClient, WorkerClient
from contract_kit.serve.shims import Shim

from .fakes import Judge, Write, is_gone


@pytest.mark.parametrize(
    ("body", "outcome", "datum"),
    [
        ("read(url); raise RefusedError('wrong type\\nmore')", Outcome.REFUSED, "RefusedError: wrong type"),
        ("read(url); raise Names.InnerError('wrong')", Outcome.REFUSED, "InnerError: wrong"),
        ("read(url); raise KeyError('id')", Outcome.CRASHED, "KeyError: 'id'"),
        ("read(url); return call(url, operation, arguments)", Outcome.CRASHED, "RecursionError"),
        ("read(url); os._exit(3)", Outcome.CRASHED, "code 3"),
        ("read(url); raise type('Odd', (Exception,), {'__str__': None})", Outcome.CRASHED, "Odd"),
        ("read(url); raise type('NotGeneratedError', (Exception,), {})", Outcome.CRASHED, "NotGenerated"),
        ("read(url); time.sleep(60)", Outcome.HUNG, "2 s"),
        ("pass", Outcome.NOT_REQUESTED, "no request"),
        ("raise RefusedError", Outcome.NOT_REQUESTED, "(RefusedError)"),
        ("read(url + '/v1')", Outcome.NOT_REQUESTED, "GET /v1/orders/7"),
        ("os._exit(3)", Outcome.NOT_REQUESTED, "code 3"),
        ("time.sleep(60)", Outcome.NOT_REQUESTED, "2 s"),
    ],
)
def test_a_calls_outcome_depends_on_how_the_call_ends(
    row: Judge, client: Write, body: str, outcome: Outcome, datum: str
) -> None:
    subject = client(body, "client:RefusedError", "client:Names.InnerError")
    found = row(subject, timeout=2 if datum == "2 s" else 20)
    assert found.outcome is outcome
    assert datum in found.detail
    assert "\n" not in found.detail


def test_a_client_function_with_one_argument_gets_the_full_request(row: Judge, client: Write) -> None:
    client("pass")
    with Path("client.py").open("a") as file:
        file.write("def one(request): read(request['url']); raise KeyError(request['template'])\n")
    assert row(PythonClient("client:one")).detail == "KeyError: '/orders/{id}'"


@pytest.mark.parametrize(
    "body",
    [
        'print(\'{"outcome": "refused"}\')',
        "os.write(1, b'x' * 1_000_000)",
        "os.write(2, b'x' * 1_000_000)",
        "sys.stdin.read()",
    ],
)
def test_a_client_may_use_its_standard_streams_without_disturbing_the_kit(
    row: Judge, client: Write, capfd: pytest.CaptureFixture[str], body: str
) -> None:
    assert row(client(f"read(url)\n{body}")).outcome is Outcome.ACCEPTED
    assert capfd.readouterr() == ("", "")


def test_a_client_under_test_uses_no_proxy(
    row: Judge, client: Write, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    monkeypatch.setenv("http_proxy", closed)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "intern.example")
    subject = client("read(url)\nassert 'intern.example' in os.environ['no_proxy'].split(',')")
    assert row(subject).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("module", "names", "error", "datum"),
    [
        ("import missing", "client:call", ClientUnusableError, "ModuleNotFoundError"),
        ("raise SystemExit(0)", "client:call", ClientUnusableError, "SystemExit: 0"),
        ("import os; os._exit(3)", "client:call", ClientUnusableError, "code 3"),
        ("", "client", KitError, "package.module:name"),
        ("", "ValueError", KitError, "builtins:ValueError"),
        ("", "missing:call", KitError, "Can't import the module missing (ModuleNotFoundError"),
        ("seven = 7", "client:seven", KitError, "int"),
        ("def two(url, operation): ...", "client:two", KitError, "(url, operation)"),
        (
            "def call(request): ...",
            "client:call client:missing",
            KitError,
            "module client has no attribute 'missing'",
        ),
        ("def call(request): ...", "client:call client:call", KitError, "client:call"),
    ],
)
def test_a_client_function_that_cannot_be_used_is_refused_in_one_line(
    client: Write, module: str, names: str, error: type[KitError], datum: str
) -> None:
    client("")
    Path("client.py").write_text(module)
    call, *refuses = names.split()
    with pytest.raises(KitError) as caught:
        PythonClient(call, tuple(refuses)).caller(1)
    assert caught.type is error
    assert datum in str(caught.value)
    assert "\n" not in str(caught.value)


def shell(script: str) -> Client:
    return CommandClient(("sh", "-c", script))


REQUEST = (
    'python3 -c \'import os, urllib.request as r; r.urlopen(os.environ["CONTRACT_KIT_URL"] + "/orders/7")\''
)


@pytest.mark.parametrize(
    ("script", "outcome", "datum"),
    [
        ("echo stdout; exit 0", Outcome.ACCEPTED, ""),
        (
            'echo "$CONTRACT_KIT_OPERATION $CONTRACT_KIT_ARGUMENTS" >&2; exit 10',
            Outcome.REFUSED,
            'getOrder {"id": "7"}',
        ),
        ("kill -9 $$", Outcome.CRASHED, "SIGKILL"),
        ("echo 'TypeError: x' >&2; echo end >&2; exit 1", Outcome.CRASHED, "code 1: TypeError: x"),
    ],
)
def test_a_commands_outcome_depends_on_how_the_command_ends(
    row: Judge, capfd: pytest.CaptureFixture[str], script: str, outcome: Outcome, datum: str
) -> None:
    found = row(shell(f"{REQUEST}; {script}"))
    assert found.outcome is outcome
    assert datum in found.detail
    assert capfd.readouterr() == ("", "")


def test_processes_that_a_command_leaves_running_are_killed(row: Judge, tmp_path: Path) -> None:
    left = tmp_path / "pid"
    row(shell(f"sleep 60 & echo $! > {left}"), timeout=3)
    assert is_gone(int(left.read_text()))


@pytest.mark.parametrize("zone", [TIMEZONE, "America/Lima"])
@pytest.mark.parametrize("kind", ["function", "worker", "command"])
def test_a_client_runs_in_its_own_time_zone_regardless_of_the_kits(
    client: Write, row: Judge, monkeypatch: pytest.MonkeyPatch, kind: str, zone: str
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    function = client(f"read(url); assert os.environ['TZ'] == {zone!r}")
    worker = (sys.executable, str(Shim.PYTHON.path), "client:call")
    command = ("sh", "-c", f'{REQUEST}; test "$TZ" = {zone}')
    clients = {"function": function, "worker": WorkerClient(worker), "command": CommandClient(command)}
    found = row(evolve(clients[kind], **({} if zone == TIMEZONE else {"timezone": zone})))
    assert found.outcome is Outcome.ACCEPTED
