"""Tries a random sample of the mutants of our own code and prints the share that its tests kill.

mutmut makes the mutants. It needs one folder of sources and skips every function with a decorator, so it
works on a copy in `.build/mutation`. There, all packages are in `src`, and decorators are applied by a call:
`@property def id` becomes `def id` and `id = property(id)`.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import random
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from math import sqrt
from pathlib import Path
from statistics import NormalDist

from attrs import frozen

ROOT = Path(__file__).parents[2]
STAGE = ROOT / ".build" / "mutation"
MUTATED = STAGE / "mutants" / "src"
EXTRAS = list((ROOT / ".build" / "export").glob("lib/python*/site-packages"))
"""The packages that only `make test-export` needs; its tests run here, too."""
KEPT_DECORATORS = frozenset({"classmethod", "staticmethod"})
KILLED = frozenset({1, 3, 24, -24, 152, 255, -9, -11})
"""mutmut's codes for a failed test, and for a mutant that was stopped because it did not end."""

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
class Mutant:
    """A mutant that was tried.

    Attributes:
        function: The function: its dotted module, a colon and its dotted name.
        change: The lines that the mutant replaces, each after `- `, and the new lines, each after `+ `.
        is_killed: Whether a test failed.
    """

    function: str
    change: str
    is_killed: bool

    def __str__(self) -> str:
        return f"{self.function}\n{self.change}"


def main() -> int:
    """Run the command; return mutmut's exit code if mutmut fails."""
    parser = argparse.ArgumentParser(prog="mutate", description="Mutate our own code and run its tests.")
    parser.add_argument("--sample", type=int, default=500, help="the number of mutants (default: 500)")
    parser.add_argument("--seed", type=int, default=1, help="chooses the sample (default: 1)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="default: one per core")
    arguments = parser.parse_args()
    stage()
    workers = ["--max-children", str(arguments.workers)]
    if code := _mutmut("run", *workers, "bluejay_api.types.*"):  # makes all mutants, and tries these few
        return code
    everything = sorted(_codes())
    chosen = random.Random(arguments.seed)  # noqa: S311 - the same sample each time is the point
    names = chosen.sample(everything, min(arguments.sample, len(everything)))
    if code := _mutmut("run", *workers, *names):
        return code
    sys.stdout.writelines(f"{line}\n" for line in report(list(tried(names)), len(everything)))
    return 0


def stage() -> None:
    """Copy the checkout for mutmut."""
    shutil.rmtree(STAGE, ignore_errors=True)
    MUTATED.mkdir(parents=True)  # Python ignores a folder that doesn't exist when Python starts
    for package in [*ROOT.glob("[gco]*/bluejay_*/"), ROOT / "contract_tests" / "contract_kit"]:
        shutil.copytree(package, STAGE / "src" / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "contract_tests" / "tests", STAGE / "contract_tests" / "tests")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    for name in {"pyproject.toml", *settings["also_copy"]} - {"conftest.py", "contract_tests"}:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, STAGE / name)
    (STAGE / "conftest.py").write_text(CONFTEST)
    for path in (STAGE / "src").rglob("*.py"):
        path.write_text(undecorated(path.read_text()))


def undecorated(source: str) -> str:
    """Return a module with the decorators of its functions and methods turned into calls after them."""
    lines = source.splitlines()
    for function in sorted(_functions(ast.parse(source)), key=lambda each: -each.lineno):
        decorators = [ast.unparse(each) for each in function.decorator_list]
        if not decorators or KEPT_DECORATORS & set(decorators):
            continue
        if any(each.endswith(".setter") for each in decorators):  # the setter has the name of its property
            continue
        value = function.name
        for decorator in reversed(decorators):
            value = f"{decorator}({value})"
        lines.insert(function.end_lineno or 0, f"{' ' * function.col_offset}{function.name} = {value}")
        del lines[function.decorator_list[0].lineno - 1 : function.lineno - 1]
    return "\n".join(lines) + "\n"


def _mutmut(*arguments: str) -> int:
    """Run mutmut, and return its exit code."""
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    paths = os.pathsep.join(map(str, [MUTATED, *EXTRAS]))
    environment = os.environ | {"PYTHONPATH": paths}  # for tests that start a process of their own
    log = STAGE / "mutmut.log"
    with log.open("ab") as output:
        code = subprocess.run(command, cwd=STAGE, env=environment, stdout=output, check=False).returncode  # noqa: S603 - ours
    if code:
        sys.stderr.write(f"mutmut failed: see {log}.\n")
    return code


def _codes() -> dict[str, int | None]:
    """Return mutmut's exit code of each mutant by its name; None if it was not tried."""
    codes: dict[str, int | None] = {}
    for meta in MUTATED.rglob("*.py.meta"):
        codes |= json.loads(meta.read_text())["exit_code_by_key"]
    return codes


def tried(names: Iterable[str]) -> Iterator[Mutant]:
    """Yield the mutants with these names.

    Raises:
        SystemExit: mutmut didn't try one of these mutants.
    """
    codes = _codes()
    for name in names:
        code = codes[name]
        if code is None:
            raise SystemExit(f"mutmut did not try {name}: see {STAGE / 'mutmut.log'}.")
        module, _, mutant = name.rpartition(".")
        path = MUTATED / f"{module.replace('.', '/')}.py"
        source = (path if path.exists() else path.with_suffix("") / "__init__.py").read_text()
        original = f"{mutant.rpartition('__mutmut_')[0]}__mutmut_orig"
        lines = {each.name: _lines(source, each) for each in _functions(ast.parse(source))}
        changed = (each for each in difflib.ndiff(lines[original], lines[mutant]) if each[0] in "-+")
        function = original.removesuffix("__mutmut_orig")[2:].replace("ǁ", ".")
        yield Mutant(f"{module}:{function}", "\n".join(changed), code in KILLED)


def report(found: list[Mutant], total: int) -> Iterator[str]:
    """Yield the lines of the report: the survivors, a row for each package, and the share killed."""
    yield from (f"{each}\n" for each in sorted(found, key=str) if not each.is_killed)
    packages = [each.function.partition(".")[0] for each in found]
    killed = Counter(each for each, mutant in zip(packages, found, strict=True) if mutant.is_killed)
    for package, number in sorted(Counter(packages).items()):
        yield f"{package}: {killed[package]} of {number} killed"
    low, high = share_interval(killed.total(), len(found))
    share = killed.total() / len(found)
    yield f"{killed.total()} of {len(found)} killed, chosen from {total}: {share:.1%}"
    yield f"95 % interval: {low:.1%} to {high:.1%}"


def share_interval(part: int, whole: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share, as two numbers from 0 to 1."""
    z = NormalDist().inv_cdf(0.975)
    share = part / whole
    middle = share + z * z / (2 * whole)
    half = z * sqrt(share * (1 - share) / whole + (z / (2 * whole)) ** 2)
    scale = 1 + z * z / whole
    return (middle - half) / scale, (middle + half) / scale


def _functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield functions and methods, but no nested functions."""
    blocks = [module.body, *(each.body for each in module.body if isinstance(each, ast.ClassDef))]
    for each in (statement for block in blocks for statement in block):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            yield each


def _lines(source: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Return the lines of a function without its name and indents."""
    first, *rest = source.splitlines()[function.lineno - 1 : function.end_lineno]
    return [line.strip() for line in [first.partition("(")[2], *rest]]


if __name__ == "__main__":
    sys.exit(main())
