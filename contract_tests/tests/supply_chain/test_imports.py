"""Every declared dependency is imported, and every imported dependency is declared."""

import ast
import sys
from importlib import metadata

import pytest
from contract_kit.tests.tables import table
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .dependencies import EXPORT_EXTRAS, KIT, KIT_PROJECT, OURS, PROJECT, ROOT

COMMAND = sorted((ROOT / "overlay/bluejay_results/cli").rglob("*.py"))
LIBRARY = [*(ROOT / "generated/bluejay_api").rglob("*.py"), *(ROOT / "overlay/bluejay_results").rglob("*.py")]
HARNESS = ROOT / "contract_tests/bluejay_contract"
CODE = {
    "library": sorted(set(LIBRARY) - set(COMMAND)),
    "cli": COMMAND,
    "kit": [path for path in KIT.rglob("*.py") if not path.is_relative_to(KIT / "tests")],
    "stub": [*(HARNESS / "stub").rglob("*.py")],
    "contract": [*HARNESS.rglob("*.py")],
}
PACKAGES = {"bluejay_api", "bluejay_results", "bluejay_contract", "contract_kit"}
PART_OF = {"httpcore": "httpx", "starlette": "fastapi", "pydantic": "fastapi"}
"""Packages that we import without declaring them, and the declared packages that install them."""


def _declared(part: str) -> set[str]:
    said = PROJECT["project"]
    runtime = {"library": said["dependencies"], "kit": KIT_PROJECT["dependencies"]}
    lines = (runtime | said["optional-dependencies"])[part]
    names: set[str] = {canonicalize_name(Requirement(line).name) for line in lines}
    return names - OURS


def _imported(source: str) -> set[str]:
    """Return the top-level modules that a source file imports at runtime, even within functions."""
    tree = ast.parse(source)
    tree.body = [each for each in tree.body if not ast.unparse(each).startswith("if TYPE_CHECKING:")]
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return {name.partition(".")[0] for name in found}


@pytest.fixture(scope="module")
def third_party() -> dict[str, set[str]]:
    """The packages that each part imports."""
    packages = metadata.packages_distributions()
    found = {}
    for part, paths in CODE.items():
        modules = set().union(*(_imported(path.read_text()) for path in paths)) - sys.stdlib_module_names
        names = {canonicalize_name(each) for one in modules - PACKAGES for each in packages.get(one, [one])}
        found[part] = {PART_OF.get(name, name) for name in names}
    return found


@table("part", CODE)
def test_every_declared_dependency_is_imported(part: str, third_party: dict[str, set[str]]) -> None:
    assert _declared(part) - third_party[part] == set()


@table(
    "part, declared",
    [
        ("library", ("library", *EXPORT_EXTRAS)),
        ("cli", ("library", "cli")),
        ("kit", ("kit",)),
        ("stub", ("library", "cli", "stub")),
        ("contract", ("library", "cli", "stub", "contract")),
    ],
)
def test_every_import_of_third_party_code_is_declared(
    part: str, declared: tuple[str, ...], third_party: dict[str, set[str]]
) -> None:
    imported = third_party[part] - {"pytest"}  # pytest imports the plugins that need it
    assert imported - set().union(*map(_declared, declared)) == set()


def test_an_import_within_a_function_is_found() -> None:
    assert _imported("def f():\n    import rich.text") == {"rich"}
