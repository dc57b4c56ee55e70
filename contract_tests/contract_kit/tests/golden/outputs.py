"""Every output of the commands: a file or folder in `kept` for each, and the command line that makes it."""

import json
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
from ..receivers import Respond, receiving
from . import shop
from .bad_files import BAD_FILES

KEPT_OUTPUTS = Path(__file__).parent / "kept" / "outputs"
_CLIENT = "--client shop:call --refuses shop:RefusedError --jobs 1"
_TEST = f"test shop.json {_CLIENT} --sample 120"
_SOME = f"test shop.json {_CLIENT} --operation loop --operation lose --operation refuse --operation missing"
_THREE = f"{_CLIENT} --operation lose --operation crash --operation strict"
_SINCE = f"test new.json {_THREE} --baseline known.json"
_IGNORE = "--ignore type --ignore 'crash 200 id' --ignore @names.txt"
_FINE = (
    f"test shop.json {_CLIENT} --operation crash --sample 9 --ignore type --ignore required --ignore minimum"
)
_RECEIVER = "test hooks.json --receiver http://receiver --sign github --secret HOOK_SECRET"
_DIFF = "diff shop.json new.json"
_URL = "--url https://api.example.com/v1"
LINES: dict[str, str] = {
    "test.txt": _TEST,
    "test.json": f"{_TEST} --json test.json",
    "test.md": f"{_TEST} --markdown test.md",
    "test.xml": f"{_TEST} --junit test.xml",
    "test.html": f"{_TEST} --html test.html",
    "faults.txt": f"{_SOME} --all",
    "faults.json": f"test shop.json {_CLIENT} --operation lose --operation loop --sample 130 --json -",
    "should.txt": f"{_TEST} --strictness should --allow-uncovered",
    "may.txt": f"{_TEST} --strictness may",
    "known.json": f"test shop.json {_THREE} --write-baseline known.json",
    "since.txt": _SINCE,
    "since.json": f"{_SINCE} --fail-on new --fail-on gone --sample 60 --json since.json",
    "since.md": f"{_SINCE} --fail-on gone --markdown since.md",
    "since.xml": f"{_SINCE} --fail-on new --junit since.xml",
    "since.html": f"{_SINCE} --html since.html",
    "sampled.json": f"{_TEST} --allow-uncovered --write-baseline sampled.json",
    "ignored.txt": f"test shop.json {_THREE} {_IGNORE} --ignore minItems",
    "ignored.xml": f"test shop.json {_THREE} {_IGNORE} --sample 40 --junit ignored.xml",
    "ignored.json": f"{_FINE} --json ignored.json",
    "received.txt": _RECEIVER,
    "received.json": f"{_RECEIVER} --sample 40 --json received.json",
    "received.md": f"{_RECEIVER} --all --markdown received.md",
    "received.xml": f"{_RECEIVER} --sample 40 --junit received.xml",
    "received.html": f"{_RECEIVER} --html received.html",
    "mutants.txt": "mutants shop.json",
    "mutants.jsonl": "mutants shop.json --jsonl --sample 60",
    "mutants-of-one.txt": "mutants shop.json --operation alter --operation lose --strictness may",
    "mutants-of-webhooks.jsonl": "mutants hooks.json --webhooks --jsonl --sample 20",
    "mutant.json": "mutants shop.json --id lose:200:null:/state",
    "diff.txt": _DIFF,
    "diff.json": f"{_DIFF} --format json",
    "diff-back.md": "diff new.json shop.json --format markdown --all",
    "diff-back.xml": "diff new.json shop.json --format junit --fail-on unproven",
    "diff-client.txt": f"{_DIFF} {_CLIENT}",
    "diff-client.json": f"{_DIFF} {_CLIENT} --format json",
    "diff-client.md": f"{_DIFF} {_CLIENT} --format markdown",
    "diff-client.xml": f"{_DIFF} {_CLIENT} --format junit",
    "diff-fine.txt": "diff shop.json shop-again.json --allow-uncovered",
    "diff-one.txt": f"{_DIFF} --operation lose --operation 'fetchMore'",
    "msw": "export all.json --to msw -o msw --sample 50",
    "wiremock": "export all.json --to wiremock -o wiremock --sample 50",
    "har": f"export all.json --to har -o har --sample 12 {_URL}",
    "msw.txt": "export all.json --to msw -o all-msw",
    "wiremock.txt": "export all.json --to wiremock -o all-wiremock",
    "har.txt": f"export all.json --to har -o all-har --operation lose {_URL}/lose?full=1",
}
"""The command line for each kept file; a command that writes no such file is kept with all it prints."""


def outputs() -> Iterator[tuple[str, str]]:
    """Run every command line; yield the name of each kept file, and its content."""
    endings = []
    with scene() as (call, folder):
        for name, line in LINES.items():
            ended = call(line)
            endings.append(f"{name}: exit code {ended.code}\n")
            endings += [f"  2> {each}\n" for each in ended.err.splitlines()]
            written = folder / name
            if written.is_dir():
                for each in sorted(path for path in written.rglob("*") if path.is_file()):
                    yield f"{name}/{each.relative_to(written)}", _stable(each.read_text(), folder)
            elif written.exists():
                yield name, _stable(written.read_text(), folder)
            else:
                yield name, _stable(ended.out, folder)
    yield "endings.txt", _stable("".join(endings), folder)


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
        for name, bad in BAD_FILES.items():
            Path(name).write_text(bad if isinstance(bad, str) else json.dumps(bad))
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
