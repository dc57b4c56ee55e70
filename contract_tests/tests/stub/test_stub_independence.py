"""The stub shares no code with what it bears witness against."""

import ast
from collections.abc import Iterator
from pathlib import Path

import bluejay_contract.stub
import pytest

PACKAGE = Path(bluejay_contract.stub.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(module: Path) -> Iterator[str]:
    """The modules that a module imports by their full names."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_a_module_imports_nothing_of_ours_but_the_stub(module: Path) -> None:
    ours = [name for name in imported(module) if name.startswith("bluejay")]
    assert [name for name in ours if not name.startswith("bluejay_contract.stub")] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_a_module_reads_no_contract(module: Path) -> None:
    assert "openapi.yaml" not in module.read_text()
