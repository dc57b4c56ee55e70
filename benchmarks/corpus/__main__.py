"""Derive mutants from every document in the corpus, validate some of the bodies, and write CORPUS.md.

Usage: python -m benchmarks.corpus [--tenth N] [NAME ...]

Continues the last run if neither the kit nor the corpus has changed. With --tenth or names, only these
documents are tried, and the report is printed instead of written.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

from .documents import BUILT, PACKAGE, ROOT, digest, documents, version
from .measuring import measure
from .report import failures, markdown
from .results import append, load

_AT_A_TIME = 2


def main(arguments: list[str]) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus")
    parser.add_argument(
        "--tenth", type=int, metavar="N", help="a tenth of the documents: the last digit of N"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these documents")
    options = parser.parse_args(arguments)
    os.chdir(ROOT)  # child processes import this package from the working directory
    chosen = documents(BUILT / "node_modules" / PACKAGE / "api", options.tenth)
    if options.names:
        chosen = [each for each in chosen if each.name in options.names]
    if not chosen:
        sys.stderr.write("There is no document with such a name.\n")
        return 2
    file = BUILT / f"results-{digest()}.jsonl"
    done = {each.name: each for each in load(file)}
    left = [each for each in chosen if each.name not in done]
    pool = ThreadPoolExecutor(_AT_A_TIME)
    try:
        for number, future in enumerate(as_completed([pool.submit(measure, each) for each in left]), 1):
            result = future.result()
            append(result, file)
            done[result.name] = result
            said = result.reason or f"{sum(result.keywords.values()):,} mutants"
            sys.stderr.write(f"{number:,} of {len(left):,}: {result.name}: {said}\n")
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl-C waits only for the documents that are being tried
    results = [done[each.name] for each in chosen]
    report = markdown(results, version())
    if options.tenth is None and not options.names:
        (ROOT / "benchmarks" / "CORPUS.md").write_text(report, encoding="utf-8")
    else:
        sys.stdout.write(report)
    for line in (found := failures(results)):
        sys.stderr.write(f"{line}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
