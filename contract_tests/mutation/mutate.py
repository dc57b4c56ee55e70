"""Mutate our own code and see that its tests notice: for nights, no part of `make test`.

mutmut does the mutating. It wants one folder of sources and passes over every function with a decorator, so
it works on a copy in `.build/mutation`: the packages lie side by side in `src`, and decorators are applied
by a call, so that `@property def id` is `def id` and `id = property(id)`.

What survives must be in `survivors.toml` with a reason. It is known by the lines that it changes: mutmut's
own numbers move with every edit.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
STAGE = ROOT / ".build" / "mutation"
MUTATED = STAGE / "mutants" / "src"
SURVIVORS = Path(__file__).with_name("survivors.toml")
GOAL = 90.0
KINDS = ("equivalent", "untested")
KEPT_DECORATORS = frozenset({"classmethod", "staticmethod"})
KILLED = frozenset({1, 3, 24, -24, 152, 255, -9, -11})
"""mutmut's codes for a test that failed, and for a mutant that was stopped since it never came to an end."""

CONFTEST = """
import json, pathlib

STATS = pathlib.Path(__file__).with_name("mutmut-stats.json")


def pytest_collection_modifyitems(items):
    for item in items:
        item._nodeid = item.nodeid  # mutmut 3.8 reads what pytest 9.2 no longer has
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
    parser.add_argument("names", nargs="*", help="by mutmut's names, such as 'bluejay_results.results.run*'")
    arguments = parser.parse_args()
    stage()
    if code := _mutmut("run", "--max-children", str(arguments.workers), *arguments.names):
        sys.stderr.write(f"mutmut failed; {STAGE / 'mutmut.log'} says why.\n")
        return code
    return report(list(mutants()), listed(), is_whole=not arguments.names)


def stage() -> None:
    """Lay out a fresh copy of the checkout for mutmut."""
    shutil.rmtree(STAGE, ignore_errors=True)
    MUTATED.mkdir(parents=True)  # a folder that isn't there when Python starts is never looked into
    for package in (*ROOT.glob("[gco]*/bluejay_*/"), ROOT / "contract_tests" / "contract_kit"):
        shutil.copytree(package, STAGE / "src" / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "contract_tests" / "tests", STAGE / "contract_tests" / "tests")
    for name in ("openapi.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, STAGE)
    (STAGE / "conftest.py").write_text(CONFTEST)
    for path in (STAGE / "src").rglob("*.py"):
        path.write_text(undecorated(path.read_text()))


def _mutmut(*arguments: str) -> int:
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    environment = os.environ | {"PYTHONPATH": str(MUTATED)}  # for tests that start a process of their own
    with (STAGE / "mutmut.log").open("wb") as log:
        output = None if sys.stdout.isatty() else log
        return subprocess.run(command, cwd=STAGE, env=environment, stdout=output, check=False).returncode  # noqa: S603 - ours


def undecorated(source: str) -> str:
    """Return a module with the decorators of its functions and methods turned into calls after them."""
    lines = source.splitlines()
    for function in sorted(_functions(ast.parse(source)), key=lambda each: -each.lineno):
        decorators = [ast.unparse(each) for each in function.decorator_list]
        if not decorators or KEPT_DECORATORS & set(decorators):
            continue
        value = function.name
        for decorator in reversed(decorators):
            value = f"{decorator}({value})"
        lines.insert(function.end_lineno or 0, f"{' ' * function.col_offset}{function.name} = {value}")
        del lines[function.decorator_list[0].lineno - 1 : function.lineno - 1]
    return "\n".join(lines) + "\n"


def mutants() -> Iterator[Mutant]:
    """Yield what mutmut found out, read from the files that it leaves."""
    for meta in sorted(MUTATED.rglob("*.py.meta")):
        path = meta.with_suffix("")
        source = path.read_text()
        found = {
            each.name: ast.get_source_segment(source, each) or "" for each in _functions(ast.parse(source))
        }
        module = ".".join(path.relative_to(MUTATED).with_suffix("").parts).removesuffix(".__init__")
        for name, code in json.loads(meta.read_text())["exit_code_by_key"].items():
            if code is None:
                continue
            mutant = name.rpartition(".")[2]
            original = f"{mutant.rpartition('__mutmut_')[0]}__mutmut_orig"
            readable = original.removesuffix("__mutmut_orig")[2:].replace("ǁ", ".")
            before, after = _changed(found[original], found[mutant])
            yield Mutant(Change(f"{module}:{readable}", before, after), code in KILLED)


def listed() -> dict[Change, str]:
    """Return the survivors that are known, each with its kind."""
    entries = tomllib.loads(SURVIVORS.read_text()).get("survivor", [])
    for entry in entries:
        if entry["kind"] not in KINDS or not entry["reason"].strip():
            raise SystemExit(
                f"{SURVIVORS.name}: {entry['function']} has no reason, or a kind not in {KINDS}."
            )
    return {Change(each["function"], each["before"], each["after"]): each["kind"] for each in entries}


def report(found: list[Mutant], known: dict[Change, str], *, is_whole: bool) -> int:
    """Print the table by module and what is wrong; return 0 when nothing is."""
    survivors = {each.change for each in found if not each.is_killed}
    sys.stdout.write("\n".join(["", *_table(found, known), ""]))
    score = 100 * sum(each.is_killed for each in found) / len(found)
    faults = [f"{change}\nkind = \nreason = \n" for change in sorted(survivors - known.keys(), key=str)]
    if faults:
        faults.insert(0, f"Survivors that {SURVIVORS.name} doesn't list: {len(faults)}. Kill or list them.\n")
    if is_whole:
        faults += [
            f"Listed, and no survivor any more; delete it:\n{each}\n"
            for each in known
            if each not in survivors
        ]
    if score < GOAL:
        faults.append(f"The score is {score:.1f} %, below {GOAL:.0f} %.")
    sys.stdout.writelines(f"\n{fault}" for fault in faults)
    return 1 if faults else 0


def _table(found: Iterable[Mutant], known: dict[Change, str]) -> Iterator[str]:
    counts: dict[str, Counter[str]] = {}
    for mutant in found:
        fate = "killed" if mutant.is_killed else known.get(mutant.change, "unlisted")
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
