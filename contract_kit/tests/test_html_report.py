"""The contents of the `contract-kit test --html` page. The browser tests check how it looks."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from contract_kit.judge.html_report import html_report, next_step
from contract_kit.judge.results import Results
from contract_kit.read.document import Skipped

from . import html_pages as pages
from .command import ONE, Run


class Parsed(HTMLParser):
    """A parsed page: the names of its elements and attributes, and its text with one line per element."""

    def __init__(self, results: Results) -> None:
        super().__init__()
        self.html = html_report(results).decode()
        self.elements: list[tuple[str, ...]] = []
        self.text = ""
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        self.text += "\n" * (tag not in ("code", "mark", "b"))

    def handle_data(self, data: str) -> None:
        self.text += data.strip("\n")


def test_the_page_omits_a_clients_command_because_it_might_contain_a_password(kit: Run) -> None:
    kit("test", "orders.yaml", "--exec", "true secret", *ONE, "--html", "page.html")
    assert "secret" not in Path("page.html").read_text()


def test_without_jinja2_the_client_is_not_run(kit: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    ended = kit("test", "orders.yaml", "--exec", "touch called", "--html", "page.html")
    assert (ended.code, ended.err.count("\n"), "jinja2" in ended.err) == (2, 1, True)
    assert not Path("called").exists()


@pytest.mark.parametrize("text", pages.HOSTILE)
def test_no_text_changes_the_pages_elements(text: str) -> None:
    page, harmless = (Parsed(pages.hostile(each)) for each in (text, "word"))
    assert page.elements == harmless.elements
    assert [each for each in page.html if not each.isprintable() and each not in "\n\xa0"] == []


def test_the_page_runs_no_script_and_loads_nothing() -> None:
    page = Parsed(Results(pages.ALL))
    assert "default-src 'none'; style-src 'sha256-" in page.html
    names = {name for element in page.elements for name in element}
    assert names.isdisjoint({"script", "img", "link", "style=", "src", "onclick"})
    assert set(re.findall(r'href="(.)', page.html)) == {"#"}


def test_every_link_leads_to_an_anchor_in_the_page() -> None:
    page = html_report(Results(pages.ALL)).decode()
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page))


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ({"all": (pages.UNSERVED,), "controls": (pages.CONTROL,)}, "inconclusive"),
        ({"all": pages.ALL, "skipped": (Skipped("a", "b", is_broken=True),)}, "broken references"),
        (
            {"all": (evolve(pages.ALTERED, finding=None, not_compared="it is a response"),)},
            "it is a response",
        ),
        ({"all": (pages.PASSED_ON, pages.ALTERED)}, "Order.starts_at, because the caller gets a wrong value"),
        ({"all": (pages.CRASHED,)}, "a response that ends in the middle, because the client crashes"),
        ({"all": (pages.REFUSED,)}, "Nothing"),
    ],
)
def test_the_recommended_next_step_depends_on_the_results(results: dict[str, Any], expected: str) -> None:
    assert expected in next_step(Results(**results))


def test_a_page_with_many_faults_stays_small_and_lists_what_is_left_out() -> None:
    page = html_report(pages.large())
    assert len(page) < 1_500_000
    assert page.count(b'<details class="c">') == 500
    assert b"And 500 more" in page
    assert b"And 200 more" in page
