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
from ..gate.reports.content import page_url, plain
from ..gate.reports.failure import Failure
from ..gate.verdict import Verdict
from ..gate.words import not_passed, notes, rule_lines
from ..results.outcome import Outcome
from ..writing.safe_text import without_keys
from . import conversations, words
from .callers import MOST_ROWS, callers
from .comparison import change_lines
from .first_screen import min_pass_rate, outcomes, rate_chart, title, to_open
from .history import HEIGHT, height, history_rows
from .latency import latency_rows
from .next_step import next_step
from .why import why

_TEMPLATES = Path(__file__).with_name("templates")
_MANY = 1000
"""With more conversations, the page lists those that did not pass, at most `_MOST_LISTED`."""
_MOST_LISTED = 500


def html_report(
    verdict: Verdict,
    *,
    comparison: Comparison | None = None,
    history: Sequence[Verdict] = (),
    with_links: bool = False,
) -> bytes:
    """Return a page about a run: one file that uses no network. The same arguments give the same bytes.

    Args:
        verdict: The verdict of `gate` on the run.
        comparison: The comparison of the run with a base run.
        history: The verdicts on runs of the simulation, including this run, in any order.
        with_links: Whether to link to transcripts and audio. Anyone with the page can open these signed URLs.

    Raises:
        UsageError: jinja2 isn't installed.
    """
    run, first, minimum = verdict.run, to_open(verdict), min_pass_rate(verdict)
    style, script = _asset("style.css"), _asset("script.js")
    is_long = len(run.results) > _MANY
    failing = not_passed(verdict)
    if is_long:  # those to open first are listed even if there are many others
        opened = [each for each in first if each.outcome is not Outcome.PASSED]
        failing = list({each.id: each for each in (*opened, *failing)}.values())[:_MOST_LISTED]
    passed = () if is_long else run.passed
    return _rendered(
        "page.html.jinja",
        policy=_policy(style, script),
        style=style,
        script=script,
        verdict=verdict,
        run=run,
        why=why(verdict),
        next_step=next_step(verdict),
        app_url=page_url(run),
        rate=rate_chart(verdict.pass_rate, minimum),
        outcomes=outcomes(run),
        to_open=first,
        ids={each.id for each in (*failing, *passed)},
        notes=notes(verdict),
        callers=callers(run),
        comparison=comparison,
        rules=rule_lines(verdict),
        latency=latency_rows(run),
        history=history_rows(history),
        min_pass_rate=minimum,
        listed=failing,
        passed=passed,
        left_out=len(run.results) - len(failing) - len(passed),
        with_links=with_links,
    )


def failure_report(failure: Failure) -> bytes:
    """Return a page that says why a gate ended without a verdict."""
    style = _asset("style.css")
    return _rendered("failure.html.jinja", policy=_policy(style), style=style, failure=failure)


def _rendered(name: str, **parts: Any) -> bytes:
    _plain.cache_clear()  # a key may have become known since the last page
    text: str = _environment().get_template(name).render(parts)
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
    """Escape characters that reorder or split a line, and mask keys and signed URLs, in every text."""
    return _plain(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


@lru_cache(100_000)
def _plain(text: str) -> str:
    return plain(text, None)  # most texts of a page occur many times


@cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str = "") -> str:
    allowed = f"style-src {_hash(style)}; " + (f"script-src {_hash(script)}; " if script else "")
    return f"default-src 'none'; {allowed}base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
