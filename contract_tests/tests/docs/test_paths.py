"""Pages for maintainers name files, folders, make targets and code: all of them exist."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [
    ROOT / "CONTRIBUTING.md",
    *(ROOT / "docs" / name for name in ("definitions.md", "mutants.md", "proofs.md")),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
]
FOLDERS = ("codegen", "generated", "overlay", "contract_tests", "docs", "benchmarks", "examples")
FILE = re.compile(r"[\w./-]+\.(?:jinja|lock|md|png|py|toml|txt|yaml)|[\w./-]+/")
CODE = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")


@cache
def _paths() -> tuple[Path, ...]:
    """Every file and folder of the project."""
    folders = [ROOT / name for name in FOLDERS]
    return (*ROOT.iterdir(), *(path for folder in folders for path in folder.rglob("*")))


def _exists(named: str) -> bool:
    """Whether a path of the project ends with these parts."""
    parts = Path(named).parts
    return any(path.parts[-len(parts) :] == parts for path in _paths())


@cache
def _words() -> frozenset[str]:
    """Every word in the code, and every file name without its suffix."""
    files = [path for path in _paths() if path.suffix in {".py", ".toml", ".yaml", ".txt"} and path.is_file()]
    words = {word for file in files for word in re.findall(r"\w+", file.read_text())}
    return frozenset(words | {path.stem for path in _paths()})


def _unknown(text: str) -> Iterator[str]:
    """Yield each path, make target and name in backticks that doesn't exist."""
    targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for named in re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)):
        if named.startswith("make "):
            is_known = named.split()[1] in targets
        elif FILE.fullmatch(named):
            is_known = _exists(named)
        else:
            is_known = not CODE.fullmatch(named) or set(named.split(".")) <= _words()
        if not is_known:
            yield named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_path_target_and_name_that_a_page_mentions_exists(page: Path) -> None:
    assert list(_unknown(page.read_text())) == []


@pytest.mark.parametrize(
    "named",
    ["gate/nowhere.py", "make nowhere", "Rules.nowhere" + "_at_all"],
)
def test_a_path_target_or_name_that_does_not_exist_is_reported(named: str) -> None:
    assert list(_unknown(f"See `{named}`.")) == [named]
