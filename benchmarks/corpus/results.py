"""The result for each document, appended to a file so that an interrupted run can be continued."""

from __future__ import annotations

import json
import re
import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from .limited import BYTES, SECONDS, Ended

TRACEBACK = "traceback"
_NO_MEMORY = ("MemoryError", "memory allocation of", "Cannot allocate memory")
_LONGEST = 150


@frozen
class Result:
    """What the kit did with a document.

    Attributes:
        name: The name of the document.
        seconds: The kit's CPU time.
        megabytes: The kit's peak memory.
        keywords: The number of mutants by keyword; empty if there are none.
        reason: Why there are no mutants; empty if there are some.
        judged: How many bodies were judged against the original document.
        wrong: The ids of the mutants about whose validity the kit and the validator disagree.
        judge: Why the judge stopped early; empty if it did not stop early.
    """

    name: str
    seconds: float
    megabytes: float
    keywords: Mapping[str, int] = field(factory=dict[str, int])
    reason: str = ""
    judged: int = 0
    wrong: tuple[str, ...] = ()
    judge: str = ""


def keywords_of(lines: Iterable[Mapping[str, Any]]) -> tuple[Counter[str], Counter[str]]:
    """Count the mutants by keyword, and the skipped parts of the document by reason.

    Args:
        lines: The output of `contract-kit mutants --jsonl`.
    """
    keywords: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for line in lines:
        if "skipped" in line:
            skipped[line["reason"]] += line["count"]
        else:
            keywords[line["group"]] += 1
    return keywords, skipped


def reason_of(ended: Ended, errors: str, path: str, skipped: Counter[str] | None = None) -> str:
    """Return one line that explains why the kit derived no mutants, or why it failed.

    Args:
        ended: How the kit ended.
        errors: What the kit printed to stderr.
        path: The path of the document, which is left out of the reason.
        skipped: The skipped parts of the document, by reason.
    """
    *_, last = errors.strip().splitlines() or [""]
    if any(each in errors for each in _NO_MEMORY):
        return f"over {BYTES / 1e9:g} GB"
    if "Traceback (most recent call last)" in errors:
        return f"{TRACEBACK}: {last.partition(':')[0]}"
    if ended.code == -signal.SIGXCPU:
        return f"over {SECONDS} s"
    if ended.code < 0:
        return signal.Signals(-ended.code).name
    if ended.code == 0:
        return skipped.most_common(1)[0][0] if skipped else "no mutants, and no reason"
    said = re.sub(r"^contract-kit: ", "", last).replace(path, "").strip()
    said = re.sub(
        r"that matches .*", "that matches a pattern.", said
    )  # the pattern is text from the document
    return said[:_LONGEST] or f"exit code {ended.code}, and no reason"


def append(result: Result, file: Path) -> None:
    """Append a result to a file."""
    with file.open("a", encoding="utf-8") as stream:
        stream.write(f"{json.dumps(asdict(result))}\n")


def load(file: Path) -> Iterator[Result]:
    """Yield the results in a file; skip a line that an interrupted run wrote only partly."""
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        try:
            saved = json.loads(line)
        except ValueError:
            continue
        yield Result(**saved | {"wrong": tuple(saved["wrong"])})
