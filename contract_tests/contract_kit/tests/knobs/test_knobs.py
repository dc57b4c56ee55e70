"""Each option and argument, found by introspection, makes a command line do something else."""

import json
import sys
from collections.abc import Callable, Iterator
from email.message import Message
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from contract_kit.cli.app import app
from contract_kit.derive.catalogue import Catalogue
from contract_kit.errors import KitError

from ..command import Ended
from ..documents import json_response, of_schema
from ..golden.outputs import scene
from ..tables import table

CLIENT = """\
import os, time, urllib.request
class RefusedError(Exception): ...
def note(text):
    with open("trace", "a") as file: file.write(text + "\\n")
def call(url, operation, arguments):
    note(f"called {os.environ['TZ']} {os.getpid()}")
    with urllib.request.urlopen(f"{url}/{operation}") as response: return response.read().decode()
def slow(*given):
    time.sleep(0.1)
    return call(*given)
def refuse(*given):
    call(*given)
    raise RefusedError
"""
_CALL = "test shop.json --client noting:call --operation lose --sample 5"
_BASE = "test shop.json --client noting:call --operation crash --sample 3"
_SEND = "test hooks.json --receiver http://receiver --sample 2"
_DIFF = "diff shop.json new.json --operation lose"
_DIFF_CALL = f"{_DIFF} --client noting:call"
_EXPORT = "export shop.json --to har -o out --url https://a.example --operation lose --sample 3"
_BROKEN = "test broken.json --client noting:call --sample 3 --write-baseline out.json"
_WORKER = "--worker 'PYTHON WORKER noting:call noting:RefusedError'"
KNOBS: dict[str, tuple[str, str]] = {
    " --version": ("", "--version"),
    "mutants document": ("mutants shop.json", "mutants new.json"),
    "mutants --operation": ("mutants shop.json", "mutants shop.json --operation lose"),
    "mutants --sample": ("mutants shop.json", "mutants shop.json --sample 20"),
    "mutants --strictness": ("mutants shop.json --jsonl", "mutants shop.json --jsonl --strictness may"),
    "mutants --jsonl": ("mutants shop.json", "mutants shop.json --jsonl"),
    "mutants --id": ("mutants shop.json", "mutants shop.json --id lose:200:null:/state"),
    "mutants --webhooks": ("mutants all.json", "mutants all.json --webhooks"),
    "mutants --ref-root": ("mutants in/outside.json", "mutants in/outside.json --ref-root ."),
    "mutants --debug": ("mutants shop.json", "mutants shop.json --debug"),
    "serve document": ("serve shop.json", "serve new.json"),
    "serve --host": ("serve shop.json", "serve shop.json --host ::1"),
    "serve --port": ("serve shop.json", "serve shop.json --port 8123"),
    "serve --ref-root": ("serve in/outside.json", "serve in/outside.json --ref-root ."),
    "serve --debug": ("serve shop.json", "serve shop.json --debug"),
    "test document": (_CALL, _CALL.replace("shop.json", "new.json")),
    "test --client": ("test shop.json --operation lose", _CALL),
    "test --refuses": (
        "test shop.json --client noting:refuse --operation lose",
        "test shop.json --client noting:refuse --operation lose --refuses noting:RefusedError",
    ),
    "test --worker": ("test shop.json", f"test shop.json {_WORKER} --sample 1"),
    "test --exec": ("test shop.json", "test shop.json --exec true --sample 1"),
    "test --generated": ("test shop.json", "test shop.json --generated openapi-python-client:missing_client"),
    "test --python": (
        "test shop.json --generated openapi-python-client:missing_client",
        "test shop.json --generated openapi-python-client:missing_client --python ./missing",
    ),
    "test --receiver": ("test hooks.json", _SEND),
    "test --sign": (
        f"{_SEND} --sign github --secret HOOK_SECRET",
        f"{_SEND} --sign hmac-sha256:X-Sum --secret HOOK_SECRET",
    ),
    "test --secret": (f"{_SEND} --sign github --secret HOOK_SECRET", f"{_SEND} --sign github --secret OTHER"),
    "test --allow-remote": (
        "test hooks.json --receiver http://0.0.0.0:9/",
        "test hooks.json --receiver http://0.0.0.0:9/ --allow-remote",
    ),
    "test --operation": (_CALL, f"{_CALL} --operation crash"),
    "test --sample": (_CALL, _CALL.replace("5", "6")),
    "test --strictness": (
        "test shop.json --client noting:call --operation pass",
        "test shop.json --client noting:call --operation pass --strictness may",
    ),
    "test --jobs": (f"{_CALL} --jobs 1", f"{_CALL} --jobs 3"),
    "test --timeout": (
        "test shop.json --client noting:slow --operation lose --sample 1",
        "test shop.json --client noting:slow --operation lose --sample 1 --timeout 0.05",
    ),
    "test --timezone": (_CALL, f"{_CALL} --timezone UTC"),
    "test --all": (_CALL.replace("--sample 5", ""), f"{_CALL.replace('--sample 5', '')} --all"),
    "test --json": (_CALL, f"{_CALL} --json out.json"),
    "test --junit": (_CALL, f"{_CALL} --junit out.xml"),
    "test --markdown": (_CALL, f"{_CALL} --markdown out.md"),
    "test --html": (_CALL, f"{_CALL} --html out.html"),
    "test --baseline": (_CALL, f"{_CALL} --baseline base.json"),
    "test --write-baseline": (_CALL, f"{_CALL} --write-baseline out.json"),
    "test --fail-on": (
        "test shop.json --client noting:refuse --operation loop --baseline base.json",
        "test shop.json --client noting:refuse --operation loop --baseline base.json --fail-on new",
    ),
    "test --ignore": (_CALL, f"{_CALL} --ignore enum"),
    "test --allow-uncovered": (_BROKEN, f"{_BROKEN} --allow-uncovered"),
    "test --ref-root": (
        "test in/outside.json --client noting:call",
        "test in/outside.json --client noting:call --ref-root .",
    ),
    "test --debug": (_CALL, f"{_CALL} --debug"),
    "diff old": (_DIFF, _DIFF.replace("shop.json", "moved.json")),
    "diff new": (_DIFF, _DIFF.replace("new.json", "shop-again.json")),
    "diff --client": (_DIFF, _DIFF_CALL),
    "diff --refuses": (
        f"{_DIFF} --client noting:refuse",
        f"{_DIFF} --client noting:refuse --refuses noting:RefusedError",
    ),
    "diff --worker": (_DIFF, f"{_DIFF} {_WORKER}"),
    "diff --exec": (_DIFF, f"{_DIFF} --exec true"),
    "diff --generated": (_DIFF, f"{_DIFF} --generated openapi-python-client:missing_client"),
    "diff --python": (
        f"{_DIFF} --generated openapi-python-client:missing_client",
        f"{_DIFF} --generated openapi-python-client:missing_client --python ./missing",
    ),
    "diff --operation": (_DIFF, f"{_DIFF} --operation crash"),
    "diff --jobs": (f"{_DIFF_CALL} --operation crash --jobs 1", f"{_DIFF_CALL} --operation crash --jobs 2"),
    "diff --timeout": (
        f"{_DIFF} --client noting:slow --operation lose",
        f"{_DIFF} --client noting:slow --operation lose --timeout 0.05",
    ),
    "diff --timezone": (_DIFF_CALL, f"{_DIFF_CALL} --timezone UTC"),
    "diff --all": ("diff long.json longer.json", "diff long.json longer.json --all"),
    "diff --format": (_DIFF, f"{_DIFF} --format json"),
    "diff --fail-on": ("diff moved.json all.json", "diff moved.json all.json --fail-on unproven"),
    "diff --allow-uncovered": (
        "diff shop-again.json all.json",
        "diff shop-again.json all.json --allow-uncovered",
    ),
    "diff --ref-root": (
        "diff in/outside.json in/outside-too.json",
        "diff in/outside.json in/outside-too.json --ref-root .",
    ),
    "diff --debug": (_DIFF, f"{_DIFF} --debug"),
    "export document": (_EXPORT, _EXPORT.replace("shop.json", "new.json")),
    "export --to": (_EXPORT, _EXPORT.replace("--to har", "--to msw").replace("--url https://a.example", "")),
    "export --output": (_EXPORT, _EXPORT.replace("-o out", "-o other")),
    "export --url": (_EXPORT, _EXPORT.replace("//a.", "//b.")),
    "export --operation": (_EXPORT, f"{_EXPORT} --operation crash"),
    "export --sample": (_EXPORT, _EXPORT.replace("--sample 3", "--sample 4")),
    "export --ref-root": (
        "export in/outside.json --to msw -o out",
        "export in/outside.json --to msw -o out --ref-root .",
    ),
    "export --debug": (_EXPORT, f"{_EXPORT} --debug"),
    "shim language": ("shim python", "shim node"),
    "shim --debug": ("shim python", "shim python --debug"),
}
"""Two command lines that differ only in an option or an argument, by the command and its parameter."""


