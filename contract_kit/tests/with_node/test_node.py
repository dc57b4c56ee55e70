"""The Node.js worker, and the JavaScript example's client. `make test-node` runs these tests.

The texts contain what JavaScript clients do, and how their calls end; `__main__.py` writes them.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from contract_kit.serve.clients import WorkerClient
from contract_kit.serve.shims import Shim

from ..command import PROGRAM
from ..lives import interrupt, live
from ..matrices.calls import acting, in_folder, refusal
from ..matrices.calls import results as of_calls
from ..matrices.texts import Case, Results, cases, unescaped, written
from .test_generated import results as of_generated

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ADAPTER = """\
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
class RefusedError extends Error {}
const AsyncFunction = (async () => {}).constructor;
export const refuses = (error) => error instanceof RefusedError;
export async function call({ method, url, path, arguments: { code } }) {
  const text = await (await fetch(url + path, { method })).text();
  return new AsyncFunction("fs", "sleep", "RefusedError", "text", code)(fs, sleep, RefusedError, text);
}
"""
LIVING = """\
import fs from "node:fs";
export async function call({ url, path }) {
  fs.writeFileSync(`pids/${process.pid}`, "");
  const text = await (await fetch(url + path)).text();
  if (text === "hang") for (;;);
  if (text === "exit") process.exit(3);
}
"""


def client(*adapter: str) -> WorkerClient:
    return WorkerClient(("node", str(Shim.NODE.path), *adapter))


def calls(given: Iterable[Case]) -> Iterator[str]:
    """Yield how calls of JavaScript code end."""
    with in_folder({"adapter.mjs": ADAPTER}):
        yield from of_calls(given, lambda _: client("adapter.mjs"), acting)


def unusable(given: Iterable[Case]) -> Iterator[str]:
    """Yield why an adapter can't be used: `NAME; TEXT`."""
    for case in given:
        name, _, text = unescaped(case.text).decode().partition("; ")
        with in_folder({"adapter.mjs": text}):
            yield refusal(client(*name.split())).replace(f"{Shim.NODE.path}", "WORKER")


TEXTS: dict[str, Results] = {"calls.txt": calls, "unusable.txt": unusable, "generated.txt": of_generated}


@pytest.mark.parametrize("name", TEXTS)
def test_each_result_is_the_kept_one(name: str) -> None:
    kept = HERE / name
    assert written(cases(kept), TEXTS[name]).splitlines() == kept.read_text().splitlines()


def test_a_node_process_that_hangs_or_crashes_is_replaced_and_none_remains() -> None:
    with in_folder({"adapter.mjs": LIVING}):
        live(client("adapter.mjs"))
        interrupt(client("adapter.mjs"))


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
