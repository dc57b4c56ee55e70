"""Generate the league's clients, serve every document's mutants to them, and write the results.

The page is LEAGUE.md, and its picture is league.svg.

Usage: python -m benchmarks.league [CLIENT ...]

If clients are specified, only these are measured; the other clients' results are read from .build/league.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from benchmarks.corpus.documents import ROOT

from .checked import read_cases
from .choosing import BUILT
from .documents import DOCUMENTS, write_documents
from .generators import GENERATORS, Generator
from .playing import play
from .report import bars, markdown
from .results import load, save
from .versions import pinned

RESULTS = BUILT / "results"
_AT_A_TIME = 2


def main(names: list[str]) -> int:
    """Run the command and return its exit code."""
    known = [each.id for each in GENERATORS]
    if unknown := [name for name in names if name not in known]:
        sys.stderr.write(f"There is no client {unknown[0]}. Choose from: {', '.join(known)}\n")
        return 2
    os.chdir(ROOT)  # the worker imports the handwritten client from the working directory
    _copy_scripts()
    write_documents()
    chosen = [each for each in GENERATORS if not names or each.id in names]
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        played = [pool.submit(_play, generator, document) for document in DOCUMENTS for generator in chosen]
        for each in played:
            sys.stderr.write(f"{each.result()}\n")
    results = [load(RESULTS, each, document) for each in known for document in DOCUMENTS]
    page, unchecked = markdown(results, read_cases(), pinned())
    (ROOT / "benchmarks" / "LEAGUE.md").write_text(page, encoding="utf-8")
    (ROOT / "benchmarks" / "league.svg").write_text(bars(results), encoding="utf-8")
    for line in unchecked:
        sys.stderr.write(f"Not checked by hand: {line}\n")
    return 1 if unchecked else 0


def _play(generator: Generator, document: str) -> str:
    """Measure a client on a document, save the result, and return one line about it."""
    result = play(generator, document)
    save(result, RESULTS)
    counts = Counter(row.verdict for row in result.rows)
    said = result.trouble or ", ".join(f"{count:,} {verdict}" for verdict, count in counts.most_common())
    return f"{generator.id}, {document}: {said}"


def _copy_scripts() -> None:
    for script in (ROOT / "benchmarks" / "league" / "node").glob("*.mjs"):
        shutil.copy(script, BUILT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
