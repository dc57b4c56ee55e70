"""Mutate our own code and see that its tests notice; no part of `make test`.

mutmut does the mutating. It wants one folder of sources and passes over every function with a decorator, so
it works on a copy in `.build/mutation`: the packages lie side by side in `src`, and decorators are applied
by a call, so that `@property def id` is `def id` and `id = property(id)`.

What survives must be in `survivors.toml` with a reason. It is known by the lines that it changes: mutmut's
own numbers move with every edit. An entry without lines stands for all mutants of its function.

A run stops after some minutes. As long as neither the code nor a test has changed, the next run keeps its
results and goes on with the mutants that are left.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
STAGE = ROOT / ".build" / "mutation"
DIGEST = STAGE / "digest"
"""Names the state of the code and the tests that the results in the copy belong to."""
ROOTS = ("generated", "overlay", "contract_tests")
MUTATED = STAGE / "mutants" / "src"
SURVIVORS = Path(__file__).with_name("survivors.toml")
GOAL = 90.0
KINDS = ("equivalent", "untested")
KEPT_DECORATORS = frozenset({"classmethod", "staticmethod"})
KILLED = frozenset({1, 3, 24, -24, 152, 255, -9, -11})
"""mutmut's codes for a test that failed, and for a mutant that was stopped since it never came to an end."""

CONFTEST = """
import json, os, pathlib

STATS = pathlib.Path(__file__).with_name("mutmut-stats.json")


def pytest_collection_modifyitems(items):
    for item in items:
        item._nodeid = item.nodeid  # mutmut 3.8 reads what pytest 9.2 no longer has
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        del os.environ["MUTANT_UNDER_TEST"]  # programs that tests start fail at it; mutmut remembers it
    if STATS.exists():  # the fast tests first: most mutants need no other
        seconds = json.loads(STATS.read_text())["duration_by_test"]
        items.sort(key=lambda item: seconds.get(item.nodeid, 0))
"""


@frozen
class Change:
    """What a mutant does, in words that an edit elsewhere leaves as they are.

    Attributes:
        function: Its dotted module, a colon and its dotted name.
        before: The lines that it replaces.
        after: The lines that stand there instead.
    """

    function: str
    before: str
    after: str

    @property
    def module(self) -> str:
        """The dotted module."""
        return self.function.partition(":")[0]

    def __str__(self) -> str:
        fields = {"function": f'"{self.function}"', "before": f"'''{self.before}'''"}
        fields["after"] = f"'''{self.after}'''"
        return "\n".join(["[[survivor]]", *(f"{name} = {value}" for name, value in fields.items())])


@frozen
class Mutant:
    """One mutant, and whether its tests noticed."""

    change: Change
    is_killed: bool


def main() -> int:
    """Run the command; return 0, or 1 on a score below the goal or a list that is not what survived."""
    parser = argparse.ArgumentParser(prog="mutate", description="Mutate our own code and run its tests.")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="default: one a core")
    parser.add_argument("--minutes", type=float, default=20, help="when to stop (default: 20)")
    parser.add_argument("names", nargs="*", help="by mutmut's names, such as 'bluejay_results.results.run*'")
    arguments = parser.parse_args()
    stage()
    workers = ["--max-children", str(arguments.workers)]
    if code := _mutmut(arguments.minutes * 60, "run", *workers, *arguments.names):
        sys.stderr.write(f"mutmut failed; {STAGE / 'mutmut.log'} says why.\n")
        return code
    found, left = mutants()
    return report(found, listed(), left)


def stage() -> None:
    """Lay out a copy of the checkout for mutmut; keep the copy, and its results, if nothing has changed."""
    packages = [*ROOT.glob("[gco]*/bluejay_*/"), ROOT / "contract_tests" / "contract_kit"]
    files = [ROOT / "openapi.yaml", ROOT / "pyproject.toml"]
    digest = _digest([*packages, ROOT / "contract_tests" / "tests", *files])
    if DIGEST.exists() and DIGEST.read_text() == digest:
        return
    shutil.rmtree(STAGE, ignore_errors=True)
    MUTATED.mkdir(parents=True)  # a folder that isn't there when Python starts is never looked into
    for package in packages:
        shutil.copytree(package, STAGE / "src" / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "contract_tests" / "tests", STAGE / "contract_tests" / "tests")
    for path in files:
        shutil.copy(path, STAGE)
    (STAGE / "conftest.py").write_text(CONFTEST)
    for path in (STAGE / "src").rglob("*.py"):
        path.write_text(undecorated(path.read_text()))
    DIGEST.write_text(digest)


