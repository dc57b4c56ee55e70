"""The outcome of one call of a client, which is a Python function or a command."""

from pathlib import Path

import pytest
from contract_kit.errors import ClientUnusableError, KitError
from contract_kit.serve import clients
from contract_kit.serve.clients import Client, CommandClient, Outcome, PythonClient

from .calls import Judge, Write, is_gone


@pytest.mark.parametrize("error", ["RefusedError", "Names.InnerError"])
def test_a_client_that_raises_a_declared_exception_refused_the_response(
    row: Judge, client: Write, error: str
) -> None:
    subject = client(
        f"read(url); raise {error}('wrong type\\nmore')", "client:RefusedError", f"client:{error}"
    )
    found = row(subject)
    assert found.outcome == Outcome.REFUSED
    assert found.detail == f"{error.rpartition('.')[2]}: wrong type"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("raise KeyError('id')", "KeyError: 'id'"),
        ("sys.exit(3)", "SystemExit: 3"),
        ("return call(url, operation, arguments)", "RecursionError: maximum recursion depth exceeded"),
        ("os._exit(3)", "ended its process with exit code 3"),
        ("os.kill(os.getpid(), 9)", "was killed by SIGKILL"),
        ("os.write(2, b'FatalError: bad\\nbye\\n'); os._exit(1)", "exit code 1: FatalError: bad"),
    ],
)
def test_a_client_that_neither_returns_nor_raises_a_declared_exception_crashed(
    row: Judge, client: Write, body: str, detail: str
) -> None:
    found = row(client(f"read(url)\n{body}"))
    assert found.outcome is Outcome.CRASHED
    assert detail in found.detail


def test_an_exception_whose_message_cannot_be_read_is_still_a_crash(row: Judge, client: Write) -> None:
    body = "read(url)\nclass Odd(Exception):\n    def __str__(self): raise ValueError\nraise Odd"
    assert row(client(body)).detail == "Odd: its message can't be read: ValueError"


def test_a_client_that_takes_too_long_counts_as_hung(row: Judge, client: Write) -> None:
    found = row(client("read(url); time.sleep(60)"), timeout=0.5)
    assert found.outcome == Outcome.HUNG
    assert found.detail == "took over 0.5 s"


@pytest.mark.parametrize(
    "body",
    [
        'print(\'{"outcome": "refused"}\')',
        "os.write(1, b'x' * 1_000_000)",
        "os.write(2, b'x' * 1_000_000)",
        "subprocess.run(['echo', 'x'], check=True)",
        "sys.stdin.read()",
        "sys.stdout.close()",
    ],
)
def test_a_client_may_use_its_standard_streams_without_disturbing_the_kit(
    row: Judge, client: Write, capfd: pytest.CaptureFixture[str], body: str
) -> None:
    assert row(client(f"read(url)\n{body}")).outcome is Outcome.BELIEVED
    assert capfd.readouterr() == ("", "")


def test_a_proxy_set_in_the_environment_is_not_used(
    row: Judge, client: Write, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    monkeypatch.setenv("http_proxy", closed)
    assert row(client("read(url)")).outcome is Outcome.BELIEVED


def test_a_client_keeps_the_hosts_that_the_user_takes_out_of_the_proxy(
    row: Judge, client: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "intern.example")
    subject = client(
        "read(url)\nif 'intern.example' not in os.environ['no_proxy'].split(','): raise KeyError"
    )
    assert row(subject).outcome is Outcome.BELIEVED


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("pass", "the client sent no request to its URL, whose path must be kept"),
        (
            "raise KeyError",
            "the client sent no request to its URL, whose path must be kept (KeyError)",
        ),
        (
            "raise RefusedError",
            "the client sent no request to its URL, whose path must be kept (RefusedError)",
        ),
        ("read(url + '/v1')", "the client requested GET /v1/orders/7, which the document doesn't have ("),
    ],
)
def test_a_client_that_never_requested_the_mutant_counts_as_crashed(
    row: Judge, client: Write, body: str, detail: str
) -> None:
    found = row(client(body))
    assert found.outcome is Outcome.CRASHED
    assert found.detail.startswith(detail)


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("import missing", "Can't import client: ModuleNotFoundError: No module"),
        ("def call(", "Can't import client: SyntaxError: "),
        ("raise SystemExit(0)", "Can't import client: SystemExit: 0"),
        ("import os; os._exit(3)", "it ended its process with exit code 3."),
    ],
)
def test_a_client_that_cannot_be_imported_is_refused_in_one_line(
    client: Write, module: str, says: str
) -> None:
    client("")
    Path("client.py").write_text(module)
    with pytest.raises(ClientUnusableError) as caught:
        PythonClient("client:call").caller(1)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_client_whose_import_never_ends_is_refused(client: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "START_SECONDS", 1.0)
    client("")
    Path("client.py").write_text("import time; time.sleep(60)")
    with pytest.raises(ClientUnusableError, match="client:call was not ready after 1 s"):
        PythonClient("client:call", ()).caller(1)


