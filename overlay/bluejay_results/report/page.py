"""Renders the page from templates, with a CSP that allows only the page's own style and script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from attrs import frozen

from .._extras import needed
from .._secrets import without_keys
from ..compare import comparison_text as compared
from ..gate import Decision, Rules, RunVerdict, Verdict, gate
from ..gate.next_step import how_sure, next_step
from ..gate.verdict import NoVerdict
from ..gate.verdict_text import NAME, finding_lines, page_url, plain, reason, rule_lines
from ..results.notes import notes
from ..results.run import SimulationRun
from ..writing.numbers import exact_text, figure_text, number_text, range_text
from ..writing.words import count_text
from . import conversations
from .charts import HEIGHT, History, HistoryRow, change_lines, height, latency_rows
from .first_screen import MOST_OPENED, MOST_REASONS, other_notes, outcomes, rate_chart, title, to_open
from .quality import quality_rows

_TEMPLATES = Path(__file__).with_name("templates")
_MANY = 1000
"""A page with at most this many conversations lists all of them."""
_MOST_LISTED = 500
"""With more than `_MANY` conversations, a page lists at most this many, and none that passed."""


def html_report(
    run: SimulationRun,
    rules: Rules | None = None,
    *,
    base: SimulationRun | None = None,
    history: Iterable[SimulationRun] = (),
    with_links: bool = False,
) -> bytes:
    """Return a page about a run: a single, reproducible file that loads nothing from the network.

    Args:
        run: The run.
        rules: The rules to check the run against, as in `gate`.
        base: The base run, as in `gate`.
        history: Runs of the simulation, including this run, in any order. All of them are checked against
            `rules`, and this run also against the base run. Only their figures are kept, so an iterator can
            load one run at a time.
        with_links: Whether to link to transcripts and audio. Anyone with the page can open these signed URLs.

    Raises:
        UsageError: jinja2 isn't installed; or as in `gate`.
    """
    verdict = gate(run, rules, base=base)
    rows = [HistoryRow.of(verdict if each.id == run.id else gate(each, rules)) for each in history]
    return page(verdict, rows, with_links=with_links)


@frozen
class CIJob:
    """The CI job that wrote a page.

    Attributes:
        commit: The commit that was checked; empty if unknown.
        url: The job's URL; empty if unknown.
    """

    commit: str = ""
    url: str = ""


def page(
    verdict: Verdict,
    history: Sequence[HistoryRow] = (),
    *,
    name: str = NAME,
    job: CIJob = CIJob(),
    with_links: bool = False,
) -> bytes:
    """Return the page about a verdict. It has a section per run."""
    style, script = _asset("style.css"), _asset("script.js")
    _plain.cache_clear()  # a key registered since the last page must be masked too
    text: str = (
        _environment()
        .get_template("page.html.jinja")
        .render(
            policy=_policy(style, script),
            style=style,
            script=script,
            verdict=verdict,
            name="" if name == NAME else name,
            runs=sorted(verdict.each_run, key=_shipping_last),
            why=f"{conversations.capitalized(reason(verdict))}.",
            next_step=next_step(verdict),
            sections=[_section(each) for each in sorted(verdict.runs, key=_shipping_last)],
            history=History.of(history),
            job=job,
            with_links=with_links,
        )
    )
    return text.encode()


def _shipping_last(verdict: RunVerdict | NoVerdict) -> bool:
    """A sort key that puts the runs that ship last."""
    return verdict.decision is Decision.SHIP


def _section(verdict: RunVerdict) -> dict[str, Any]:
    """Return the template variables for a run's section."""
    reasons, minimum, failing = to_open(verdict), verdict.min_pass_rate, verdict.not_passed
    run, passed = verdict.run, verdict.run.passed
    comparison = next((each.comparison for each in verdict.findings if each.comparison), None)
    if len(run.results) > _MANY:  # the conversations to open first are always listed
        first = [each for reason in reasons[:MOST_REASONS] for each in reason.results[:MOST_OPENED]]
        failing = tuple({each.id: each for each in (*first, *failing)}.values())[:_MOST_LISTED]
        passed = ()
    return {
        "verdict": verdict,
        "rate": rate_chart(verdict.pass_rate, minimum),
        "outcomes": outcomes(run),
        "to_open": reasons,
        "notes": other_notes(run),
        "quality": quality_rows(verdict),
        "how_sure": how_sure(verdict),
        "ids": {each.id for each in (*failing, *passed)},
        "callers": conversations.caller_rows(verdict),
        "comparison": comparison,
        "base_notes": notes(comparison.base) if comparison else (),
        "rules": rule_lines(verdict),
        "latency": latency_rows(verdict),
        "min_pass_rate": minimum,
        "listed": failing,
        "passed": passed,
        "left_out": len(run.results) - len(failing) - len(passed),
    }


@cache
def _environment() -> Any:
    """Return the template environment, which masks and escapes every value."""
    jinja2 = needed("jinja2", "report")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_safe,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["tight"] = _tight
    environment.globals |= {
        "count_text": count_text,
        "exact_text": exact_text,
        "figure_text": figure_text,
        "number_text": number_text,
        "range_text": range_text,
        "conversations": conversations,
        "compared": compared,
        "change_lines": change_lines,
        "most_rows": conversations.MOST_ROWS,
        "most_opened": MOST_OPENED,
        "most_reasons": MOST_REASONS,
        "height": height,
        "chart_height": HEIGHT,
        "capitalized": conversations.capitalized,
        "finding_lines": finding_lines,
        "page_url": page_url,
        "reason": reason,
        "title": title,
        "unmasked": without_keys,
    }
    return environment


def _safe(value: object) -> object:
    """In a value's text, escape characters that reorder or split a line, and mask keys and signed URLs."""
    return value if hasattr(value, "__html__") else _plain(str(value))


def _tight(text: str) -> Any:
    """Return text as markup without line breaks before percent signs."""
    markup: Any = needed("markupsafe", "report")
    return markup.Markup(str(markup.escape(_plain(text))).replace(" %", "\N{NO-BREAK SPACE}%"))


@lru_cache(100_000)
def _plain(text: str) -> str:
    return plain(text, None)  # cached because most strings occur many times on a page


@cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    allowed = f"style-src {_hash(style)}; script-src {_hash(script)}"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
