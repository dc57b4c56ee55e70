"""Tries a random sample of small changes of our own code and data tables; prints the share that tests find.

A change is tried with the test files that reach its line. For a line that runs when its module is imported,
such as a row of a table, these are the files that reach any line of the module or of a module that uses it.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain, islice, zip_longest
from pathlib import Path

import coverage
from attrs import frozen

from .changes import Change, changes
from .clones import EXTRAS, ROOT, STAGE, Clone, commit_of_now, in_clones, run

PACKAGES = {
    "bluejay_results": ROOT / "overlay" / "bluejay_results",
    "bluejay_contract": ROOT / "contract_tests" / "bluejay_contract",
    "contract_kit": ROOT / "contract_kit",
    "codegen": ROOT / "generated" / "bluejay_api",
}
GENERATED = ("api", "models")
"""Folders of the generated code that no hand writes."""
SECONDS = 300
"""A test that a change has made endless is stopped after this time, and the change counts as found."""
REACHED = STAGE / "reached"


@frozen
class Reached:
    """The test files that reach each line of each file, and each file at all."""

    lines: dict[str, dict[int, set[str]]]

    @classmethod
    def read(cls) -> Reached:
        """Read what `coverage` recorded."""
        data = coverage.CoverageData(str(REACHED))
        data.read()
        root = f"{Path.cwd()}/" if not REACHED.exists() else f"{STAGE / '0'}/"
        lines = defaultdict[str, dict[int, set[str]]](dict)
        for path in data.measured_files():
            found = data.contexts_by_lineno(path)
            lines[path.removeprefix(root)] = {
                line: {one for each in contexts for one in each.split("|") if one.endswith(".py")}
                for line, contexts in found.items()
            }
        return cls(dict(lines))

    def by(self, change: Change) -> list[str]:
        """Return the test files that reach a change, those that reach little first."""
        path, extra = str(change.path), [EXTRAS] if "export" in change.path.parts else []
        found = self.lines.get(path, {}).get(change.line, set())
        if change.path.suffix != ".py" or len(found) <= 1:  # it ran when somebody imported the module
            places = [path, *(each for each in self.lines if _uses(ROOT / each, change.path))]
            found = {file for each in places for files in self.lines.get(each, {}).values() for file in files}
        reach = Counter(file for lines in self.lines.values() for files in lines.values() for file in files)
        return [*sorted(found, key=lambda each: reach[each]), *extra]


def _uses(module: Path, table: Path) -> bool:
    text = module.read_text()
    return table.name in text if table.suffix != ".py" else f".{table.stem} import" in text


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="mutate", description="Change our own code and run its tests.")
    parser.add_argument("--sample", type=int, default=500, help="the number of changes (default: 500)")
    parser.add_argument("--seed", type=int, default=1, help="chooses the sample (default: 1)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="default: one per core")
    arguments = parser.parse_args()
    everything = list(chain.from_iterable(changes(ROOT, each) for each in files()))
    sample = chosen(everything, arguments.sample, random.Random(arguments.seed))  # noqa: S311 - the same each time is the point
    measure()
    reached, tried = Reached.read(), list[tuple[Change, str]]()

    def work(clone: Clone, change: Change) -> str:
        change.apply(clone.folder)
        tests = reached.by(change)
        runs = [[each for each in tests if (each == EXTRAS) is is_extra] for is_extra in (False, True)]
        return next((name for each in runs if each and (name := clone.failed(*each, timeout=SECONDS))), "")

    for change, found_by in in_clones(arguments.workers, sample, work):
        tried.append((change, found_by))
        sys.stdout.write(f"{found_by.partition('::')[0] or 'LIVED'}: {change.shown(ROOT)}\n")
        sys.stdout.flush()
    sys.stdout.writelines(f"{line}\n" for line in report(tried, len(everything)))
    return 0


def files() -> Iterator[Path]:
    """Yield the hand-written modules and data tables of all packages."""
    for package in PACKAGES.values():
        for each in sorted([*package.rglob("*.py"), *package.rglob("*.toml")]):
            inside = each.relative_to(package).parts
            if inside[0] not in {"tests", *GENERATED} and inside != ("pyproject.toml",):
                yield each.relative_to(ROOT)


def chosen(everything: list[Change], number: int, by: random.Random) -> list[Change]:
    """Return a sample in which each package and each kind of change has nearly the same number."""
    groups = defaultdict[tuple[str, ...], list[Change]](list)
    for each in by.sample(everything, len(everything)):
        groups[(*each.path.parts[:2], each.kind)].append(each)
    turns = chain.from_iterable(zip_longest(*groups.values()))
    return list(islice((each for each in turns if each), number))


def measure() -> None:
    """Record which test files reach which lines, unless that is known for these tracked files."""
    commit, known = commit_of_now(), REACHED.with_suffix(".commit")
    if known.exists() and known.read_text() == commit:
        return
    clone = Clone.of(commit, STAGE / "0")
    pytest = ("-m", "pytest", "-q", "-n", "2", "-p", "mutation.contexts")
    run(clone.folder, ".venv/bin/coverage", "run", *pytest)
    run(clone.folder, ".venv/bin/coverage", "combine", "-q")
    shutil.copy(clone.folder / ".build" / "coverage" / "data", REACHED)
    known.write_text(commit)


def report(tried: list[tuple[Change, str]], total: int) -> Iterator[str]:
    """Yield the share of the changes that tests found, for each package, each kind, and all."""
    groups = {"package": [each.path.parts[1] for each, _ in tried], "kind": [each.kind for each, _ in tried]}
    for name, keys in groups.items():
        yield f"By {name}:"
        found = Counter(key for key, (_, found_by) in zip(keys, tried, strict=True) if found_by)
        yield from (f"{found[key]:>5} of {number:>4} {key}" for key, number in sorted(Counter(keys).items()))
    number = sum(1 for _, found_by in tried if found_by)
    yield f"{number} of {len(tried)} found, chosen from {total}: {number / len(tried):.1%}"


if __name__ == "__main__":
    sys.exit(main())
