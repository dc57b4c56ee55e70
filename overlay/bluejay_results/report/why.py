"""Why the decision is as it is, in sentences for a reader who doesn't know the options."""

from __future__ import annotations

from attrs import evolve

from ..gate.verdict import Cause, Finding, NoVerdict, PassRate, Verdict
from ..gate.words import reason
from ..writing.numbers import exact_text, number_text
from .words import capitalized


def why(verdict: Verdict | NoVerdict) -> str:
    """Return the reason for the decision. If the pass rate decides, the first sentence is about it."""
    if isinstance(verdict, NoVerdict):
        return f"{capitalized(reason(verdict))}."
    deciding = verdict.deciding[:1] if verdict.cause is Cause.KEPT else verdict.deciding
    rates = [each for each in deciding if each.rule == "min-pass-rate" and not each.is_confident]
    others = tuple(each for each in deciding if each not in rates)
    said = [_pass_rate(rates[0], verdict.pass_rate, verdict.cause)] if rates else []
    if others or not rates:
        said.append(reason(evolve(verdict, rules=others) if rates else verdict))
    return " ".join(f"{capitalized(each)}." for each in said)


def _pass_rate(finding: Finding, rate: PassRate, cause: Cause) -> str:
    """Return the pass rate as text, with all unknown conversations counted against the decision."""
    limit, total, unknown = finding.limit or 0.0, finding.total, rate.unknown
    least = f"the minimum is {exact_text(limit, '%')}"
    lowest, highest = (number_text(each or 0.0, "%", limit) for each in (rate.lowest, rate.highest))
    ones = "the unknown conversation" if unknown == 1 else f"the {unknown:,} unknown conversations"
    if not unknown:
        return f"{rate.passed:,} of {total:,} conversations passed, {lowest}; {least}"
    if cause is Cause.KEPT:
        return f"With {ones} counted as failed, {rate.passed:,} of {total:,} passed, {lowest}; {least}"
    if cause is Cause.BROKEN:
        most = rate.passed + unknown
        return f"Even with {ones} counted as passed, only {most:,} of {total:,} passed, {highest}; {least}"
    are = "is" if unknown == 1 else "are"
    return (
        f"{rate.passed:,} of {total:,} conversations passed and {unknown:,} {are} unknown, so the pass rate "
        f"is between {lowest.removesuffix(' %')} and {highest}; {least}"
    )
