"""The page as a file: its policy, its size, its reproducible bytes, and the texts of the gate."""

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.compare import compare, sentence
from bluejay_results.gate import Rules, Verdict, gate
from bluejay_results.gate.reports import text_parts
from bluejay_results.report import html_report
from bluejay_results.report.first_screen import doubt_text, open_first, outcomes, pass_rate
from bluejay_results.writing import safe_text
from hypothesis import given

from .. import builders
from ..gate import verdicts
from ..gate.runs import FAILED, PASSED, callers, run_of
from .pages import HOSTILE, PAGES, page_of, saying, scenario

VOID_TAGS = {"meta", "br", "input"}
ACTIVE = set("\x00\x07\x1b\u200e\u200f\u2028\u202a\u202e\u2066\u2069")


class Parsed(HTMLParser):
    """A page: its tags, its attributes, its texts, and the contents of its style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.code: dict[str, list[str]] = {"style": [], "script": []}
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.code:
            self.code[self.open[-1]].append(data)
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def unpacked(page: str) -> dict[str, str]:
    """The details of the conversations that passed, by id."""
    packs = re.findall(r'<script type="application/gzip" id="pack\d+">([^<]*)</script>', page)
    found: dict[str, str] = {}
    for each in packs:
        found |= json.loads(gzip.decompress(base64.b64decode(each)))
    return found


@pytest.fixture(scope="module", params=[name for name in PAGES if name not in {"large", "10000", "megabyte"}])
def page(request: pytest.FixtureRequest) -> str:
    return PAGES[request.param]()


def test_the_policy_allows_only_the_pages_own_style_and_script_by_their_hashes(page: str) -> None:
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


def test_a_page_has_no_style_attribute_no_handler_and_no_url_to_load(page: str) -> None:
    parsed = Parsed(page)
    names = {name for _, name, _ in parsed.attributes}
    assert {
        name for name in names if name in {"style", "src", "srcset", "action"} or name.startswith("on")
    } == set()
    assert "link" not in parsed.tags
    assert re.findall(r"url\((?!#)|@import", parsed.code["style"][0]) == []


def test_the_script_takes_at_most_12_kb() -> None:
    assert len(Parsed(PAGES["empty"]()).code["script"][-1].encode()) <= 12_000


def test_the_page_of_an_empty_run_takes_at_most_80_kb() -> None:
    assert len(PAGES["empty"]().encode()) <= 80_000


def test_the_page_of_1000_conversations_takes_at_most_3_mb() -> None:
    assert len(PAGES["large"]().encode()) <= 3_000_000


def test_the_same_run_makes_the_same_bytes() -> None:
    assert PAGES["compared"]() == PAGES["compared"]()


@pytest.mark.parametrize("verdict", verdicts.BY_DECISION, ids=lambda each: each.decision.name)
def test_a_page_contains_the_text_report_of_the_gate(verdict: Verdict) -> None:
    shown = Parsed(html_report(verdict).decode()).text
    parts = text_parts(verdict, explain=True, sources={})
    cells = [cell for row in parts.rows for cell in (row.rule, row.wanted, row.measured, row.verdict)]
    decision, _, reason = parts.head[0].partition(": ")
    assert [said for said in (reason, *cells, *parts.details) if said not in shown] == []
    assert decision in {"ship", "don't ship"} or "Can't tell" in shown


def test_the_first_screen_has_pass_rate_outcomes_doubt_and_what_to_open_first() -> None:
    verdict, rules = gate(scenario("no_calls")), Rules()
    said = [pass_rate(verdict, rules).words, doubt_text(verdict, rules)]
    said += [f"{each.count} {each.text}" for each in outcomes(verdict.run)]
    said += [
        f"{each.result.id} caller {each.result.digital_human_id}: {each.reason}"
        for each in open_first(verdict, None)
    ]
    first = Parsed(PAGES["doubt"]()).text.partition(" Rules ")[0]
    assert [each for each in said if each not in first] == []


def test_an_empty_run_still_has_every_section() -> None:
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", PAGES["empty"]())
    sections = "Rules Reasons Compared Callers Latency Metrics Tools Conversations Words"
    assert headings == ["Pass rate", "Outcomes", "Open first", *sections.split()]


def test_the_sentence_about_the_comparison_occurs_once() -> None:
    base, new = callers((3, 0), (3, 0), id="1"), callers((3, 0), (0, 3), id="2")
    comparison = compare(base, new)
    assert Parsed(page_of(new, comparison=comparison)).text.count(sentence(comparison)) == 1


def test_the_flag_that_changed_most_is_named_beside_the_comparison() -> None:
    flags = [{"evaluations": [builders.evaluation(hallucination=said)]} for said in (False, True)]
    base, new = (
        run_of(*({"digital_human_id": caller} | flags[now] for caller in (1, 2)), id=f"{now}")
        for now in (0, 1)
    )
    said = Parsed(page_of(new, comparison=compare(base, new))).text
    assert "Also changed: hallucination 0.0 to 100.0 %." in said


def test_a_baseline_in_the_rules_is_compared_with_the_run() -> None:
    base, new = callers((3, 0), (3, 0), id="1"), callers((3, 0), (0, 3), id="2")
    assert sentence(compare(base, new)) in Parsed(page_of(new, Rules(baseline=base))).text


def test_failed_and_doubtful_conversations_are_readable_without_script() -> None:
    run = scenario("settled")
    texts = Parsed(page_of(run)).text
    for each in run.results:
        if each.evaluation and each.evaluation.call_summary and (each.outcome != "passed" or each.doubt):
            assert each.evaluation.call_summary in texts


def test_the_details_of_a_conversation_that_passed_are_compressed() -> None:
    run = run_of(PASSED, FAILED)
    packed = unpacked(page_of(run))
    assert list(packed) == ["1"]
    assert "Goal reached" in packed["1"]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_adds_no_tag_no_attribute_and_no_active_character(hostile: str) -> None:
    plain, attacked = Parsed(page_of(saying("text"))), page_of(saying(hostile))
    parsed = Parsed(attacked)
    assert set(parsed.tags) == set(plain.tags)
    assert {each[:2] for each in parsed.attributes} == {each[:2] for each in plain.attributes}
    for each in unpacked(attacked).values():
        assert set(Parsed(each).tags) <= set(plain.tags)
        assert not ACTIVE & set(each)
    assert not ACTIVE & set(attacked)


@given(verdicts.texts)
def test_no_received_text_unbalances_the_tags(said: str) -> None:
    verdict = verdicts.saying(said)
    assert Parsed(html_report(verdict).decode()).open == []


def test_a_long_text_is_not_cut() -> None:
    assert "x" * 5000 in page_of(run_of({"evaluations": [_failed("x" * 5000)]}))


def _failed(reasoning: str) -> dict[str, Any]:
    return builders.evaluation(goal_success=False, goal_reasoning=reasoning)


def _links(run: SimulationRun, *, with_links: bool) -> set[str]:
    found = {
        value for _, name, value in Parsed(page_of(run, with_links=with_links)).attributes if name == "href"
    }
    return {each for each in found if not each.startswith(("#", "https://app.getbluejay.ai/"))}


def test_signed_urls_are_left_out_unless_they_are_asked_for() -> None:
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
    monkeypatch.setattr(safe_text, "_never_shown", [])
    safe_text.never_show("canary-6f2e91-of-the-page")
    run = run_of(
        FAILED | {"audio_url": "https://files.example/?key=canary-6f2e91-of-the-page"},
        {"evaluations": [_failed("canary-6f2e91-of-the-page")]},
    )
    assert "canary" not in page_of(run, with_links=True)


def test_a_page_shows_the_thresholds_of_its_rules() -> None:
    assert "at least 90 %" in page_of(callers((8, 2), (9, 1)), Rules(min_pass_rate=90))
