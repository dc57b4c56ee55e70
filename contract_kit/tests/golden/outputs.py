"""Every output of the commands: a file or folder in `kept/outputs` for each.

To add one, add a line `== NAME: COMMAND LINE` to `endings.txt` there, and run `make findings`.
"""

import math
import os
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ..command import Ended, run
from ..matrices.texts import files
from ..receivers import Respond, receiving
from . import shop

KEPT_OUTPUTS = Path(__file__).parent / "kept" / "outputs"
LINES: dict[str, str] = dict(
    each.removeprefix("== ").split(": ", 1)
    for each in (KEPT_OUTPUTS / "endings.txt").read_text().splitlines()
    if each.startswith("== ")
)
"""The command line for each kept file; unless a command writes this file, it is what the command prints."""


def outputs() -> Iterator[tuple[str, str]]:
    """Run every command line; yield the name of each kept file, and its content."""
    endings = []
    with scene() as (call, folder):
        before = _files(folder)
        for name, line in LINES.items():
            ended = call(line)
            endings += [f"== {name}: {line}\n", f"exit code {ended.code}\n"]
            endings += [f"2> {each}\n" for each in ended.err.splitlines()]
            if not (folder / name).exists():
                yield name, _stable(ended.out, folder)
            for each in sorted(_files(folder) - before):
                if not each.startswith("all-"):
                    yield each, _stable((folder / each).read_text(), folder)
            before |= _files(folder)
    yield "endings.txt", _stable("".join(endings), folder)


def _files(folder: Path) -> set[str]:
    found = (each for each in folder.rglob("*") if each.is_file() and "__pycache__" not in each.parts)
    return {f"{each.relative_to(folder)}" for each in found}


def _respond(headers: Message, body: bytes) -> int:
    """Respond to a delivery: only an unsigned one is refused, and `true` crashes the receiver."""
    if b"true" in body:
        return 500
    return 204 if "X-Hub-Signature-256" in headers else 401


@contextmanager
def scene(respond: Respond = _respond) -> Iterator[tuple[Callable[[str], Ended], Path]]:
    """Yield a function that runs a command line in a folder with files, and the folder."""
    started = Path.cwd()
    with (
        TemporaryDirectory() as name,
        receiving(respond) as receiver,
        pytest.MonkeyPatch.context() as patch,
    ):
        folder = Path(name).resolve()
        for path, text in shop.files().items():
            (folder / path).write_text(text)
        patch.chdir(folder)
        patch.setattr("contract_kit.terminal._SECONDS_PER_LINE", math.inf)
        patch.setattr("contract_kit.serve.server.MOST_PAGES", 20)
        patch.setenv("HOOK_SECRET", "s3cret!")
        patch.setenv("OTHER", "s3cret?")
        yield lambda line: run(*shlex.split(line.replace("http://receiver", receiver))), folder
        os.chdir(started)


def refusals() -> Iterator[str]:
    """Yield what commands with bad input print and write; the kept text contains the command lines."""
    lines = (KEPT_OUTPUTS.parent / "refusals.txt").read_text().splitlines()
    with scene() as (call, folder):
        Path("full").mkdir()
        Path("full", "notes.txt").touch()
        for name, bad in files(Path(__file__).with_name("bad_files.txt")).items():
            Path(name).write_text(bad)
        before = {each.name for each in folder.iterdir()}
        for line in [each for each in lines if each.startswith("== ")]:
            ended = call(line.removeprefix("== "))
            yield line
            yield from (f"2> {_stable(each, folder)}" for each in ended.err.splitlines())
            yield from ended.out.splitlines()
            new = sorted({each.name for each in folder.iterdir()} - before - {"__pycache__"})
            yield " ".join([f"exit code {ended.code}", *(f"wrote {each}" for each in new)])
            for each in new:
                Path(each).unlink()


def _stable(text: str, folder: Path) -> str:
    """Replace what differs from run to run: the folder and the servers' ports."""
    return re.sub(r"127\.0\.0\.1:\d+", "SERVER", text.replace(f"{folder}", "FOLDER"))