def _digest(paths: Iterable[Path]) -> str:
    """Return a text that changes with the content of any of these files and folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(ROOT)} {file.stat().st_size} ".encode() + file.read_bytes())
    return digest.hexdigest()


def _mutmut(seconds: float, *arguments: str) -> int:
    """Run mutmut, and stop it after so many seconds as Ctrl-C does; return its exit code, 0 if stopped."""
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    environment = os.environ | {"PYTHONPATH": str(MUTATED)}  # for tests that start a process of their own
    with (STAGE / "mutmut.log").open("wb") as log:
        output = None if sys.stdout.isatty() else log
        with subprocess.Popen(command, cwd=STAGE, env=environment, stdout=output) as mutmut:  # noqa: S603 - ours
            try:
                return mutmut.wait(seconds)
            except subprocess.TimeoutExpired:
                mutmut.send_signal(signal.SIGINT)
                mutmut.wait()
                return 0


def undecorated(source: str) -> str:
    """Return a module with the decorators of its functions and methods turned into calls after them."""
    lines = source.splitlines()
    for function in sorted(_functions(ast.parse(source)), key=lambda each: -each.lineno):
        decorators = [ast.unparse(each) for each in function.decorator_list]
        if not decorators or KEPT_DECORATORS & set(decorators):
            continue
        if any(each.endswith(".setter") for each in decorators):  # its name hides the property
            continue
        value = function.name
        for decorator in reversed(decorators):
            value = f"{decorator}({value})"
        lines.insert(function.end_lineno or 0, f"{' ' * function.col_offset}{function.name} = {value}")
        del lines[function.decorator_list[0].lineno - 1 : function.lineno - 1]
    return "\n".join(lines) + "\n"


def mutants() -> tuple[list[Mutant], int]:
    """Return what mutmut has found out, in this run and before, and how many mutants are left."""
    found: list[Mutant] = []
    left = 0
    for meta in sorted(MUTATED.rglob("*.py.meta")):
        path = meta.with_suffix("")
        source = path.read_text()
        lines = source.splitlines()  # ast.get_source_segment would split them again for each mutant
        sources = {
            each.name: "\n".join(lines[each.lineno - 1 : each.end_lineno])
            for each in _functions(ast.parse(source))
        }
        module = ".".join(path.relative_to(MUTATED).with_suffix("").parts).removesuffix(".__init__")
        for name, code in json.loads(meta.read_text())["exit_code_by_key"].items():
            if code is None:
                left += 1
                continue
            mutant = name.rpartition(".")[2]
            original = f"{mutant.rpartition('__mutmut_')[0]}__mutmut_orig"
            readable = original.removesuffix("__mutmut_orig")[2:].replace("ǁ", ".")
            before, after = _changed(sources[original], sources[mutant])
            found.append(Mutant(Change(f"{module}:{readable}", before, after), code in KILLED))
    return found, left


def listed() -> dict[Change, str]:
    """Return the survivors that are known, each with its kind."""
    entries = tomllib.loads(SURVIVORS.read_text()).get("survivor", [])
    for entry in entries:
        if entry["kind"] not in KINDS or not entry["reason"].strip():
            raise SystemExit(
                f"{SURVIVORS.name}: {entry['function']} has no reason, or a kind not in {KINDS}."
            )
    return {
        Change(each["function"], each.get("before", ""), each.get("after", "")): each["kind"]
        for each in entries
    }


def gone(known: Iterable[Change]) -> list[Change]:
    """Return the survivors that name a function, or lines of it, that the checkout doesn't have."""
    return [
        each
        for each in known
        if not (lines := _lines_of(each.function)) or not set(each.before.splitlines()) <= lines
    ]


