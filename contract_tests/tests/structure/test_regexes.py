"""The client's regular expressions are never slow, whatever text a server sends."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from contract_kit.tests.tables import table

from .regexes import NOT_RECEIVED, WORST

ROOT = Path(__file__).parents[3]
FOLDERS = [ROOT / "overlay" / "bluejay_results", ROOT / "generated" / "bluejay_api"]
_APPLYING = {"compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"}


def _regexes(source: str) -> Iterator[str]:
    """Yield the name of the function or constant that contains each use of `re`."""
    for node in ast.walk(ast.parse(source)):
        body = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt)]
        for each in body if isinstance(node, ast.Module | ast.ClassDef) else []:
            if not isinstance(each, ast.ClassDef):
                name = getattr(each, "name", "") or ast.unparse(each).partition(" =")[0]
                yield from [name] * sum(map(_applies_regex, ast.walk(each)))


def _applies_regex(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node) in {f"re.{each}" for each in _APPLYING}


def _found() -> set[str]:
    """Name each regex after its file and function; a function's further regexes get a number."""
    found = set[str]()
    for folder in FOLDERS:
        for path in folder.rglob("*.py"):
            for name in _regexes(path.read_text()):
                place = f"{path.relative_to(folder)}: {name}"
                count = sum(each.partition(" #")[0] == place for each in found)
                found.add(f"{place} #{count + 1}" if count else place)
    return found


def test_every_regex_for_received_text_has_a_worst_case_input() -> None:
    assert _found() == WORST.keys() | NOT_RECEIVED


@table(
    "source, names",
    [
        ("X = re.compile('a')", ["X"]),
        ("def f():\n    re.sub('a', 'b', re.search('c', d)[0])", ["f", "f"]),
        ("class C:\n    def m(self):\n        return re.match('a', 'b')", ["m"]),
        ("X: re.Pattern = compiled", []),
    ],
)
def test_the_search_for_regexes_finds_every_use(source: str, names: list[str]) -> None:
    assert list(_regexes(source)) == names


def test_each_regex_takes_linear_time_on_1_mb_of_its_worst_case_input() -> None:
    module = f"{__package__}.regexes"
    ended = subprocess.run([sys.executable, "-m", module], cwd=ROOT, capture_output=True, text=True)
    assert ended.stdout.splitlines() == list(WORST), ended.stderr
