"""Plants the bugs in `bugs/`, one at a time, and prints whether a test finds each of them.

Each patch starts with a header: what a user would get, and the test that finds the bug. This test runs
first. If it passes or no longer exists, the whole suite runs, and the test that fails replaces the one in the
header.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from attrs import evolve, frozen

from .clones import EXTRAS, ROOT, STAGE, Clone, commit_of_now, in_clones, run

BUGS = Path(__file__).with_name("bugs")
NOTHING = "nothing"
"""What the header names if no test finds the bug."""
SUITES = (
    # The ignored test fails with every bug: a bug can't be planted twice.
    (
        "contract_tests/tests",
        "contract_kit/tests",
        "--ignore=contract_tests/tests/structure/test_planted_bugs.py",
        "-n",
        "2",
    ),
    (EXTRAS, "-n", "2"),
)
_HEADER = re.compile(r"What: (.+)\nFound by: (.+)\n\n")


@frozen
class Bug:
    """A planted bug.

    Attributes:
        patch: The file with the header and the change.
        what: What a user would get.
        found_by: The test that finds the bug, without parameters, or `nothing`.
    """

    patch: Path
    what: str
    found_by: str

    @classmethod
    def read(cls, patch: Path) -> Bug:
        """Read a patch; raise ValueError if it has no header."""
        if not (header := _HEADER.match(patch.read_text())):
            raise ValueError(f"{patch} must start with 'What:' and 'Found by:' lines, and an empty line.")
        return cls(patch, header[1], header[2])

    @property
    def mechanism(self) -> str:
        """The folder of the test that finds the bug."""
        folders = Path(self.found_by.partition("::")[0]).parent.parts
        return next((each for each in reversed(folders) if each != "tests"), "")

    @property
    def is_test_there(self) -> bool:
        """Whether the test that finds the bug exists."""
        file, name, *_ = [*self.found_by.split("::"), ""]
        defined = re.compile(rf"^(?:(?:async )?def|class) {name}\b|^{name} = ", re.MULTILINE)
        return (ROOT / file).is_file() and defined.search((ROOT / file).read_text()) is not None

    def save(self) -> None:
        """Replace the header of the patch."""
        change = self.patch.read_text().partition("\n\n")[2]
        self.patch.write_text(f"What: {self.what}\nFound by: {self.found_by}\n\n{change}")


def tried(clone: Clone, bug: Bug) -> str:
    """Plant a bug; return the test that finds it, or `nothing`.

    Raises:
        SystemExit: A test failed that also fails without the bug.
    """
    run(clone.folder, "git", "apply", str(bug.patch))
    runs = (() if bug.found_by == NOTHING else ((bug.found_by,),)) + SUITES
    found_by = next(filter(None, (clone.failed(*each) for each in runs)), NOTHING)
    clone.restore()
    if found_by not in (bug.found_by, NOTHING):
        check(clone, (found_by,))
    return found_by


def main() -> int:
    """Run the command; return 1 if no test finds one of the bugs."""
    parser = argparse.ArgumentParser(
        prog="planted", description="Plant bugs in our own code and run its tests."
    )
    parser.add_argument("bugs", nargs="*", metavar="NUMBER", help="such as 004; default: all bugs")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="default: one per core")
    arguments = parser.parse_args()
    patches = {each.name[:3]: each for each in sorted(BUGS.glob("*.patch"))}
    if unknown := set(arguments.bugs) - patches.keys():
        parser.error(f"there is no bug {min(unknown)} in {BUGS}")
    bugs = [Bug.read(patches[each]) for each in arguments.bugs or patches]
    clone = Clone.of(commit_of_now(), STAGE / "0")
    _check(clone, bugs)
    found = list[Bug]()
    for bug, found_by in in_clones(arguments.workers, bugs, tried):
        found.append(evolve(bug, found_by=found_by))
        lived = found_by == NOTHING
        sys.stdout.write(f"{'lived' if lived else 'found'} {bug.patch.stem}: {found_by}\n")
        sys.stdout.flush()
        found[-1].save()
    sys.stdout.writelines(f"{line}\n" for line in report(found))
    return int(any(each.found_by == NOTHING for each in found))


def report(bugs: list[Bug]) -> Iterator[str]:
    """Yield how many bugs the tests of each folder found, and how many were found at all."""
    found = Counter(each.mechanism for each in bugs if each.found_by != NOTHING)
    yield ""
    yield from (f"{number:>4} {mechanism}" for mechanism, number in found.most_common())
    yield f"{found.total()} of {len(bugs)} found"


def _check(clone: Clone, bugs: list[Bug]) -> None:
    """Raise SystemExit if a bug can't be planted, or if its test fails without the bug."""
    for each in bugs:
        run(clone.folder, "git", "apply", "--check", str(each.patch))
    cited = sorted({each.found_by for each in bugs if each.is_test_there})
    for are_extra in (False, True):
        tests = tuple(each for each in cited if each.startswith(EXTRAS) is are_extra)
        if tests:
            check(clone, (*tests, "-n", "2"))


def check(clone: Clone, tests: tuple[str, ...]) -> None:
    """Raise SystemExit if one of these tests fails."""
    if failed := clone.failed(*tests):
        raise SystemExit(f"{failed} fails without a bug.")


if __name__ == "__main__":
    sys.exit(main())
