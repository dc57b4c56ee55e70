"""Each command's message for wrong usage and bad input: one line, which starts with the exit code.

The lines below it list other output. After wrong usage, they also list changed files and sent requests.
"""

from collections.abc import Iterator
from unittest.mock import patch

from bluejay_contract.stub import Answer
from bluejay_results.cli.exit_codes import ExitCode

from .layout import FOLDER, printable
from .scene import Scene, scene

TEXT = FOLDER / "refusals.txt"
"""Only this text contains the command lines. To add one, add `0 LINE =>` and run `make findings`."""


def refusals() -> Iterator[str]:
    """Yield the exit code, the command line and the command's message."""
    cases = [each for each in TEXT.read_text().splitlines() if not each.startswith("  ")]
    with scene() as run:
        (run.folder / "view.json").write_bytes(run("bluejay-results show passed.json --json").out)
        for case in cases:
            line = case.partition(" ")[2].partition(" =>")[0]
            yield from _said(run, line.encode().decode("unicode_escape"))


SLEEP, QUEUE = "bluejay_results.Clock.sleep", "bluejay_results.BluejayClient.queue"
INTERRUPTED = (
    ("between polls", SLEEP, "bluejay-results wait 48214"),
    ("after queueing", SLEEP, "bluejay-results gate --queue 733"),
    ("while queueing", QUEUE, "bluejay-results queue 733"),
)
"""Cases of Ctrl-C: when it is pressed, which function raises KeyboardInterrupt, and the command line."""


def accidents() -> Iterator[str]:
    """Yield the commands' messages for Ctrl-C, too little memory, and runs that might have been queued."""
    with scene() as run:
        for when, function, line in INTERRUPTED:
            with patch(function, side_effect=KeyboardInterrupt):
                yield from _said(run, line, f"Ctrl-C {when}: ")
        with patch("bluejay_results.cli.source.bounded", side_effect=MemoryError):
            yield from _said(run, "bluejay-results show passed.json", "too little memory: ")
        for status, body in ((503, b""), (200, b"<html>")):
            run.stub.serve_queue(Answer(body, status))
            yield from _said(run, "bluejay-results queue 731", f"{status}: ")


def _said(run: Scene, line: str, when: str = "") -> Iterator[str]:
    before = run.files()
    sent = len(run.stub.requests)
    ended = run(line)
    *others, last = ended.errors or [""]
    yield printable(f"{ended.code} {when}{line} => {last.partition(': ')[2]}")
    yield from (f"  also on stderr: {printable(each)}" for each in others)
    yield from (f"  on stdout: {printable(each)}" for each in ended.lines)
    if ended.code == ExitCode.USAGE:  # it should change nothing and send nothing
        yield from (
            f"  changed {name}" for name in sorted({name for name, _ in before.items() ^ run.files().items()})
        )
        yield from (f"  sent {each.method} {each.path}" for each in run.stub.requests[sent:])