def parameters() -> Iterator[str]:
    """Yield each command's name with each of its options and arguments."""
    group: Any = typer.main.get_command(app)
    for name, command in {"": group, **group.commands}.items():
        for each in command.params:
            option = next((text for text in each.opts if text.startswith("--")), each.name)
            if option != "--help":
                yield f"{name} {option}"


def test_every_option_and_argument_is_a_knob() -> None:
    assert sorted(parameters()) == sorted(KNOBS)


@pytest.fixture(scope="module")
def observed() -> Iterator[Callable[[str], object]]:
    """Return a function that runs a command line, and returns what the command printed, wrote and called."""
    schema = "../new.json#/paths/~1lose/get/responses/200/content/application~1json/schema"
    outside = of_schema({"$ref": schema})
    lists = [of_schema({"enum": [f"{number}" for number in range(count)]}) for count in (1, 30)]
    with scene(_respond) as (call, folder):
        shop = json.loads(Path("shop.json").read_text())
        broken = {"openapi": "3.1.0", "info": shop["info"], "paths": dict[str, Any]()}
        for name, each in (("fine", {"type": "string"}), ("gone", {"$ref": "#/components/schemas/No"})):
            responses = {"200": json_response(each)}
            broken["paths"][f"/{name}"] = {"get": {"operationId": name, "responses": responses}}
        for name, document in (
            ("in/outside.json", outside),
            ("in/outside-too.json", {**outside, "openapi": "3.1.1"}),
            ("broken.json", broken),
            ("moved.json", shop | {"servers": [{"url": "/v2"}]}),
            *zip(("long.json", "longer.json"), lists, strict=True),
        ):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(json.dumps(document))
        (folder / "noting.py").write_text(CLIENT)
        call("test shop.json --client noting:call --operation lose --sample 5 --write-baseline base.json")
        yield cache(lambda line: _observed(call, folder, line))


