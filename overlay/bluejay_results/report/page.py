"""Renders the page from templates, with a policy that allows only the page's own style and script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from .._extras import needed
from ..compare import Comparison
from ..compare import words as compared
from ..gate import gate
from ..gate.rules import Rules
from ..gate.verdict import Verdict
from ..gate.words import page_url, plain, rule_lines
from ..results.outcome import Outcome
from ..results.run import SimulationRun
from ..writing.numbers import exact_text, figure_text, number_text, range_text
from ..writing.safe_text import without_keys
from ..writing.words import count_text
from . import conversations, words
from .callers import MOST_ROWS, caller_rows
from .charts import HEIGHT, change_lines, height, history_rows, latency_rows
from .first_screen import outcomes, rate_chart, title, to_open, with_reasons
from .next_step import next_step
from .why import why

_TEMPLATES = Path(__file__).with_name("templates")
_MANY = 1000
"""If there are at most this many conversations, a page lists all of them."""
_MOST_LISTED = 500
"""If there are more than `_MANY`, a page lists at most this many conversations, and none that passed."""


def html_report(
    run: SimulationRun,
    rules: Rules | None = None,
    *,
    comparison: Comparison | None = None,
    history: Sequence[SimulationRun] = (),
    with_links: bool = False,
) -> bytes:
    """Return a page about a run: one file that uses no network. The same arguments give the same bytes.

    Args:
        run: The run.
        rules: The rules by which the run is judged, as in `gate`.
        comparison: The comparison of the run with a base run.
        history: Runs of the simulation, including this run, in any order. All runs are judged by `rules`.
        with_links: Whether to link to transcripts and audio. Anyone with the page can open these signed URLs.

    Raises:
        UsageError: jinja2 isn't installed.
    """
    verdicts = [gate(each, rules) for each in history]
    return page(gate(run, rules), comparison, verdicts, with_links=with_links)


def page(
    verdict: Verdict,
    comparison: Comparison | None = None,
    history: Sequence[Verdict] = (),
    *,
    with_links: bool = False,
) -> bytes:
    """Return the page about a verdict, or about a gate that failed before it had a verdict."""
    first, minimum, failing = to_open(verdict), verdict.min_pass_rate, verdict.conversations()
    passed = [each for each in verdict.results if each.outcome is Outcome.PASSED]
    style, script = _asset("style.css"), _asset("script.js")
    if len(verdict.results) > _MANY:  # the conversations to open first are always listed
        failing = list({each.id: each for each in (*first, *failing)}.values())[:_MOST_LISTED]
        passed = []
    _plain.cache_clear()  # a key that is new since the last page must be masked too
    text: str = (
        _environment()
        .get_template("page.html.jinja")
        .render(
            policy=_policy(style, script),
            style=style,
            script=script,
            verdict=verdict,
            run=verdict.run,
            why=why(verdict),
            next_step=next_step(verdict),
            app_url=page_url(verdict.run),
            rate=rate_chart(
                verdict.pass_rate, minimum, is_confident=any(each.is_confident for each in verdict.rules)
            ),
            outcomes=outcomes(verdict.run),
            to_open=with_reasons(first, verdict),
            ids={each.id for each in (*failing, *passed)},
            callers=caller_rows(verdict),
            comparison=comparison,
            rules=rule_lines(verdict),
            latency=latency_rows(verdict),
            history=history_rows(history),
            min_pass_rate=minimum,
            listed=failing,
            passed=passed,
            left_out=len(verdict.results) - len(failing) - len(passed),
            with_links=with_links,
        )
    )
    return text.encode()


@cache
def _environment() -> Any:
    """Return the environment of the templates, which masks and escapes every value."""
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
    environment.globals |= {
        "words": words,
        "count_text": count_text,
        "exact_text": exact_text,
        "figure_text": figure_text,
        "number_text": number_text,
        "range_text": range_text,
        "conversations": conversations,
        "compared": compared,
        "change_lines": change_lines,
        "most_rows": MOST_ROWS,
        "height": height,
        "chart_height": HEIGHT,
        "title": title,
        "unmasked": without_keys,
    }
    return environment


def _safe(value: object) -> object:
    """In a value's text, escape characters that reorder or split a line, and mask keys and signed URLs."""
    return value if hasattr(value, "__html__") else _plain(str(value))


@lru_cache(100_000)
def _plain(text: str) -> str:
    return plain(text, None)  # cached, because most texts occur many times in a page


@cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    allowed = f"style-src {_hash(style)}; script-src {_hash(script)}"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
