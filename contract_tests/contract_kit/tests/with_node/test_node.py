"""The Node.js worker, and the JavaScript example's client. `make test-node` runs these tests."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from contract_kit.errors import ClientUnusableError, KitError
from contract_kit.judge.client_run import run_client
from contract_kit.serve.clients import Call, Client, Outcome, WorkerClient
from contract_kit.serve.returned import Returned
from contract_kit.serve.server import KitServer
from contract_kit.serve.shims import Shim

from ..command import PROGRAM
from ..fakes import GET_ORDER, FakeCatalogue, Judge, mutant

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
        ("throw new (class NotGeneratedError extends Error {})('no')", Outcome.CRASHED, "NotGenerated"),
        ("throw new Error('a', { cause: new Error('b') })", Outcome.CRASHED, "Error: a (Error: b)"),
        ("await new Promise(() => {})", Outcome.HUNG, ""),
        ("process.exit(3)", Outcome.CRASHED, "exit code 3"),
        ("Promise.reject(new Error('unhandled'))", Outcome.CRASHED, "Error: unhandled"),
        ("setImmediate(() => { throw new Error('x') }); await sleep(60000)", Outcome.CRASHED, "Error: x"),
    ],
)
def test_a_javascript_clients_outcome_depends_on_what_the_client_does(
    row: Judge, adapter: Callable[[str], Client], body: str, outcome: Outcome, detail: str
) -> None:
    found = row(adapter(body), timeout=2 if outcome is Outcome.HUNG else 20)
    assert found.outcome is outcome
    assert detail in found.detail


SEVEN = '{"id":7}'
BYTES = f'{{"$bytes":"{hashlib.sha256(b"x").hexdigest()}"}}'
DATE = '{"$date-time":"2026-11-19T16:04:10.000Z"}'
VALUES = {
    "undefined": "",
    "null": "null",
    "true": "true",
    "7": "7",
    "1.5": "1.5",
    "1e21": "1e+21",
    "NaN": '{"$number":"NaN"}',
    "-Infinity": '{"$number":"-Infinity"}',
    "123n": '{"$integer":"123"}',
    "new Number(7)": "7",
    "'é\\ud800'": '"é\\ud800"',
    "() => 7": "",
    "Symbol('x')": "",
    "{ a: undefined, b: () => 7 }": "{}",
    "[undefined, 7]": '[{"$absent":true},7]',
    "{ $date: 1, ['__proto__']: 2, _id: 3 }": '{"$$date":1,"__proto__":2,"_id":3}',
    "Object.assign(Object.create(null), { id: 7 })": SEVEN,
    "new Map([['id', 7]])": SEVEN,
    "new Map([[7, 8]])": '{"7":8}',
    "new Set([3, 1, 3])": "[3,1]",
    "new Date('2026-11-19T16:04:10Z')": DATE,
    "new Date('x')": '{"$date-time":"Invalid Date"}',
    "new (class { toISO() { return null; } })()": '{"$date-time":"Invalid Date"}',
    "new (class Decimal { toString() { return '1.10'; } })()": '{"$decimal":"1.10"}',
    "Buffer.from('x')": BYTES,
    "new Uint8Array([120])": BYTES,
    "new Uint8Array([120]).buffer": BYTES,
    "new URL('http://shop.example/')": '"http://shop.example/"',
    "new URLSearchParams('a=1')": '[["a","1"]]',
    "new (class { id = 7; #secret = 1; toJSON() { return 1; } })()": SEVEN,
    "new (class { #id = 7; get id() { return this.#id; } })()": SEVEN,
    "new (class extends class { get id() { return 7; } } {})()": SEVEN,
    "new (class Order {})()": '{"$object":"Order"}',
    "(function* () { yield 7; })()": "[7]",
    "(async function* () { yield 7; })()": "[7]",
    "[7].values()": "[7]",
    "new (class { *[Symbol.iterator]() { yield 7; } })()": "[7]",
    "new (class { total = 1; *[Symbol.iterator]() { yield 7; } })()": '{"total":1,"$items":[7]}',
    "Promise.resolve(Promise.resolve(7))": "7",
    "{ raw: new Response(), id: 7, headers: new Headers() }": SEVEN,
    "'x'.repeat(499_998)": f'"{"x" * 499_998}"',
    "(() => { const item = {}; return [item, item]; })()": "[{},{}]",
}
"""JavaScript expressions that a client returns, and their JSON trees."""


def calls(client: Client, number: int = 1, timeout: float = 20) -> list[Call]:
    with KitServer(FakeCatalogue((mutant("1"),))) as server:
        caller = client.caller(timeout)
        try:
            return [caller.call(server.url, GET_ORDER) for _ in range(number)]
        finally:
            caller.close()


def returning(values: Collection[str]) -> str:
    """Return the code of a client that returns these values, one per call."""
    functions = ", ".join(f"() => ({value})" for value in values)
    return f"globalThis.number ??= 0; return [{functions}][globalThis.number++]();"


def test_a_javascript_value_is_serialized_as_the_expected_tree(adapter: Callable[[str], Client]) -> None:
    found = calls(adapter(returning(VALUES)), len(VALUES))
    assert dict(zip(VALUES, found, strict=True)) == {
        value: Call(Outcome.ACCEPTED, returned=Returned(text)) for value, text in VALUES.items()
    }


AXIOS = "{ status: 200, headers: {}, config: {}, request: {}, data: {} }"
INCOMPARABLE = {
    "new Response()": "Response",
    "new Request('http://shop.example')": "Request",
    "new Headers()": "Headers",
    AXIOS: "HTTP response",
    "(() => { const order = {}; order.items = [order]; return order; })()": "contains itself",
    "Array.from({ length: 101 }).reduce((inner) => [inner], 7)": "100 levels",
    "'x'.repeat(500_000)": "500,000 bytes",
    "'é'.repeat(300_000)": "500,000 bytes",
    "new Array(50_000_000)": "500,000 bytes",
    "Object.fromEntries(Array.from({ length: 1000 }, (_, n) => ['x'.repeat(1000) + n, 1]))": "500,000 bytes",
    "(function* () { for (;;) yield 7; })()": "10,000 items",
    "(async function* () { for (;;) yield 7; })()": "10,000 items",
    "[(async () => 7)()]": "Promise",
    "[(async function* () {})()]": "AsyncGenerator",
}
"""Results that can't be compared, and a text that the reason must contain."""


