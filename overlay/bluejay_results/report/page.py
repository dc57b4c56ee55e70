"""Renders the page from templates, with a policy that allows only the page's own style and script."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .._extras import needed
from ..compare import Comparison, compare
from ..compare.words import drop_text
from ..gate.reports.content import groups, outcomes_text, page_url, plain, rows
from ..gate.reports.failure import Failure
from ..gate.reports.text import explanations
from ..gate.rules_and_defaults import Rules
from ..gate.verdict import Verdict
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..writing.safe_text import percent_text, without_keys
from . import conversations, words
from .callers import callers, caption_text
from .comparison import change_of, delta_rows, pair_rows
from .figures import metric_rows, tool_rows
from .first_screen import (
    comparison_text,
    decision_reason,
    doubt_text,
    is_link,
    open_first,
    outcomes,
    pass_rate,
    title,
)
from .history import HEIGHT, history_of
from .latency import latency_rows

_TEMPLATES = Path(__file__).with_name("templates")
_PACK = 100
"""How many conversations are compressed together; the browser unpacks them when one of them is opened."""
_NO_SOURCES: Mapping[str, str] = MappingProxyType({})


def html_report(
    verdict: Verdict,
    rules: Rules | None = None,
    *,
    comparison: Comparison | None = None,
    history: Sequence[Verdict] = (),
    sources: Mapping[str, str] = _NO_SOURCES,
    with_links: bool = False,
) -> bytes:
    """Return a page about a run: one file that uses no network. The same arguments give the same bytes.

    Args:
        verdict: The verdict of `gate` on the run.
        rules: The rules of that verdict. Default: the default rules.
        comparison: A comparison of the run with an earlier run. Default: with the baseline, if there is one.
        history: The verdicts on runs of the simulation, including this run, in any order.
        sources: Where each rule was set, by the name of its option. Any other rule has its default.
        with_links: Whether to link to transcripts and audio. Anyone with the page can open these signed URLs.

    Raises:
        UsageError: jinja2 isn't installed.
    """
    _plain.cache_clear()  # a key may have become known since
    rules = Rules() if rules is None else rules
    if comparison is None and rules.baseline:
        comparison = compare(rules.baseline, verdict.run, max_void=rules.max_void)
    environment, run = _environment(), verdict.run
    style, script = (_asset(name) for name in ("style.css", "script.js"))
    listed = conversations.in_order(run)
    texts = {each.id: _details(each, run, with_links=with_links) for each in listed}
    packed = [each for each in listed if conversations.is_packed(each)]
    parts: dict[str, Any] = {
        "policy": _policy(style, script),
        "style": style,
        "script": script,
        "verdict": verdict,
        "run": run,
        "title": title(verdict),
        "reason": decision_reason(verdict),
        "app_url": page_url(run),
        "counts": outcomes_text(run),
        "pass_rate": pass_rate(verdict, rules),
        "outcomes": outcomes(run),
        "doubt": doubt_text(verdict, rules),
        "compared": comparison_text(comparison),
        "open_first": open_first(verdict, comparison),
        "rules": list(zip(rows(verdict), explanations(verdict, sources), strict=True)),
        "groups": groups(verdict),
        "callers": callers(run),
        "latency": latency_rows(run, rules),
        "metrics": metric_rows(verdict),
        "tools": tool_rows(run),
        "history": history_of(history, rules, run.id) if history else None,
        "history_height": HEIGHT,
        "comparison": comparison,
        "change": change_of(comparison) if comparison else None,
        "drop": drop_text(comparison) if comparison else "",
        "worse": pair_rows(comparison.worse) if comparison else [],
        "better": pair_rows(comparison.better) if comparison else [],
        "deltas": delta_rows(comparison.deltas) if comparison else [],
        "listed": listed,
        "details": texts,
        "packs": list(_packs(packed, texts)),
        "pack_of": {each.id: place // _PACK for place, each in enumerate(packed)},
    }
    text: str = environment.get_template("page.html.jinja").render(parts)
    return text.encode()


def failure_report(failure: Failure) -> bytes:
    """Return a page that says why a gate ended without a verdict."""
    _plain.cache_clear()
    style = _asset("style.css")
    template = _environment().get_template("failure.html.jinja")
    text: str = template.render(policy=_policy(style), style=style, failure=failure, app_url=failure.url)
    return text.encode()


def _details(result: SimulationResult, run: SimulationRun, *, with_links: bool) -> str:
    text: str = (
        _environment()
        .get_template("conversation.html.jinja")
        .render(c=conversations.conversation(result), app_url=page_url(run), with_links=with_links)
    )
    return text


def _packs(packed: Sequence[SimulationResult], texts: Mapping[int, str]) -> Iterator[str]:
    """Yield the details of conversations as JSON by id, compressed and in base64."""
    for begin in range(0, len(packed), _PACK):
        group = {f"{each.id}": texts[each.id] for each in packed[begin : begin + _PACK]}
        data = json.dumps(group, ensure_ascii=False, separators=(",", ":")).encode()
        yield base64.b64encode(gzip.compress(data, mtime=0)).decode()


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
        "letters": words.LETTERS,
        "kind": words.kind,
        "outcome_text": words.outcome_text,
        "moment": words.moment_text,
        "counted": words.count_text,
        "status": words.status_text,
        "rule_title": words.rule_title,
        "percent": percent_text,
        "caption": caption_text,
        "short": plain,
        "why": conversations.reason_text,
        "is_link": is_link,
        "unmasked": without_keys,
        "is_packed": conversations.is_packed,
        "duration": conversations.duration_text,
        "p95": conversations.p95_text,
        "tools_called": conversations.tools_called_text,
    }
    return environment


def _safe(value: object) -> object:
    """Escape characters that reorder or split a line, and mask keys and signed URLs, in every text."""
    is_markup = hasattr(value, "__html__")
    return _plain(f"{value}") if isinstance(value, str) and not is_markup else value


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
