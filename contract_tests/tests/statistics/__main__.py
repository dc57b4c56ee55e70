"""Simulates the definitions and writes benchmarks/STATISTICS.md: `make simulate REPEATS=1000`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from .figures import share_that_ships, stated_figures
from .targets import targets

REPORT = Path(__file__).parents[3] / "benchmarks" / "STATISTICS.md"
HEAD = """\
# Statistics

`make simulate` writes this page. It simulates runs of callers with known pass rates, with fixed random
seeds, and counts how often intervals contain the true value, and how often verdicts are right. The rules are
those of [the definitions](../docs/definitions.md), written for many runs at once; tests check that they agree
with the package. "In every case" means the worst case: each case is drawn {repeats:,} times or more, and the
worst 20 cases again, ten times as often. Some figures are exact: they sum the probabilities of all possible
runs. A row that starts with "also" is about runs that the target doesn't name.

The pass rates of callers are drawn in seven ways. In all of them, the mean rate of many callers is the same.
Callers are alike; or they differ a little, differ, or differ very much (beta distributions, in which two
conversations of one caller have a correlation of 0.05, 0.3 and 0.7); or each of them always or never passes;
or some never pass, and the others are alike; or half of them always pass, and the others are alike.

## The targets

| figure | target | measured |
|---|---|---|
"""


SHIPS = (
    "## Runs that ship\n",
    "How often a run ships with `--confident` and a minimum of 80 %, by the agent's true pass rate. The",
    "callers are alike and are called once each. The shares are exact. docs/gate.md quotes the table.\n",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate everything, write and print the report, and return 1 if a target is missed."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--repeats", type=int, default=1000)
    repeats = parser.parse_args(arguments).repeats
    found = list(targets(repeats))
    lines = [*(each.row() for each in found), "", *stated_figures(repeats), "", *SHIPS, *share_that_ships()]
    report = HEAD.format(repeats=repeats) + "\n".join(lines) + "\n"
    REPORT.write_text(report)
    print(report)  # noqa: T201 - this is a command
    return int(any(each.is_missed for each in found))


if __name__ == "__main__":
    raise SystemExit(main())
