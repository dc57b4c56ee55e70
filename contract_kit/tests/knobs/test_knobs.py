"""Each option and argument, found by introspection, makes a command line do something else."""

import json
import sys
from collections.abc import Callable, Iterator
from email.message import Message
from functools import cache
from pathlib import Path
from typing import Any

import pytest

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
_GROUPS = Path(__file__).with_name("knobs.txt").read_text().removeprefix("== ").split("\n== ")
KNOBS = {name: (without, given) for name, without, given in (each.splitlines() for each in _GROUPS)}
"""Two command lines that differ only in an option or an argument, by the command and its parameter."""


def parameters() -> Iterator[str]:
    """Yield each command's name with each of its options and arguments."""
    yield " --version"
    for name in (each for each in app if not each.startswith("-")):
        for each in app[name].assemble_argument_collection(default_parameter=app.default_parameter):
            if each.show:  # not a group of options
                yield f"{name} {each.name}"


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
