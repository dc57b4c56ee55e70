"""The contents of the `contract-kit test --html` page. The browser tests check how it looks."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from contract_kit.derive.model import LEGAL, Mutant
from contract_kit.judge.effects import Effect
from contract_kit.judge.html_report import column_of, html_report, next_step
from contract_kit.judge.results import Result, Results
from contract_kit.read.document import Skipped
from contract_kit.serve.clients import Outcome

from . import html_pages as pages
from .command import NAIVE, ONE, Run
from .fakes import mutant


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


def test_the_page_shows_the_client_and_the_document(kit: Run) -> None:
    kit("test", *NAIVE, *ONE, "--html", "page.html")
    assert "client:naive, tested with orders.yaml" in Path("page.html").read_text()


def test_the_page_omits_a_clients_command_because_it_might_contain_a_password(kit: Run) -> None:
    kit("test", "orders.yaml", "--exec", "true secret", *ONE, "--html", "page.html")
    assert "secret" not in Path("page.html").read_text()


def test_without_jinja2_the_client_is_not_run(kit: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    ended = kit("test", "orders.yaml", "--exec", "touch called", "--html", "page.html")
    assert (ended.code, ended.err.count("\n"), "jinja2" in ended.err) == (2, 1, True)
    assert not Path("called").exists()


def test_a_fault_shows_what_was_sent_and_returned_next_to_the_valid_response() -> None:
    text = Parsed(Results((pages.ALTERED,))).text
    fault = text[text.rindex("The server sent") :].split("\n")
    assert [each for each in fault if each][:6] == [
        "The server sent",
        '{"id": 7, "starts_at": "2026-11-19T16:04:10Z"}',
        '{"id": 7, "starts_at": 1794413050000}',
        "The client returned",
        "orders[0].starts_at: 2026-11-19T16:04:10Z",
        "orders[0].starts_at: 1970-01-01T00:29:24Z",
    ]


def test_a_fault_without_a_result_shows_how_the_call_ended() -> None:
    assert "crashed: IncompleteRead: 9" in Parsed(Results((pages.CRASHED,))).text


def test_an_absent_value_or_body_part_is_shown_as_nothing() -> None:
    found = pages.accepted(mutant("a", b""), Effect.LOST, 1)
    assert re.findall(r"(\S*nothing\S*)$", Parsed(Results((found,))).text, re.MULTILINE)[-2:] == [
        "(nothing)",
        "nothing",
    ]


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
    ("given", "expected"),
    [
        (mutant("1", group="required"), ("Gross errors", "missing")),
        (pages.near_miss(mutant("1", group="required")), ("Near misses", "missing")),
        (pages.near_miss(mutant("1", operator="null")), ("Near misses", "null")),
        (mutant("1", group="type"), ("Gross errors", "type")),
        (mutant("1", group="format"), ("Gross errors", "format")),
        (mutant("1", group="pattern"), ("Gross errors", "format")),
        (mutant("1", group="enum"), ("Gross errors", "enum")),
        (mutant("1", group="exclusiveMinimum"), ("Gross errors", "limits")),
        (mutant("1", group="maxItems"), ("Gross errors", "limits")),
        (mutant("1", group="multipleOf"), ("Gross errors", "limits")),
        (mutant("1", group="oneOf"), ("Gross errors", "other")),
        (pages.near_miss(mutant("1", group=LEGAL)), ("Legal", "unusual")),
    ],
)
def test_a_mutant_belongs_to_the_column_of_its_keyword(given: Mutant, expected: tuple[str, str]) -> None:
    assert column_of(given) == expected


def rows(results: Results) -> list[tuple[str, ...]]:
    """Return the text of each row in the page's grid."""
    html = html_report(results).decode()
    found = re.findall(r'<tr><th scope="row">(.*?)</tr>', html.partition("<h2>Faults</h2>")[0])
    return [tuple(re.split(r"\|+", re.sub("<[^>]+>", "|", each).strip("|"))) for each in found]


def test_fields_are_sorted_by_most_severe_fault_and_unread_fields_have_no_row() -> None:
    results = Results(tuple(reversed(pages.ALL)))
    assert [each[0] for each in rows(results)] == [
        "Order.starts_at",
        "Order.total",
        "Order.status",
        "Order.id",
    ]
    assert "1 field that the client doesn't read" in Parsed(results).text


def test_a_cell_shows_the_most_severe_verdict_and_the_number_of_faults() -> None:
    lost = evolve(pages.LOST, mutant=pages.ALTERED.mutant)
    refused = Result.of(pages.ALTERED.mutant, Outcome.REFUSED)
    results = Results((lost, pages.ALTERED, refused, pages.UNREAD))
    assert rows(results) == [("Order.starts_at", "A 2")]
    assert "1 altered, 1 lost, 1 refused by body" in html_report(results).decode()


def test_faults_that_do_not_count_are_listed_last_with_the_reason() -> None:
    known = (evolve(each, is_known=True) for each in (pages.PASSED_ON, pages.ALTERED))
    results = Results((*known, pages.LOST))
    assert [each[0] for each in rows(results)] == ["Order.total", "Order.starts_at", "Order.status"]
    assert "(known from the baseline)" in Parsed(results).text


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
