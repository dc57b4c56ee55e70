"""Collect the pages of the site in one folder. `python docs/site/stage.py FOLDER`.

README.md becomes the first page of the site, and the pages in docs/ become its top level. Other pages keep
their path in the repository.
Links between pages work on a code host; for the site, this module rewrites them.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from functools import partial
from pathlib import Path

from contract_page import contract_page
from declared_fields import export_tables, json_documents, kit_report
from operators_page import operators_page
from rules_page import rules_page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCES = (
    "README.md",
    "docs/**/*.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "contract_kit/README.md",
    "benchmarks/*.md",
    "examples/*/README.md",
)
CONTRACT = Path("reference/contract.md")
"""The page that is made from openapi.yaml."""
RULES = Path("reference/rules.md")
"""The page that is made from the rules of the contract."""
OPERATORS = Path("reference/mutants.md")
"""The page that is made from the mutation operators."""
FOR_CHECKOUTS = re.compile(r"^> In a checkout, .+\n\n", re.MULTILINE)
"""Matches what a page tells readers who don't see it on the site."""
ENDINGS = {
    DOCS / "export.md": export_tables,
    DOCS / "reference" / "json.md": json_documents,
    DOCS / "reference" / "contract-kit-json.md": kit_report,
}
"""The pages that end with a section that is made from the code, and the functions that make the sections."""
IMAGES = {".png", ".svg"}
LINK = re.compile(r"(?<=\]\()([^)\s#:]+)(?=[)#])")
BY_NAME = re.compile(r"(?<=\[)[\w/.-]+\.md(?=\]\(([^)\s#:]+)[)#])")
"""Matches the text of a link if this text is a page's file name. The regex group is the link's target."""


def main(folder: Path) -> None:
    """Write every page, and every file that a page links to."""
    shutil.rmtree(folder, ignore_errors=True)
    for source in sources():
        page = folder / site_path(source)
        page.parent.mkdir(parents=True, exist_ok=True)
        text = FOR_CHECKOUTS.sub("", source.read_text(encoding="utf-8")) + ENDINGS.get(source, str)()
        text = BY_NAME.sub(partial(_title, source), text)
        page.write_text(LINK.sub(partial(_link, source, folder), text))
    (folder / CONTRACT).write_text(contract_page(ROOT / "openapi.yaml"))
    (folder / RULES).write_text(rules_page())
    (folder / OPERATORS).write_text(operators_page())
    for name in ("style.css", "accessible.js"):
        shutil.copy(Path(__file__).with_name(name), folder)


def sources() -> list[Path]:
    """Return the pages of the repository that are pages of the site."""
    return [path for pattern in SOURCES for path in sorted(ROOT.glob(pattern))]


def site_path(source: Path) -> Path:
    """Return the path that a file of the repository has on the site."""
    if source == ROOT / "README.md":
        return Path("index.md")
    if source.suffix not in {".md", *IMAGES}:
        source = source.with_name(f"{source.name}.md")
    return source.relative_to(DOCS if source.is_relative_to(DOCS) else ROOT)


def _title(source: Path, match: re.Match[str]) -> str:
    """Return the title of a linked page, because readers of the site don't know the page's file name."""
    target = source.parent / match[1]
    text = target.read_text(encoding="utf-8") if target.is_file() else ""
    title = re.search(r"^# (.+)", text, re.MULTILINE)
    return title[1] if title else match[0]


def _link(source: Path, folder: Path, match: re.Match[str]) -> str:
    """Return a link as it is on the site; add the linked file to the site if it isn't a page."""
    target = (source.parent / match[0]).resolve()
    if not target.is_file():
        return match[0]  # the site's build reports the broken link
    staged = folder / site_path(target)
    if target.suffix != ".md":
        staged.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix in IMAGES:
            shutil.copy(target, staged)
        else:
            code = target.read_text(encoding="utf-8")
            staged.write_text(f"# {target.name}\n\n````{target.suffix[1:]}\n{code}````\n")
    return os.path.relpath(staged, (folder / site_path(source)).parent)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
