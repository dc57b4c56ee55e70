"""Parses a page into its elements, style and scripts."""

from __future__ import annotations

from html.parser import HTMLParser

VOID_TAGS = {"meta", "input"}


class Parsed(HTMLParser):
    """A page's elements with their attributes, and the contents of its style and its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.code: dict[str, list[str]] = {"style": [], "script": []}
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.code:
            self.code[self.open[-1]].append(data)

    @property
    def attributes(self) -> list[tuple[str, str, str]]:
        """The tag, the name and the value of each attribute."""
        return [(tag, name, value) for tag, named in self.elements for name, value in named.items()]
