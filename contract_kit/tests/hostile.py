"""Text that tries to control a terminal, a CI system or a GitHub page, and checks that it fails to."""

import re

from hypothesis import strategies as st
from markdown_it import MarkdownIt

COMMANDS = ("::error::x", "##vso[task.complete]x", "##[error]x", "##teamcity[x]", "\x1b[2J", "\n::error::x")
BOLD = "[bold]b[/]"
CONTROLS = ("\x1b]0;owned\x07", "\x9b2J", "ok\x08\x08no", "\u202egnp.exe", BOLD, "[link=http://x]y[/link]")
HOSTILE = " ".join((COMMANDS + CONTROLS) * 4)
OBEYED = re.compile(r"^\s*::|##\w*\[|\x1b\[2J", re.MULTILINE)
STYLE = re.compile(r"\x1b\[[\d;]*m")
GITHUB = MarkdownIt("gfm-like")
MARKUP = (
    *("|", "`", "\n", "\r\n", "\\", "*", "_", "~~~", "# ", "#1", "@octocat", "[a](b)", "]("),
    *("- ", "1. ", "> ", "<!--", "-->", "--", "<script>", "</failure>", "]]>", "&amp;", "<", "$x$"),
    *("GH-1", "%0A", "%", ",", "::error::", " ::stop-commands::x", "##[error]", "###[a]", "##vso[task.x]"),
    *("a@b.example", "word", "https://evil.example", "www.evil.example"),
    *("\x1b[31m", "\x00", "\x85", "\u2028", "\u202e", "\ufffe", "\U0001f600"),
)
texts = st.one_of(
    st.lists(st.sampled_from(MARKUP), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
).filter(lambda text: text.strip())
"""Texts that a service might send. They contain no lone surrogates, because no service can send those."""


def check(shown: str) -> None:
    """Assert that output contains no commands for a terminal or a CI system, except for our own colours."""
    shown = STYLE.sub("", shown).replace("\u200b", "")  # prevents links in Markdown
    assert [each for each in shown.splitlines() if not each.isprintable()] == []
    found = OBEYED.search(shown)
    assert found is None, shown[max(found.start() - 80, 0) : found.end() + 80]


def markdown_shape(markdown: str, site: str = "") -> list[object]:
    """Return a report's Markdown elements, whether each link leads to `site`, and the mentions."""
    tokens = [each for token in GITHUB.parse(markdown) for each in (token, *(token.children or ()))]
    rendered = "".join(each.content for each in tokens if each.type.startswith("text"))
    elements = [(each.type, each.tag) for each in tokens if not each.type.startswith("text")]
    links = [f"{each.attrs['href']}" for each in tokens if each.type == "link_open"]
    return [*elements, [each.startswith(site) for each in links], re.findall(r"@\w|#\d", rendered)]
