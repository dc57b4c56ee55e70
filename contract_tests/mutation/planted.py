"""Plants the bugs in `bugs/`, one at a time, and prints whether a test finds each of them.

Each patch starts with a header: what a user would get, and the test that finds the bug. This test runs
first. If it passes or no longer exists, the whole suite runs, and the test that fails replaces the one in the
header.

The bugs are planted in clones of the checkout in `.build/planted`, one for each worker. A clone has
environments of its own, so every process that a test starts imports the clone and not the checkout.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from attrs import evolve, frozen

ROOT = Path(__file__).parents[2]
BUGS = Path(__file__).with_name("bugs")
STAGE = ROOT / ".build" / "planted"
NOTHING = "nothing"
"""What the header names if no test finds the bug."""
EXTRAS = "contract_tests/tests/export/with_extras"
SUITES = (
    # The ignored test fails with every bug: a bug can't be planted twice.
    (
        "contract_tests/tests",
        "contract_tests/contract_kit/tests",
        "--ignore=contract_tests/tests/structure/test_planted_bugs.py",
        "-n",
        "2",
    ),
    (EXTRAS, "-n", "2"),
)
_HEADER = re.compile(r"What: (.+)\nFound by: (.+)\n\n")
_FAILED = re.compile(r"^(?:FAILED|ERROR) ([\w/.]+(?:::\w+)*)", re.MULTILINE)
# Python takes old bytecode for a file that was changed in the same second and kept its size.
_ENVIRONMENT = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}


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


@frozen
class Clone:
    """A clone of the checkout, in which one bug at a time is planted."""

    folder: Path

    @classmethod
    def of(cls, commit: str, folder: Path) -> Clone:
        """Check out a commit in a new or an old clone."""
        if not folder.exists():
            _run(ROOT, "git", "clone", "--quiet", "--shared", "--no-checkout", str(ROOT), str(folder))
        _run(folder, "git", "checkout", "--quiet", "--force", "--detach", commit)
        _run(folder, "make", "--silent", ".venv/.compiled", ".build/export/.ready")
        return cls(folder)

    def tried(self, bug: Bug) -> Bug:
        """Plant a bug, and return it with the test that finds it.

        Raises:
            SystemExit: A test failed that also fails without the bug.
        """
        _run(self.folder, "git", "apply", str(bug.patch))
        try:
            runs = (() if bug.found_by == NOTHING else ((bug.found_by,),)) + SUITES
            found_by = next(filter(None, map(self.failed, runs)), NOTHING)
        finally:
            _run(self.folder, "git", "checkout", "--quiet", "--force")
            _run(self.folder, "git", "clean", "--quiet", "--force", "-d")
        if found_by not in (bug.found_by, NOTHING):
            self.check((found_by,))
        return evolve(bug, found_by=found_by)

    def check(self, tests: tuple[str, ...]) -> None:
        """Raise SystemExit if one of these tests fails."""
        if failed := self.failed(tests):
            raise SystemExit(f"{failed} fails without a bug.")

    def failed(self, tests: tuple[str, ...]) -> str:
        """Run tests until one fails, and return its name; return an empty string if none fails."""
        pytest = ".build/export/bin/pytest" if tests[0].startswith(EXTRAS) else ".venv/bin/pytest"
        command = [pytest, "-q", "-x", "-p", "no:cacheprovider", *tests]
        ended = subprocess.run(  # noqa: S603 - ours
            command, cwd=self.folder, env=_ENVIRONMENT, capture_output=True, text=True, check=False
        )
        found = _FAILED.search(ended.stdout)
        # A test that hangs ends pytest before it can print which test failed.
        return found[1] if found else tests[0] if ended.returncode == 1 else ""


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
    found = []
    with ThreadPoolExecutor(arguments.workers) as pool:
        folders = [STAGE / str(number) for number in range(arguments.workers)]
        idle = SimpleQueue[Clone]()
        for clone in pool.map(partial(Clone.of, _commit()), folders):
            idle.put(clone)
        _check(clone, bugs)
        for bug in pool.map(partial(_tried, idle), bugs):
            found.append(bug)
            lived = bug.found_by == NOTHING
            sys.stdout.write(f"{'lived' if lived else 'found'} {bug.patch.stem}: {bug.found_by}\n")
            sys.stdout.flush()
            bug.save()
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
        _run(clone.folder, "git", "apply", "--check", str(each.patch))
    cited = sorted({each.found_by for each in bugs if each.is_test_there})
    for are_extra in (False, True):
        tests = tuple(each for each in cited if each.startswith(EXTRAS) is are_extra)
        if tests:
            clone.check((*tests, "-n", "2"))


def _tried(idle: SimpleQueue[Clone], bug: Bug) -> Bug:
    clone = idle.get()
    try:
        return clone.tried(bug)
    finally:
        idle.put(clone)


def _commit() -> str:
    """Return a commit of the tracked files as they are now."""
    identity = ("-c", "user.name=planted", "-c", "user.email=planted@localhost")
    return _run(ROOT, "git", *identity, "stash", "create") or _run(ROOT, "git", "rev-parse", "HEAD")


def _run(folder: Path, *command: str) -> str:
    """Run a program and return its output; raise SystemExit with its command and errors if it fails."""
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if ended.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{ended.stderr}")
    return ended.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
