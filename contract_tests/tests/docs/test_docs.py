"""Runs every command and snippet in the docs."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path
from typing import Any

import bluejay_results.cli
import contract_kit.cli
import pytest
from attrs import frozen
from bluejay_contract.stub import Stub
from bluejay_results import BluejayClient
from bluejay_results.cli.exit_codes import ExitCode
from contract_kit.cli.app import app as contract_kit_app

from ..cli.command import called
from ..fork_server import programs
from . import snippet

ROOT = Path(__file__).parents[3]
README = ROOT / "README.md"
COMMAND = ROOT / "docs" / "command.md"
KIT_README = ROOT / "contract_kit" / "README.md"
PAGES = [README, KIT_README, *sorted((ROOT / "docs").glob("*.md"))]
NEEDS_MORE = {"export"}
"""Pages whose snippets need packages that aren't in requirements.lock: `make test-export` runs them."""
BLOCK = re.compile(r"^```(console|python|toml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PRINTED = re.compile(r"^ *print\(.*\)  # (.+)$", re.MULTILINE)
"""Matches a print call and its comment: the expected line, or the start of the line and `...`."""
DEMO = "make demo"
FEW_EXAMPLES = """
seed = 1
[generation]
max-examples = 10
"""
"""Settings to insert before those in the docs: ten examples, because a hundred would take a minute."""
SIMPLE = re.compile(
    r"(?:cd (?P<folder>\S+) && )?(?P<words>(?:bluejay-results|contract-kit|run-snippet) [^|&;<>]+?)"
    r"(?: \| (?P<filter>[^|]+))?"
)
"""Matches a command that can run in this process, and the program that reads its output."""
MAIN: dict[str, Callable[[], Any]] = {
    "bluejay-results": bluejay_results.cli.main,
    "contract-kit": contract_kit.cli.main,
    "run-snippet": snippet.main,
}
PYTEST = "pytest -q -p no:schemathesis -W error -W ignore::pytest.PytestAssertRewriteWarning"
"""Warnings are errors, except one: pytest warns about modules that the fork server has already imported."""
PIPE = r"\|"  # a pipe character in a table
QUICK_DEMO = """
import subprocess, sys
from bluejay_contract.demo import main
run = subprocess.run
subprocess.run = lambda command, **options: run([*command[:-1], "0.01"], **options)
sys.exit(main())
"""
"""`make demo` with 0.01 s between two polls: the last argument of its command sets this pause."""


def _name(page: Path) -> str:
    return f"{page.parent.name}-{page.stem}"


@frozen
class Command:
    """A command in the docs, and the output that the docs show; empty if they show none."""

    line: str
    output: str


def _commands_in(block: str) -> list[Command]:
    """Return the commands in a console block. The output of `make demo` also starts with a command."""
    head, *rest = block.split("$ ")[1:]
    if head.strip() == DEMO:
        head, rest = f"{DEMO}\n$ {rest[0]}", rest[1:]
    return [Command(*each.partition("\n")[::2]) for each in (head, *rest)]


CONSOLE = [body for page in PAGES for kind, body in BLOCK.findall(page.read_text()) if kind == "console"]
SCHEMATHESIS = next(each for block in CONSOLE for each in _commands_in(block) if " st run " in each.line)
MAKE = [each for block in CONSOLE for each in _commands_in(block) if each.line.startswith("make ")]


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A stub whose queued runs have ended before anybody polls them."""
    with Stub(queued_run_seconds=0.001) as running:
        yield running


@pytest.fixture
def environment(stub: Stub) -> dict[str, str]:
    """The environment variables of a user whose service is the stub."""
    path = os.pathsep.join([str(programs()), str(Path(sys.executable).parent), os.environ["PATH"]])
    return (
        os.environ
        | stub.environment
        | {
            "BLUEJAY_WEBHOOK_SECRET": "whsec-of-these-tests",
            "COLUMNS": "120",
            "PATH": path,
        }
    )


def test_documented_exit_codes_match_the_command() -> None:
    rows = [f"| {code.value} | {code.meaning.replace('|', PIPE)} |" for code in ExitCode]
    assert re.findall(r"^\| \d+ \|.*", COMMAND.read_text(), re.MULTILINE) == rows


def test_documented_defaults_match_the_client() -> None:
    page = (ROOT / "docs" / "limits.md").read_text()
    client, wait = signature(BluejayClient).parameters, signature(BluejayClient.wait).parameters
    many = signature(BluejayClient.retrieve_many).parameters
    assert re.findall(r"^\| `(\w+)` of .*? \| (.*?) \|", page, re.MULTILINE) == [
        ("timeout", f"{many['timeout'].default:g} s; `wait`: {wait['timeout'].default:g} s"),
        ("request_timeout", f"{client['request_timeout'].default:g} s"),
        ("retries", str(client["retries"].default)),
        ("max_body_bytes", f"{client['max_body_bytes'].default >> 20} MiB"),
        ("concurrency", str(many["concurrency"].default)),
    ]


def test_every_option_of_contract_kit_is_documented() -> None:
    page = (ROOT / "docs" / "contract-kit.md").read_text()
    commands = [contract_kit_app[each] for each in contract_kit_app if not each.startswith("-")]
    default = contract_kit_app.default_parameter
    parameters = (
        each for one in commands for each in one.assemble_argument_collection(default_parameter=default)
    )
    options = {option for each in parameters for option in each.names}
    assert {each for each in options if each.startswith("--") and f"`{each}" not in page} == set()


@pytest.mark.parametrize("page", [each for each in PAGES if each.stem not in NEEDS_MORE], ids=_name)
def test_every_command_and_snippet_has_the_documented_result(
    page: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    run_page(page, environment, tmp_path)


def run_page(page: Path, environment: dict[str, str], tmp_path: Path) -> None:
    """Run a page's blocks in order in one folder, because some blocks read what earlier blocks wrote."""
    shutil.copy(ROOT / "openapi.yaml", tmp_path)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for kind, body in BLOCK.findall(page.read_text()):
        if page == README and body in KIT_README.read_text():
            continue  # it takes seconds, and runs with the kit's page
        if kind == "toml":
            name = "pyproject.toml" if body.startswith("[tool.") else "schemathesis.toml"
            (tmp_path / name).write_text(body)
        elif kind == "python":
            (tmp_path / "test_snippet.py").write_text(body)
            runner = PYTEST if "def test_" in body else "run-snippet"
            printed = _run(Command(f"{runner} test_snippet.py", ""), tmp_path, environment).splitlines()
            for output in PRINTED.findall(body):
                assert any(line.startswith(output.removesuffix("...")) for line in printed), output
        else:
            for command in _commands_in(body):
                if command not in MAKE and command != SCHEMATHESIS:
                    _run(command, tmp_path, environment)


def _run(command: Command, folder: Path, environment: dict[str, str]) -> str:
    if match := SIMPLE.fullmatch(command.line):
        words = shlex.split(match["words"])
        ended = called(MAIN[words[0]], words, environment, cwd=folder / (match["folder"] or "."))
        if not match["filter"]:
            assert not ended.code, f"{command.line}\n{ended.out.decode()}{ended.err}"
            assert command.output.strip() in ("", ended.out.decode().strip())
            return ended.out.decode()
        (folder / "unfiltered").write_bytes(ended.out)
        command = Command(f"{match['filter']} < unfiltered", command.output)
    done = subprocess.run(
        command.line,
        shell=True,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, f"{command.line}\n{done.stdout}{done.stderr}"
    assert command.output.strip() in ("", done.stdout.strip())
    return done.stdout


def test_the_documented_schemathesis_command_sends_only_get_requests(
    stub: Stub, environment: dict[str, str], tmp_path: Path
) -> None:
    """Users might run the command against a live service, where a POST queues a run that costs money."""
    page = (ROOT / "docs" / "contract-checks.md").read_text()
    settings = next(body for kind, body in BLOCK.findall(page) if kind == "toml")
    (tmp_path / "schemathesis.toml").write_text(FEW_EXAMPLES + settings)
    shutil.copy(ROOT / "openapi.yaml", tmp_path)
    _run(SCHEMATHESIS, tmp_path, environment)
    read = {each.operation for each in stub.requests}
    assert {each.method for each in stub.requests} == {"GET"}
    assert {"retrieve_simulation_results", "retrieve_simulation_result"} <= read


def test_the_demo_prints_the_documented_output_except_for_the_seconds(environment: dict[str, str]) -> None:
    shown = next(each.output for each in MAKE if each.line == DEMO)
    done = subprocess.run(
        [sys.executable, "-c", QUICK_DEMO],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert _without_seconds(done.stdout) == _without_seconds(shown)


def _without_seconds(text: str) -> str:
    return re.sub(r"\d+ s$", "? s", text, flags=re.MULTILINE).strip()
