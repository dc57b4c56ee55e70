"""All files, make targets, names and definitions that pages for maintainers mention exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from contract_kit.tests.tables import table

ROOT = Path(__file__).parents[3]
PAGES = [
    ROOT / "CONTRIBUTING.md",
    *(ROOT / "docs" / name for name in ("decisions.md", "definitions.md", "contract-kit.md", "releasing.md")),
]
FOLDERS = (
    "ci",
    "codegen",
    "generated",
    "overlay",
    "contract_kit",
    "contract_tests",
    "docs",
    "benchmarks",
    "examples",
)
FILE = re.compile(r"[\w./-]+\.(?:jinja|lock|md|png|py|toml|txt|yaml)|[\w./-]+/")
CODE = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
CITATION = re.compile(r"definitions\.md`?(?: \(|, )(?=[A-Z])")
"""The text before a section's name, such as `docs/definitions.md (Settled)`."""


class Names:
    """The paths, make targets, names in code, and sections of the definitions that exist."""

    def __init__(self) -> None:
        inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
        self.paths = [*ROOT.iterdir(), *inside]
        read = {".py", ".toml", ".yaml", ".txt", ".md", ".jinja"}
        self.texts = {path: path.read_text() for path in self.paths if path.suffix in read and path.is_file()}
        code = (text for path, text in self.texts.items() if path.suffix not in {".md", ".jinja"})
        self._words = {word for text in code for word in re.findall(r"\w+", text)}
        self._words |= {path.stem for path in self.paths}
        self._targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        definitions = (ROOT / "docs" / "definitions.md").read_text()
        self._sections = tuple(re.findall(r"^#+ (.+)$", definitions, re.MULTILINE))

    def unknown(self, page: str) -> Iterator[str]:
        """Yield each path, make target and name in backticks that doesn't exist."""
        text = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
        for named in re.findall(r"`([^`\n]+)`", text):
            if named.startswith("make "):
                is_known = named.split()[1] in self._targets
            elif FILE.fullmatch(named):
                parts = Path(named).parts
                is_known = any(path.parts[-len(parts) :] == parts for path in self.paths)
            else:
                is_known = not CODE.fullmatch(named) or set(named.split(".")) <= self._words
            if not is_known:
                yield named

    def unknown_sections(self, text: str) -> Iterator[str]:
        """Yield the start of each cited section of the definitions that doesn't exist."""
        line = re.sub(r"\s+(?:# )?", " ", text)
        cited = (line[citation.end() :] for citation in CITATION.finditer(line))
        yield from (each[:40] for each in cited if not each.startswith(self._sections))


@pytest.fixture(scope="module")
def names() -> Names:
    return Names()


@table("page", PAGES)
def test_every_path_and_make_target_and_name_in_a_page_exists(page: Path, names: Names) -> None:
    assert list(names.unknown(page.read_text())) == []


def test_every_cited_section_of_the_definitions_exists(names: Names) -> None:
    sources = {path: text for path, text in names.texts.items() if path != Path(__file__)}
    wrong = {path: [*names.unknown_sections(text)] for path, text in sources.items()}
    assert {path: cited for path, cited in wrong.items() if cited} == {}


def test_every_test_that_a_promise_cites_exists() -> None:
    cited = re.findall(r"`((?:\w+/)+test_\w+\.py)`", (ROOT / "SECURITY.md").read_text())
    folders = (ROOT, ROOT / "contract_tests", ROOT / "contract_tests" / "tests")
    assert [each for each in cited if not any((folder / each).is_file() for folder in folders)] == []
