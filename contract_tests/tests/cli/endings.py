"""How each command ends after each response and each error, in `endings.txt`, which `make findings` writes.

A cell contains the exit code, then `o` if there is text on stdout and `e` if there is text on stderr.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run
from bluejay_results.cli import process
from bluejay_results.cli.app import SUMMARIES
from bluejay_results.cli.connection import Connection
from bluejay_results.errors import BluejayError

from ..overlay.conftest import stop_time
from .command import CANARY, InProcess

TEXT = Path(__file__).with_name("endings.txt")
COMMANDS = {
    "queue": "queue 731",
    "gate": "gate 48213 --timeout 60",
    "compare": "compare 48225 48213",
    "report": "report 48213 -o page.html",
    "wait": "wait 48213 --timeout 60",
    "show": "show 48213",
    "runs": "runs 731",
    "export": "export 48213 --format csv -o out",
}
PASSED = run(id="48213", simulation_id="733", passed=20)
RUNS: dict[str, dict[str, int]] = {
    "all passed": {"passed": 20},
    "most failed": {"passed": 3, "failed": 17},
    "most unknown": {"passed": 3, "unknown": 17},
    "most void": {"passed": 3, "void": 17},
    "under way": {"passed": 19, "under_way": 1},
}
ANSWERS = {
    **{name: Answer.json(run(id="48213", simulation_id="733", **each)) for name, each in RUNS.items()},
    "no conversations": Answer(SCENARIOS["no_results"].bodies[-1].replace(b"48219", b"48213")),
    "another run": Answer.json(PASSED | {"simulation_run": PASSED["simulation_run"] | {"id": "48214"}}),
    "a wrong counter": Answer(
        json.dumps(PASSED).replace('"tests_passed": 20', '"tests_passed": "x"').encode()
    ),
    "a huge number": Answer(
        json.dumps(PASSED).replace('"tests_passed": 20', '"tests_passed": 1e999').encode()
    ),
    "no JSON": Answer(b"<html>"),
    **{f"status {each}": Answer(b"", each) for each in (302, 401, 404, 422, 429, 500, 511, 520)},
}
"""What the service sends. To requests for something other than a run, a run is a wrong response, too."""


def _leaves(kind: type[BluejayError]) -> Iterator[type[BluejayError]]:
    if not kind.__subclasses__():
        yield kind
    for each in kind.__subclasses__():
        yield from _leaves(each)


ERRORS: list[BaseException] = [
    *(each("what happened") for each in _leaves(BluejayError)),
    KeyboardInterrupt(),
    BrokenPipeError(),
    MemoryError(),
    OSError(28, "No space left on device"),
    ModuleNotFoundError(name="rich"),
    ModuleNotFoundError(name="bluejay_api"),
    RecursionError(),
]
"""What can be raised while a command connects to the service."""


def endings() -> Iterator[str]:
    """Yield the lines of the text."""
    yield "".join([f"{'':32}", *(f"{each:8}" for each in SUMMARIES)]).rstrip()
    with Stub(api_key=CANARY) as stub, pytest.MonkeyPatch.context() as context:
        stop_time(context)
        context.setattr(process, "_discard_pending_output", lambda: None)  # it would close our file
        command = InProcess(stub.url)
        for name, answer in ANSWERS.items():
            yield _row(name, command, stub, answer)
        for error in ERRORS:
            context.setattr(Connection, "client", lambda _, error=error: _raise(error))
            name = getattr(error, "name", None) or ""
            yield _row(f"{type(error).__name__} {name}", command, stub, ANSWERS["no JSON"])


def _raise(error: BaseException) -> Any:
    raise error


def _row(name: str, command: InProcess, stub: Stub, answer: Answer) -> str:
    cells = []
    for each in SUMMARIES:
        stub.reset()
        stub.serve("48213", answer)
        stub.serve_runs("731", answer)
        stub.serve_queue(answer)
        with TemporaryDirectory() as folder:
            ended = command(*COMMANDS[each].split(), cwd=folder)
        cells.append(f"{ended.code} {'o' * bool(ended.out)}{'e' * bool(ended.err)}")
    return "".join([f"{name:32}", *(f"{each:8}" for each in cells)]).rstrip()


if __name__ == "__main__":
    TEXT.write_text("".join(f"{each}\n" for each in [*endings()]))
