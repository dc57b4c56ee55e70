"""Parses a page into its elements, lines of text, style and scripts."""

from __future__ import annotations

from html.parser import HTMLParser

BLOCKS = {
    "title",
    "h1",
    "h2",
    "p",
    "li",
    "tr",
    "dt",
    "summary",
    "caption",
    "text",
    "svg",
    "details",
    "section",
}
VOID_TAGS = {"meta", "input"}


class Parsed(HTMLParser):
    """A page's elements with their attributes, and the contents of its style and its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.code: dict[str, list[str]] = {"style": [], "script": []}
        self.open: list[str] = []
        self._lines = [""]
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.elements.append((tag, named))
        if tag in BLOCKS:
            self._lines.append("")
        is_column = tag in {"td", "th"} or named.get("class") in {"who", "id"}
        self._lines[-1] += " | " if is_column else ": " if tag == "dd" else " "
        if tag == "svg" and "aria-label" in named:
            self._lines[-1] += f"[chart: {named['aria-label']}]"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag in BLOCKS - {"dt"}:
            self._lines.append("")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.code:
            self.code[self.open[-1]].append(data)
        else:
            self._lines[-1] += data

    @property
    def lines(self) -> list[str]:
        """A line for each row, paragraph, heading and chart."""
        return [" ".join(each.split()).removeprefix("| ").replace(" : ", ": ") for each in self._lines]

    @property
    def text(self) -> str:
        return " ".join(filter(None, self.lines))

    @property
    def attributes(self) -> list[tuple[str, str, str]]:
        """The tag, the name and the value of each attribute."""
        return [(tag, name, value) for tag, named in self.elements for name, value in named.items()]