@pytest.mark.parametrize(
    ("function", "says"),
    [
        ("client", "Write it as package.module:name"),
        ("ValueError", "Write it as builtins:ValueError."),
        ("client:call()", "Write it as package.module:name"),
        ("client.py:x y", "Write it as package.module:name"),
        ("missing:call", "Can't import missing: ModuleNotFoundError: No module named"),
        ("client.missing:call", "Can't import client.missing: ModuleNotFoundError: No module named"),
        ("client:missing", "client has no missing."),
        ("client:seven", "client:seven is not a function. It is int."),
        ("client:two", "It takes (url, operation)."),
    ],
)
def test_a_name_that_is_not_a_client_function_is_wrong_usage(client: Write, function: str, says: str) -> None:
    client("")
    Path("client.py").write_text("seven = 7\ndef two(url, operation): ...\n")
    with pytest.raises(KitError) as caught:
        PythonClient(function).caller(1)
    assert caught.type is KitError
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("client:missing", "client has no missing."),
        ("client:read", "client:read is not an exception class."),
    ],
)
def test_a_name_that_is_not_an_exception_class_is_wrong_usage(client: Write, error: str, says: str) -> None:
    with pytest.raises(KitError, match=says) as caught:
        client("pass", error).caller(1)
    assert caught.type is KitError


def shell(script: str) -> Client:
    return CommandClient(("sh", "-c", script))


REQUEST = (
    'python3 -c \'import os, urllib.request as r; r.urlopen(os.environ["CONTRACT_KIT_URL"] + "/orders/7")\''
)


@pytest.mark.parametrize(
    ("script", "outcome", "detail"),
    [
        ("exit 0", Outcome.BELIEVED, ""),
        ("echo no >&2; exit 10", Outcome.REFUSED, "no"),
        ("exit 1", Outcome.CRASHED, "ended its process with exit code 1"),
        ("kill -9 $$", Outcome.CRASHED, "was killed by SIGKILL"),
        (
            "echo 'TypeError: x' >&2; echo 'Node v20' >&2; exit 1",
            Outcome.CRASHED,
            "ended its process with exit code 1: TypeError: x",
        ),
        ("echo stdout", Outcome.BELIEVED, ""),
    ],
)
def test_the_exit_of_a_command_determines_its_outcome(
    row: Judge, capfd: pytest.CaptureFixture[str], script: str, outcome: Outcome, detail: str
) -> None:
    found = row(shell(f"{REQUEST}; {script}"))
    assert found.outcome == outcome
    assert found.detail == detail
    assert capfd.readouterr() == ("", "")


def test_a_command_gets_operation_and_arguments_in_its_environment(row: Judge) -> None:
    found = row(shell(f'{REQUEST}; echo "$CONTRACT_KIT_OPERATION $CONTRACT_KIT_ARGUMENTS" >&2; exit 10'))
    assert found.detail == 'getOrder {"id": "7"}'


@pytest.mark.parametrize("ends", ["", "; wait"], ids=["in time", "too late"])
def test_processes_that_a_command_leaves_running_are_killed(row: Judge, tmp_path: Path, ends: str) -> None:
    left = tmp_path / "pid"
    row(shell(f"sleep 60 & echo $! > {left}{ends}"), timeout=3)
    assert is_gone(int(left.read_text()))


def test_a_program_that_does_not_exist_is_wrong_usage(row: Judge) -> None:
    with pytest.raises(KitError, match=r"^Can't run no-such-program: no such program\.$") as caught:
        row(CommandClient(("no-such-program",)))
    assert caught.type is KitError


@pytest.mark.parametrize(
    ("mode", "says"), [(0o644, r"it is not executable \(chmod \+x\)\.$"), (0o755, "Exec format error")]
)
def test_a_file_that_is_not_a_program_cannot_be_run(row: Judge, tmp_path: Path, mode: int, says: str) -> None:
    script = tmp_path / "client"
    script.write_text("no shebang")
    script.chmod(mode)
    with pytest.raises(ClientUnusableError, match=says):
        row(CommandClient((str(script),)))
