"""The worker for Node.js, and the client of the example in JavaScript. `make test-node` runs them."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_kit.errors import ClientUnusableError, KitError
from contract_kit.judge.client_run import run_client
from contract_kit.serve.clients import Client, Outcome, WorkerClient
from contract_kit.serve.shims import Shim

from ..command import PROGRAM
from ..fakes import FakeCatalogue, Judge, mutant

ROOT = Path(__file__).parents[4]
ADAPTER = """\
import fs from "node:fs";
import {{ setTimeout as sleep }} from "node:timers/promises";
class RefusedError extends Error {{}}
export const refuses = (error) => error instanceof RefusedError;
export async function call({{ method, url, path }}) {{
  const text = await (await fetch(url + path, {{ method }})).text();
  {body}
}}
"""


@pytest.fixture
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Client]:
    """Return a function that writes an adapter with a given body, and returns a client that uses it."""
    monkeypatch.chdir(tmp_path)

    def write(body: str) -> Client:
        Path("adapter.mjs").write_text(ADAPTER.format(body=body))
        return WorkerClient(("node", str(Shim.NODE.path), "adapter.mjs"))

    return write


@pytest.mark.parametrize(
    ("body", "outcome", "detail"),
    [
        ("return text", Outcome.ACCEPTED, ""),
        ("throw new RefusedError('no\\nmore')", Outcome.REFUSED, "RefusedError: no"),
        ("text.missing.id", Outcome.CRASHED, "TypeError"),
        ("throw new Error('a', { cause: new Error('b') })", Outcome.CRASHED, "Error: a (Error: b)"),
        ("await new Promise(() => {})", Outcome.HUNG, ""),
        ("process.exit(3)", Outcome.CRASHED, "exit code 3"),
        ("Promise.reject(new Error('unhandled'))", Outcome.CRASHED, "Error: unhandled"),
        ("setImmediate(() => { throw new Error('x') }); await sleep(60000)", Outcome.CRASHED, "Error: x"),
    ],
)
def test_the_outcome_of_a_javascript_client_depends_on_what_the_client_does(
    row: Judge, adapter: Callable[[str], Client], body: str, outcome: Outcome, detail: str
) -> None:
    found = row(adapter(body), timeout=2 if outcome is Outcome.HUNG else 20)
    assert found.outcome is outcome
    assert detail in found.detail


@pytest.mark.parametrize(
    "body",
    [
        'console.log(\'{"outcome": "refused"}\')',
        "fs.writeSync(1, 'x'.repeat(1000000))",
        "process.stdin.resume(); for await (const _ of process.stdin);",
    ],
)
def test_a_javascript_client_may_use_its_standard_streams(
    row: Judge, adapter: Callable[[str], Client], body: str
) -> None:
    assert row(adapter(body)).outcome is Outcome.ACCEPTED


def test_the_worker_continues_after_an_unhandled_error(adapter: Callable[[str], Client]) -> None:
    subject = adapter("if (text === 'bad') Promise.reject(new Error(process.pid));")
    given = (mutant("1", b"bad"), mutant("2"), mutant("3", b"bad"))
    results = run_client(FakeCatalogue(given), subject, jobs=1)
    assert [each.outcome for each in results.all] == ["crashed", "accepted", "crashed"]
    assert results.all[0].detail == results.all[2].detail


@pytest.mark.parametrize(
    ("name", "text", "error", "datum"),
    [
        ("adapter.mjs", "export const call = (", ClientUnusableError, "SyntaxError"),
        ("adapter.mjs", "process.exit(3)", ClientUnusableError, "exit code 3"),
        ("adapter.mjs", "export const name = 7", KitError, "`call`"),
        ("adapter.mjs", "export const call = () => {}, refuses = 7", KitError, "`refuses`"),
        ("missing.mjs", "", KitError, "missing.mjs"),
        ("", "", KitError, "adapter"),
    ],
)
def test_an_adapter_that_cannot_be_used_is_reported_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, error: type[KitError], datum: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("adapter.mjs").write_text(text)
    with pytest.raises(KitError) as caught:
        WorkerClient(("node", str(Shim.NODE.path), *name.split())).caller(5)
    assert caught.type is error
    assert datum in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_documented_commands_find_the_faults_of_the_javascript_example(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "examples" / "orders", tmp_path / "orders")
    page = (ROOT / "docs" / "contract-kit-programs.md").read_text()
    [adapter] = re.findall(r"^```js\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    command = re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[0]
    assert adapter == (folder / "adapter.mjs").read_text()
    variables = {**os.environ, "PATH": os.pathsep.join([str(PROGRAM.parent), os.environ["PATH"]])}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "accepted" in done.stdout
    assert "inconclusive" not in done.stdout.lower()