def _lines_of(function: str) -> set[str]:
    """Return the lines of a function, without its name and without indents; none if it isn't there."""
    module, _, name = function.partition(":")
    *holder, own = name.split(".")
    paths = [
        ROOT / root / f"{module.replace('.', '/')}{end}" for root in ROOTS for end in (".py", "/__init__.py")
    ]
    for path in filter(Path.is_file, paths):
        source = path.read_text()
        tree = ast.parse(source)
        classes = [each for each in tree.body if isinstance(each, ast.ClassDef) and [each.name] == holder]
        for each in (classes[0].body if classes else tree.body) if bool(holder) == bool(classes) else ():
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name == own:
                return {line.strip() for line in _body(ast.get_source_segment(source, each) or "")}
    return set()


def report(found: list[Mutant], known: dict[Change, str], left: int = 0) -> int:
    """Print the table by module and what is wrong; return 0 when nothing is.

    Args:
        found: What became of each mutant so far.
        known: The survivors that are listed.
        left: How many mutants have not been tried yet.
    """
    if not found:
        sys.stdout.write(f"No mutant was tried in time; {left} are left. Run it again, or raise --minutes.\n")
        return 1
    survivors = {each.change for each in found if not each.is_killed}
    unlisted = {each for each in survivors if _kind(each, known) is None}
    sys.stdout.write("\n".join(["", *_table(found, known), ""]))
    score = 100 * sum(each.is_killed for each in found) / len(found)
    faults = [f"{change}\nkind = \nreason = \n" for change in sorted(unlisted, key=str)]
    if faults:
        faults.insert(0, f"Survivors that {SURVIVORS.name} doesn't list: {len(faults)}. Kill or list them.\n")
    if left:
        sys.stdout.write(f"Mutants that are left: {left}. The next run goes on with them.\n")
    else:
        faults += [
            f"Listed, and no survivor any more; delete it:\n{each}\n"
            for each in known
            if each not in survivors and (each.before or each.after)
        ]
    if score < GOAL:
        faults.append(f"The score is {score:.1f} %, below {GOAL:.0f} %.")
    sys.stdout.writelines(f"\n{fault}" for fault in faults)
    return 1 if faults else 0


def _kind(survivor: Change, known: dict[Change, str]) -> str | None:
    """Return the kind of the entry that lists a survivor, or all mutants of its function."""
    return known.get(survivor) or known.get(Change(survivor.function, "", ""))


def _table(found: Iterable[Mutant], known: dict[Change, str]) -> Iterator[str]:
    counts: dict[str, Counter[str]] = {}
    for mutant in found:
        fate = "killed" if mutant.is_killed else _kind(mutant.change, known) or "unlisted"
        for row in (mutant.change.module, "all"):
            counts.setdefault(row, Counter())[fate] += 1
    columns = ("killed", *KINDS, "unlisted")
    yield f"{'module':40} mutants " + " ".join(f"{name:>10}" for name in columns) + "   score"
    for row, fates in sorted(counts.items(), key=lambda item: (item[0] == "all", item[0])):
        total = fates.total()
        cells = " ".join(f"{fates[name]:>10}" for name in columns)
        yield f"{row:40} {total:>7} {cells} {100 * fates['killed'] / total:>5.1f} %"


def _functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield functions and methods, not what is nested in them."""
    blocks = [module.body, *(each.body for each in module.body if isinstance(each, ast.ClassDef))]
    for each in (statement for block in blocks for statement in block):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            yield each


def _changed(before: str, after: str) -> tuple[str, str]:
    """Return the lines that differ, below the first, which holds the function's name."""
    sides: dict[str, list[str]] = {"-": [], "+": []}
    for line in difflib.ndiff(_body(before), _body(after)):
        if line[0] in sides:
            sides[line[0]].append(line[1:].strip())
    return "\n".join(sides["-"]), "\n".join(sides["+"])


def _body(function: str) -> list[str]:
    first, *rest = function.splitlines()
    return [first.partition("(")[2], *rest]


if __name__ == "__main__":
    sys.exit(main())
