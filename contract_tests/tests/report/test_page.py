"""The page as a file: its security policy, its size, its lists and links, and the received text in it."""

import base64
import hashlib
import re

import pytest
from attrs import evolve
from bluejay_results import SimulationRun, _secrets
from bluejay_results.gate import Rules, gate
from bluejay_results.report.charts import MOST_RUNS, History, HistoryRow, Scale
from bluejay_results.report.conversations import moment_text, status_text
from bluejay_results.report.first_screen import MOST_OPENED, to_open
from bluejay_results.report.page import page as page_of_view
from contract_kit.tests.hostile import texts
from contract_kit.tests.tables import table
from hypothesis import given

from .. import builders
from ..gate.runs import FAILED, PASSED, VOID, callers, conversations, run_of
from .pages import HOSTILE, PAGES, page_of, saying
from .parsed import Parsed

ACTIVE = set("\x00\x07\x1b\u200e\u200f\u2028\u202a\u202e\u2066\u2069")


@table("name", [name for name in PAGES if name not in {"large", "megabyte"}])
def test_a_page_loads_nothing_and_runs_only_its_own_script(name: str) -> None:
    parsed = Parsed(PAGES[name]())
    [style], [*_, script] = parsed.code["style"], parsed.code["script"]
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in (style, script)
    )
    [policy] = [value for _, name, value in parsed.attributes if name == "content" and "default-src" in value]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )
    names = {name for _, name, _ in parsed.attributes}
    assert [
        each for each in names if each in {"style", "src", "srcset", "action"} or each.startswith("on")
    ] == []
    assert "link" not in {tag for tag, _ in parsed.elements}
    assert re.findall(r"url\((?!#)|@import", style) == []
    ids = {value for _, name, value in parsed.attributes if name == "id"}
    assert {value for _, name, value in parsed.attributes if name == "href" and value.startswith("#")} <= {
        f"#{each}" for each in ids
    }


def test_script_and_page_sizes_are_limited() -> None:
    empty = PAGES["empty"]()
    assert len(Parsed(empty).code["script"][-1].encode()) <= 2_000
    assert len(empty.encode()) <= 60_000
    assert len(PAGES["large"]().encode()) <= 2_000_000
    assert len(status_text("NO_" * 100)) == 100


@table("passed, listed", [(400, 1000), (401, 500)])
def test_a_page_lists_only_500_conversations_if_a_run_has_over_1000(passed: int, listed: int) -> None:
    page = page_of(run_of(*[FAILED] * 600, *[PASSED] * passed))
    assert page.count('<details id="c') == listed


def test_a_page_lists_over_500_conversations_if_the_reader_should_open_them() -> None:
    view = gate(run_of(*[FAILED] * 550, *[VOID] * 451))
    page = page_of_view(view).decode()
    first = [each for reason in to_open(view.runs[0]) for each in reason.results[:MOST_OPENED]]
    assert [each for each in first if f'href="#c{each.id}"' not in page] == []


@table("hostile", HOSTILE)
def test_hostile_text_cannot_inject_a_tag_into_a_page(hostile: str) -> None:
    plain, attacked = Parsed(page_of(saying("text"))), page_of(saying(hostile))
    parsed = Parsed(attacked)
    assert {tag for tag, _ in parsed.elements} == {tag for tag, _ in plain.elements}
    assert {each[:2] for each in parsed.attributes} == {each[:2] for each in plain.attributes}
    assert not ACTIVE & set(attacked)
    assert hostile is not HOSTILE[-1] or hostile in attacked  # the text of 1 MB is not cut


@given(texts)
def test_received_text_leaves_no_html_tag_open(said: str) -> None:
    assert Parsed(page_of(saying(said))).open == []


def _links(run: SimulationRun) -> set[str]:
    found = {value for _, name, value in Parsed(page_of(run, with_links=True)).attributes if name == "href"}
    return {each for each in found if not each.startswith(("#", "https://app.getbluejay.ai/"))}


def test_a_page_links_http_urls_only_and_only_on_request() -> None:
    url = "https://files.example/a.json?signature=secret"
    run = run_of(FAILED | {"transcript_url": url})
    assert "secret" not in page_of(run)
    assert _links(run) == {url}
    for bad in (
        *("javascript:alert(1)", "JaVaScRiPt://x/%0aalert(1)", "data:text/html,x"),
        *("ftp://x/y", "//x.example", "https:", "https://a\u202eb/"),
    ):
        assert _links(run_of(FAILED | {"audio_url": bad})) == set()


def test_the_key_is_masked_even_in_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_secrets, "_never_shown", [])
    _secrets.never_show("canary-6f2e91-of-the-page")
    said = builders.evaluation(goal_success=False, goal_reasoning="canary-6f2e91-of-the-page")
    link = FAILED | {"audio_url": "https://files.example/?key=canary-6f2e91-of-the-page"}
    assert "canary" not in page_of(run_of(link, {"evaluations": [said]}), with_links=True)


def test_the_history_contains_the_same_verdict_on_the_run_as_the_headline() -> None:
    """The base run decides, so a row that ignored it would say ship."""
    base, now = callers(*[(1, 0)] * 20, id="1"), callers(*[(1, 0)] * 8, *[(0, 1)] * 12)
    page = page_of(now, Rules(min_pass_rate=10), base=base, history=[base, now])
    [row] = re.findall(r'<tr class="current">.*?data-label="Verdict">([^<]+)', page)
    assert row == "Don&#39;t ship"


@table("count, older", [(MOST_RUNS, 0), (MOST_RUNS + 1, 1)])
def test_a_history_shows_the_newest_sixty_runs_in_chronological_order(count: int, older: int) -> None:
    row = HistoryRow.of(gate(conversations(4, 1)))
    first = evolve(row, id="the oldest", created_at=None)
    found = History.of([*(evolve(row, id=f"{number:03}") for number in range(1, count)), first][::-1])
    assert [each.id for each, _ in found.rows][-2:] == [f"{count - 2:03}", f"{count - 1:03}"]
    assert (found.rows[0][0].id == "the oldest", found.older) == (older == 0, older)


@table(
    "share, anchor",
    [(0, "start"), (14.9, "start"), (15, "middle"), (85, "middle"), (85.1, "end"), (120, "end")],
)
def test_a_label_near_an_end_stays_within_the_chart(share: float, anchor: str) -> None:
    mark = Scale(0, 10).mark(share / 10, "label")
    assert (mark.x, mark.anchor) == (f"{min(share, 100)}%", anchor)


@table(
    "received, shown",
    [
        ("2026-11-05T01:04:00+02:00", "4 Nov 2026, 23:04 UTC"),
        ("0001-01-01T00:00:00+14:00", "1 Jan 1, 00:00 UTC+14:00"),
        ("9999-12-31T23:59:59-14:00", "31 Dec 9999, 23:59 UTC-14:00"),
    ],
)
def test_a_time_is_shown_in_utc_unless_it_cannot_be_converted(received: str, shown: str) -> None:
    run = run_of(created_at=received)
    assert [moment_text(run.created_at), moment_text(None)] == [shown, "-"]
