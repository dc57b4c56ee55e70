"""Every declared dependency is imported, and every imported dependency is declared."""

import ast
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .dependencies import EXPORT_EXTRAS, NAME, ROOT, project

COMMAND = sorted((ROOT / "overlay/bluejay_results/cli").rglob("*.py"))
LIBRARY = [*(ROOT / "generated/bluejay_api").rglob("*.py"), *(ROOT / "overlay/bluejay_results").rglob("*.py")]
HARNESS = ROOT / "contract_tests/bluejay_contract"
KIT = [*(ROOT / "contract_tests/contract_kit").rglob("*.py")]
CODE = {
    "library": sorted(set(LIBRARY) - set(COMMAND)),
    "cli": COMMAND,
    "kit": KIT,
    "stub": [*(HARNESS / "stub").rglob("*.py"), ROOT / "contract_tests/contract_kit/serve/loopback.py"],
    "contract": [*HARNESS.rglob("*.py"), *KIT],
}
OURS = {"bluejay_api", "bluejay_results", "bluejay_contract", "contract_kit"}
PART_OF = {"httpcore": "httpx", "referencing": "jsonschema", "starlette": "fastapi", "pydantic": "fastapi"}
"""Packages that we import although we declare only the package that installs them."""


@cache
def _packages() -> Mapping[str, list[str]]:
    """Return the packages that provide a module, by module; reading them takes a second."""
    return metadata.packages_distributions()


def _declared(part: str) -> set[str]:
    said = project()["project"]
    lines = said["dependencies"] if part == "library" else said["optional-dependencies"][part]
    names: set[str] = {canonicalize_name(Requirement(line).name) for line in lines}
    return names - {NAME}


def _imported(source: str) -> set[str]:
    """Return the top-level modules that a source imports absolutely at runtime, also within functions."""
    tree = ast.parse(source)
    tree.body = [each for each in tree.body if not _is_for_types_alone(each)]
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return {name.partition(".")[0] for name in found}


def _is_for_types_alone(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"


def _third_party(paths: Iterable[Path]) -> set[str]:
    modules = set().union(*(_imported(path.read_text()) for path in paths)) - sys.stdlib_module_names
    names = {canonicalize_name(each) for one in modules - OURS for each in _packages().get(one, [one])}
    return {PART_OF.get(name, name) for name in names}


@pytest.mark.parametrize("part", CODE)
def test_every_declared_dependency_is_imported(part: str) -> None:
    assert _declared(part) - _third_party(CODE[part]) == set()


@pytest.mark.parametrize(
    ("part", "declared"),
    [
        ("library", ("library", *EXPORT_EXTRAS)),
        ("cli", ("library", "cli")),
        ("kit", ("library", "cli", "kit")),
        ("stub", ("library", "cli", "stub")),
    ],
)
def test_every_import_of_third_party_code_is_declared(part: str, declared: tuple[str, ...]) -> None:
    imported = _third_party(CODE[part]) - {"pytest"}  # pytest imports the plugins that need it
    assert imported - set().union(*map(_declared, declared)) == set()


def test_an_import_within_a_function_is_found() -> None:
    assert _imported("def f():\n    import rich.text") == {"rich"}
