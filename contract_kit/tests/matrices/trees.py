"""Tables of values that clients return or servers send: how they are parsed, and where two values differ."""

from collections.abc import Iterable, Iterator

from contract_kit.judge.trees import differences, returned_value, sent_value, written
from contract_kit.read.paths import json_path

from .texts import Case, unescaped


def values(cases: Iterable[Case]) -> Iterator[str]:
    """Yield what a text means as a client's result and, if this differs, as a body; and how it is shown."""
    for case in cases:
        data = unescaped(case.text)
        returned, sent = returned_value(data.decode(errors="replace")), sent_value(data)
        also = f"; in a body {sent!a}" if repr(sent) != repr(returned) else ""
        yield f"{returned!a}, shown as {written(returned)!a}{also}"


def compared(cases: Iterable[Case]) -> Iterator[str]:
    """Yield the differences between two values: `BEFORE -> AFTER`."""
    for case in cases:
        before, after = (returned_value(unescaped(each).decode()) for each in case.text.split(" -> "))
        found = differences(before, after)
        rows = (f"{json_path(each.path)}: {written(each.before)} -> {written(each.after)}" for each in found)
        yield "\n".join(rows) or "equal"
