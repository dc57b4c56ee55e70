"""The worker for Node.js, and the client of the example in JavaScript. `make test-node` runs them."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from contract_kit.errors import ClientUnusableError, KitError
from contract_kit.judge.proof import prove
from contract_kit.serve.clients import Client, Outcome, WorkerClient
from contract_kit.serve.shims import Shim

from ..calls import Judge
from ..command import PROGRAM
from ..fakes import FakeCatalogue, mutant

ROOT = Path(__file__).parents[4]
ADAPTER = """\
import {{ execFileSync }} from "node:child_process";
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
    """Return a function that writes an adapter, and returns the worker with this adapter."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> Client:
        Path("adapter.mjs").write_text(text)
        return WorkerClient(("node", str(Shim.NODE.path), "adapter.mjs"))

    return write


@pytest.mark.parametrize(
    ("body", "outcome", "detail"),
    [
        ("return text", Outcome.BELIEVED, ""),
        ("throw new RefusedError('no\\nmore')", Outcome.REFUSED, "RefusedError: no"),
        ("text.missing.id", Outcome.CRASHED, "TypeError: Cannot read properties of undefined (reading 'id')"),
        ("throw 'text'", Outcome.CRASHED, "text"),
        ("throw new Error('a', { cause: new Error('b') })", Outcome.CRASHED, "Error: a (Error: b)"),
        ("process.exit(3)", Outcome.CRASHED, "ended its process with exit code 3"),
        ("process.kill(process.pid, 'SIGKILL')", Outcome.CRASHED, "was killed by SIGKILL"),
        ("Promise.reject(new Error('unhandled'))", Outcome.CRASHED, "Error: unhandled"),
        ("setImmediate(() => { throw new Error('x') }); await sleep(60000)", Outcome.CRASHED, "Error: x"),
    ],
)
def test_what_a_javascript_client_does_determines_its_outcome(
    row: Judge, adapter: Callable[[str], Client], body: str, outcome: Outcome, detail: str
) -> None:
    found = row(adapter(ADAPTER.format(body=body)))
    assert found.outcome == outcome
    assert found.detail == detail


def test_a_promise_that_is_never_settled_counts_as_hung(row: Judge, adapter: Callable[[str], Client]) -> None:
    subject = adapter(ADAPTER.format(body="await new Promise(() => {})"))
    assert row(subject, timeout=0.5).outcome is Outcome.HUNG


@pytest.mark.parametrize(
    "body",
    [
        'console.log(\'{"outcome": "refused"}\')',
        "process.stdout.write('x'.repeat(1000000))",
        "fs.writeSync(1, 'x'.repeat(1000000))",
        "execFileSync('echo', ['x'], { stdio: 'inherit' })",
        "process.stdin.resume(); for await (const _ of process.stdin);",
    ],
)
def test_a_javascript_client_may_use_its_standard_streams(
    row: Judge, adapter: Callable[[str], Client], body: str
) -> None:
    assert row(adapter(ADAPTER.format(body=body))).outcome is Outcome.BELIEVED


def test_the_worker_continues_after_an_unhandled_error(adapter: Callable[[str], Client]) -> None:
    subject = adapter(ADAPTER.format(body="if (text === 'bad') Promise.reject(new Error(process.pid));"))
    given = (mutant("1", b"bad"), mutant("2"), mutant("3", b"bad"))
    matrix = prove(FakeCatalogue(given), subject, jobs=1)
    assert [each.outcome for each in matrix.rows] == ["crashed", "believed", "crashed"]
    assert matrix.rows[0].detail == matrix.rows[2].detail


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("export const call = (", ClientUnusableError, "Can't load the adapter: SyntaxError: "),
        ("import './missing.mjs'", ClientUnusableError, "Can't load the adapter: Error: Cannot find module"),
        ("process.exit(3)", ClientUnusableError, "it ended its process with exit code 3."),
        ("export const name = 7", KitError, "adapter.mjs exports no function `call`."),
        (
            "export const call = () => {}, refuses = 7",
            KitError,
            "`refuses` of adapter.mjs is not a function.",
        ),
    ],
)
def test_an_adapter_that_cannot_be_used_is_reported_in_one_line(
    adapter: Callable[[str], Client], text: str, error: type[KitError], says: str
) -> None:
    with pytest.raises(KitError) as caught:
        adapter(text).caller(5)
    assert caught.type == error
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "says"), [((), "Name the adapter"), (("missing.mjs",), "There is no adapter missing.mjs.")]
)
def test_a_missing_adapter_is_wrong_usage(arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(KitError, match=says) as caught:
        WorkerClient(("node", str(Shim.NODE.path), *arguments)).caller(5)
    assert caught.type is KitError


def test_the_documented_commands_prove_the_javascript_example(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "examples" / "orders", tmp_path / "orders")
    page = (ROOT / "docs" / "contract-kit-worker.md").read_text()
    [adapter] = re.findall(r"^```js\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    command = re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[0]
    assert adapter == (folder / "adapter.mjs").read_text()
    variables = {**os.environ, "PATH": os.pathsep.join([str(PROGRAM.parent), os.environ["PATH"]])}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == ""
    assert "Believed (" in done.stdout
    assert "Inconclusive" not in done.stdout