def _observed(call: Callable[[str], Ended], folder: Path, line: str) -> object:
    before = {each: each.stat().st_mtime_ns for each in folder.rglob("*") if each.is_file()}
    (folder / "trace").unlink(missing_ok=True)
    worker = Path(call("shim python").out.strip()) if "WORKER" in line else ""
    ended = call(line.replace("PYTHON WORKER", f"{sys.executable} {worker}"))
    trace = (folder / "trace").read_text().splitlines() if (folder / "trace").exists() else []
    written = {}
    for each in sorted(each for each in folder.rglob("*") if each.is_file() and each not in before):
        if "__pycache__" not in each.parts and each.name != "trace":
            written[f"{each.relative_to(folder)}"] = each.read_bytes()
            each.unlink()
    noted, processes = {each.split()[1] for each in trace}, {each.split()[2] for each in trace}
    return ended, written, noted, len(processes)


def _fail(*_: object, **__: object) -> None:
    raise ZeroDivisionError


def _record(catalogue: Catalogue, **given: object) -> None:
    raise KitError(f"{[each.id for each in catalogue.listed]} served with {given}")


def _respond(headers: Message, _: bytes) -> int:
    with Path("trace").open("a") as file:
        file.write(f"received {headers['X-Hub-Signature-256']} 0\n")
    return 204


@table("knob", KNOBS)
def test_a_knob_changes_an_output_a_file_or_a_call(observed: Callable[[str], object], knob: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("contract_kit.cli.serve.KitServer", _record)
        without, given = KNOBS[knob]
        if knob.endswith("--debug"):  # it prints the traceback of an unexpected error
            for name in ("derive.catalogue.Catalogue.load", "read.document.Document.load"):
                patch.setattr(f"contract_kit.{name}", _fail)
            patch.setattr("contract_kit.serve.shims.Shim.path", property(_fail))
            without, given = f"{without} ", f"{given} "  # not the result without the error
        assert observed(without) != observed(given)
