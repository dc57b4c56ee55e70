"""The page as a file: its security policy, its size, its lists and links, and the received text in it."""

import base64
import hashlib
import re
from typing import Any

import pytest
from bluejay_results import SimulationRun, _secrets
from bluejay_results.compare import compare
from bluejay_results.compare.comparison_text import sentence
from bluejay_results.gate import Rules, gate
from bluejay_results.report.conversations import status_text
from bluejay_results.report.first_screen import MOST_OPENED, to_open
from bluejay_results.report.page import page as page_of_view
from contract_kit.tests.hostile import texts
from hypothesis import given

from .. import builders
from ..gate import verdicts
from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID, callers, run_of
from .pages import HOSTILE, PAGES, page_of, saying
from .parsed import Parsed

ACTIVE = set("\x00\x07\x1b\u200e\u200f\u2028\u202a\u202e\u2066\u2069")


@pytest.fixture(scope="module", params=[name for name in PAGES if name not in {"large", "10000", "megabyte"}])
def page(request: pytest.FixtureRequest) -> str:
    return PAGES[request.param]()


def test_the_content_security_policy_allows_only_the_pages_style_and_script(page: str) -> None:
    parsed = Parsed(page)
    [style], [*_, script] = parsed.code["style"], parsed.code["script"]
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in (style, script)
    )
    [policy] = [value for _, name, value in parsed.attributes if name == "content" and "default-src" in value]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_a_page_loads_no_url_and_has_no_event_handlers(page: str) -> None:
    parsed = Parsed(page)
    names = {name for _, name, _ in parsed.attributes}
    loading = {"style", "src", "srcset", "action"}
    assert [name for name in names if name in loading or name.startswith("on")] == []
    assert "link" not in {tag for tag, _ in parsed.elements}
    assert re.findall(r"url\((?!#)|@import", parsed.code["style"][0]) == []


def test_script_and_page_sizes_are_limited() -> None:
    empty = PAGES["empty"]()
    assert len(Parsed(empty).code["script"][-1].encode()) <= 2_000
    assert len(empty.encode()) <= 60_000
    assert len(PAGES["large"]().encode()) <= 2_000_000


def test_a_page_shows_100_characters_of_a_status_at_most() -> None:
    assert len(status_text("NO_" * 100)) == 100


@pytest.mark.parametrize(
    ("name", "decision"), [("ship", "ship"), ("bad", "don't ship"), ("few", "inconclusive")]
)
def test_the_heading_of_a_page_shows_the_decision_and_its_mark(name: str, decision: str) -> None:
    [heading] = re.findall(r"<h1>(.*?)</h1>", PAGES[name](), re.DOTALL)
    assert Parsed(heading).text.lower() == decision
    assert "<svg" in heading


def test_runs_that_cannot_be_compared_show_the_reason_instead_of_a_chart() -> None:
    base, new = run_of(VOID, id="1"), callers((3, 0), id="2")
    said = Parsed(page_of(new, base=base)).text
    assert sentence(compare(base, new)) in said
    assert "points" not in said


def test_a_page_collapses_only_the_passed_conversations() -> None:
    page = page_of(run_of(PASSED, FAILED, UNKNOWN, VOID), Rules(max_void=100))
    before, _, folded = page.partition('<details class="passed">')
    assert re.findall(r'<details id="c(\d+)"', before) == ["2", "3", "4"]
    assert re.findall(r'<details id="c(\d+)"', folded) == ["1"]


@pytest.mark.parametrize(("passed", "listed"), [(400, 1000), (401, 500)])
def test_a_page_lists_only_500_conversations_if_a_run_has_over_1000(passed: int, listed: int) -> None:
    page = page_of(run_of(*[FAILED] * 600, *[PASSED] * passed))
    assert page.count('<details id="c') == listed


def test_the_target_of_every_link_to_a_conversation_exists() -> None:
    parsed = Parsed(page_of(run_of(*[PASSED | {"digital_human_id": 7}] * 900, *[FAILED] * 600)))
    ids = {value for _, name, value in parsed.attributes if name == "id"}
    assert {value for _, name, value in parsed.attributes if name == "href" and value.startswith("#")} <= {
        f"#{each}" for each in ids
    }


def test_a_page_lists_over_500_conversations_if_the_reader_should_open_them() -> None:
    view = gate(run_of(*[FAILED] * 550, *[VOID] * 451))
    page = page_of_view(view).decode()
    first = [each for reason in to_open(view.runs[0]) for each in reason.results[:MOST_OPENED]]
    assert [each for each in first if f'href="#c{each.id}"' not in page] == []


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_cannot_inject_a_tag_into_a_page(hostile: str) -> None:
    plain, attacked = Parsed(page_of(saying("text"))), page_of(saying(hostile))
    parsed = Parsed(attacked)
    assert {tag for tag, _ in parsed.elements} == {tag for tag, _ in plain.elements}
    assert {each[:2] for each in parsed.attributes} == {each[:2] for each in plain.attributes}
    assert not ACTIVE & set(attacked)
    assert hostile is not HOSTILE[-1] or hostile in attacked  # the text of 1 MB is not cut


@given(texts)
def test_received_text_leaves_no_html_tag_open(said: str) -> None:
    assert Parsed(page_of_view(verdicts.saying(said)).decode()).open == []


def _failed(reasoning: str) -> dict[str, Any]:
    return builders.evaluation(goal_success=False, goal_reasoning=reasoning)


def _links(run: SimulationRun, *, with_links: bool) -> set[str]:
    found = {
        value for _, name, value in Parsed(page_of(run, with_links=with_links)).attributes if name == "href"
    }
    return {each for each in found if not each.startswith(("#", "https://app.getbluejay.ai/"))}


def test_a_page_contains_signed_urls_only_on_request() -> None:
    url = "https://files.example/a.json?signature=secret"
    run = run_of(FAILED | {"transcript_url": url})
    assert "secret" not in page_of(run)
    assert _links(run, with_links=True) == {url}


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "JaVaScRiPt://x/%0aalert(1)", "data:text/html,x"),
        *("ftp://x/y", "//x.example", "https:", "https://a\u202eb/"),
    ],
)
def test_a_url_that_is_not_http_is_not_linked(url: str) -> None:
    assert _links(run_of(FAILED | {"audio_url": url}), with_links=True) == set()


def test_the_key_is_masked_even_in_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_secrets, "_never_shown", [])
    _secrets.never_show("canary-6f2e91-of-the-page")
    run = run_of(
        FAILED | {"audio_url": "https://files.example/?key=canary-6f2e91-of-the-page"},
        {"evaluations": [_failed("canary-6f2e91-of-the-page")]},
    )
    assert "canary" not in page_of(run, with_links=True)


def test_the_history_contains_the_same_verdict_on_the_run_as_the_headline() -> None:
    """The base run decides, so a row that ignored it would say ship."""
    base, now = callers(*[(1, 0)] * 20, id="1"), callers(*[(1, 0)] * 8, *[(0, 1)] * 12)
    page = page_of(now, Rules(min_pass_rate=10), base=base, history=[base, now])
    [row] = re.findall(r'<tr class="current">.*?data-label="Verdict">([^<]+)', page)
    assert row == "Don&#39;t ship"
