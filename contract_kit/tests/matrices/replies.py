"""A table of what a worker writes, and how the kit reads it."""

import re
import time
from collections.abc import Iterable, Iterator
from typing import cast

from contract_kit.errors import KitError
from contract_kit.serve.workers import LONGEST, ClientProcess, Worker

from .texts import Case, unescaped

DEEP = "[" * 5000 + "]" * 5000
FILLED = {" .. ": LONGEST, " ... ": LONGEST + 1}
"""Texts that stand for so many letters that the line has this length."""


class Writing:
    """A fake process that writes these bytes in pieces, and then closes its stdout."""

    def __init__(self, data: bytes) -> None:
        self._pieces = [data[at : at + 65_536] for at in range(0, len(data), 65_536)]
        self.ends: list[float] = []
        self.sent = b""

    def send(self, data: bytes, end: float) -> None:
        self.sent += data
        self.ends.append(end)

    def receive(self, end: float) -> bytes:
        self.ends.append(end)
        return self._pieces.pop(0) if self._pieces else b""


def replies(cases: Iterable[Case]) -> Iterator[str]:
    """Yield how the kit reads a worker's first line, or its replies: `REPLY [, then REPLY]`."""
    for case in cases:
        text = case.text.replace("DEEP", DEEP).replace(" , then ", r"\n")
        for short, length in FILLED.items():
            text = text.replace(short, "x" * (length - len(text.partition(r"\n")[0]) + len(short)))
        process = Writing(unescaped(text) + b"\n" * (case.text != "(nothing)"))
        worker, before = Worker(cast("ClientProcess", process)), time.monotonic()
        try:
            if "first line" in case.group:
                worker.wait_until_ready(40)
                found = ["ready"]
            else:
                found = [f"{worker.ask({'url': 'u'}, 40)!a}" for _ in range(1 + (" , then " in case.text))]
        except (KitError, EOFError) as error:
            found = [f"{type(error).__name__}: {ascii(f'{error}')[1:-1]}"]
        assert all(each == process.ends[0] for each in process.ends if " , then " not in case.text)
        assert before + 40 <= process.ends[0] <= time.monotonic() + 40
        assert process.sent.startswith(b'{"id": 1, "url": "u"}\n') or "first line" in case.group
        yield re.sub("x{99,}", "...", "\n".join(found))