def test_a_reason_explains_why_a_javascript_result_cannot_be_compared(
    adapter: Callable[[str], Client],
) -> None:
    found = calls(adapter(returning(INCOMPARABLE)), len(INCOMPARABLE))
    assert {each.outcome for each in found} == {Outcome.ACCEPTED}
    reasons = [each.returned.not_comparable for each in found]
    data = zip(INCOMPARABLE.values(), reasons, strict=True)
    assert [reason for datum, reason in data if datum not in reason] == []


@pytest.mark.parametrize(
    "value",
    [
        "{ get id() { throw ERROR; } }",
        "new (class { get id() { throw ERROR; } })()",
        "new (class { toString() { throw ERROR; } })()",
        "new Proxy({}, { ownKeys() { throw ERROR; } })",
    ],
    ids=["own getter", "getter", "text", "keys"],
)
@pytest.mark.parametrize(
    ("error", "outcome"),
    [("new RefusedError('no')", Outcome.REFUSED), ("undefined", Outcome.CRASHED)],
)
def test_an_error_thrown_when_a_javascript_result_is_read_counts_as_thrown_by_the_call(
    adapter: Callable[[str], Client], value: str, error: str, outcome: Outcome
) -> None:
    [found] = calls(adapter(f"return [{value.replace('ERROR', error)}];"))
    assert (found.outcome, found.returned) == (outcome, Returned())
    assert "the result threw" in found.detail


@pytest.mark.parametrize("start", ["function*", "async function*"])
@pytest.mark.parametrize(
    ("then", "outcome"),
    [
        ("throw new RefusedError('no')", Outcome.REFUSED),
        ("throw new Error('no')", Outcome.CRASHED),
        ("for (;;);", Outcome.HUNG),
    ],
)
def test_a_javascript_generators_outcome_counts_as_the_calls_outcome(
    adapter: Callable[[str], Client], start: str, then: str, outcome: Outcome
) -> None:
    [found] = calls(adapter(f"return ({start} () {{ yield 7; {then} }})()"), timeout=2)
    assert (found.outcome, found.returned) == (outcome, Returned())


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
def test_an_unusable_adapter_is_reported_in_one_line(
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
