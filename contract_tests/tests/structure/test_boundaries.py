"""Imports go one way: contract_tests to overlay to generated. The stub and the kit import no client."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from itertools import product
from pathlib import Path

from contract_kit.tests.tables import table

ROOT = Path(__file__).parents[3]
OVERLAY = ROOT / "overlay" / "bluejay_results"
HARNESS = ROOT / "contract_tests" / "bluejay_contract"
STUB = HARNESS / "stub"
KIT = ROOT / "contract_kit"
CLIENT = {"bluejay_api", "bluejay_results"}
_OVERLAY_FOLDERS: dict[str, set[str]] = {
    "cli": {"report", "gate", "compare", "export", "writing", "measuring", "client", "results", "recording"},
    "report": {"gate", "compare", "writing", "measuring", "results"},
    "gate": {"compare", "writing", "measuring", "results"},
    "compare": {"writing", "measuring", "results"},
    "export": {"client", "results"},
    "writing": {"measuring", "results", "recording"},
    "measuring": {"results"},
    "client": {"results", "recording"},
    "webhooks": {"results", "recording"},
    "results": {"recording"},
    "recording": set(),
}
_KIT_FOLDERS = ("read", "prove", "derive", "serve", "judge", "diff", "export", "cli")
"""The kit's folders, from bottom to top. A folder may import the folders before it."""
MAY_IMPORT = {
    OVERLAY: _OVERLAY_FOLDERS,
    KIT: {folder: set(_KIT_FOLDERS[:number]) for number, folder in enumerate(_KIT_FOLDERS)},
}
"""For each folder of each package, the folders that it may import."""
FORBIDDEN = {
    ROOT / "generated" / "bluejay_api": {"bluejay_results", "bluejay_contract", "contract_kit"},
    OVERLAY: {"bluejay_contract", "contract_kit"},
    STUB: CLIENT,
    KIT: CLIENT | {"bluejay_contract"},
}
"""Code that only one module in the overlay may contain. An import by name could hide a cycle."""


@cache
def _imported(path: Path) -> set[str]:
    """Return the absolute names of the modules that a source file imports, and of their parents.

    In errors.py, imports for type checkers don't count, because they only declare an attribute's type.
    """
    package = path.relative_to(ROOT).with_suffix("").parts[1:-1]
    found: set[str] = set()
    tree = ast.parse(path.read_text())
    if path == OVERLAY / "errors.py":
        tree.body = [each for each in tree.body if not isinstance(each, ast.If)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *filter(None, [node.module])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return {".".join(name.split(".")[:depth]) for name in found for depth in range(1, name.count(".") + 2)}


def test_no_module_imports_from_a_layer_above_it() -> None:
    wrong = {
        path: names
        for folder, forbidden in FORBIDDEN.items()
        for path in folder.rglob("*.py")
        if (names := _imported(path) & forbidden)
    }
    assert wrong == {}


@table("package, depth", product([OVERLAY, HARNESS, KIT], [2, None]))
def test_no_folders_or_modules_in_a_package_have_circular_imports(package: Path, depth: int | None) -> None:
    """A module next to the folders counts as a folder."""
    graph: dict[str, set[str]] = {}
    for path in package.rglob("*.py"):
        if path.name != "__init__.py":
            parts = path.relative_to(package.parent).with_suffix("").parts
            graph.setdefault(".".join(parts[:depth]), set()).update(_imported(path))
    below = {name: found & graph.keys() - {name} for name, found in graph.items()}
    assert len(list(TopologicalSorter(below).static_order())) == len(graph)


@table("package, folder", [(package, folder) for package in MAY_IMPORT for folder in MAY_IMPORT[package]])
def test_a_package_folder_imports_only_permitted_folders(package: Path, folder: str) -> None:
    found = {name for path in (package / folder).rglob("*.py") for name in _imported(path)}
    imported = {name.split(".")[1] for name in found if name.startswith(f"{package.name}.")}
    assert imported & MAY_IMPORT[package].keys() - {folder} - MAY_IMPORT[package][folder] == set()
    folders = {path.parent.name for path in package.glob("*/__init__.py")} - {"tests"}
    assert folders == MAY_IMPORT[package].keys()


def test_the_harness_checks_do_not_import_the_client() -> None:
    modules = [path for path in HARNESS.rglob("*.py") if path.parent != HARNESS / "cli"]
    importing = {path for path in modules if _imported(path) & CLIENT}
    assert importing <= {HARNESS / "clients.py", HARNESS / "demo.py"}


def test_the_stub_neither_reads_the_contract_nor_imports_our_other_packages() -> None:
    modules = [*STUB.rglob("*.py")]
    ours = {name for path in modules for name in _imported(path)}
    # `har` reads a file format, and `operations` lists paths; the test below is about `clients`.
    allowed = tuple(f"bluejay_contract.{name}" for name in ("stub", "clients", "har", "operations"))
    assert [
        name for name in ours if name.startswith("bluejay_contract.") and not name.startswith(allowed)
    ] == []
    assert [path for path in modules if "openapi.yaml" in path.read_text()] == []


def test_a_stub_works_without_the_client_installed() -> None:
    """Only `Stub.client`, which makes a client, may load the client's package."""
    script = "import sys; from bluejay_contract.stub import Stub\nwith Stub(): print(*sys.modules, sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"bluejay_api", "bluejay_results", "bluejay_contract.clients"}.isdisjoint(loaded.stdout.split())
