"""Runs `contract-kit mutants` on a document, and then validates the derived bodies."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .documents import BUILT, WEBHOOKS, Document
from .limited import run
from .results import Result, keywords_of, reason_of

SAMPLE = 500
"""The maximum number of mutants per document."""
JUDGED = 45
"""The maximum number of bodies per document to judge."""
_KIT = Path(sys.executable).parent / "contract-kit"


def measure(document: Document) -> Result:
    """Run the kit on a document, within the limits; return the result."""
    folder = BUILT / "runs" / document.name
    folder.mkdir(parents=True, exist_ok=True)
    output, errors = folder / "mutants.jsonl", folder / "errors.txt"
    command = [str(_KIT), "mutants", str(document.path), "--sample", str(SAMPLE), "--jsonl"]
    command += ["--webhooks"] * (document.provider == WEBHOOKS)
    ended = run(command, output, errors)
    if ended.code:
        said = errors.read_text(encoding="utf-8", errors="replace")
        reason = reason_of(ended, said, str(document.path))
        return Result(document.name, ended.seconds, ended.megabytes, reason=reason)
    with output.open(encoding="utf-8") as lines:
        keywords, skipped = keywords_of(map(json.loads, lines))
    if not keywords:
        reason = reason_of(ended, "", str(document.path), skipped)
        return Result(document.name, ended.seconds, ended.megabytes, reason=reason)
    judged, wrong, trouble = _judge(document, output)
    output.unlink()  # the bodies for all documents add up to gigabytes
    return Result(document.name, ended.seconds, ended.megabytes, keywords, "", judged, wrong, trouble)


def _judge(document: Document, mutants: Path) -> tuple[int, tuple[str, ...], str]:
    """Return how many bodies were judged, the ids of wrong mutants, and why the judge failed (if it did)."""
    output, errors = mutants.with_name("judged.json"), mutants.with_name("judge-errors.txt")
    command = (
        sys.executable,
        "-m",
        "benchmarks.corpus.judging",
        str(document.path),
        str(mutants),
        str(JUDGED),
    )
    ended = run(command, output, errors)
    if ended.code:
        said = errors.read_text(encoding="utf-8", errors="replace")
        return 0, (), reason_of(ended, said, str(document.path))
    said_by_judge = json.loads(output.read_bytes())
    return said_by_judge["judged"], tuple(said_by_judge["wrong"]), ""
