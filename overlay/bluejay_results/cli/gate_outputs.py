"""The outputs of the command `gate`: stdout, files and, on GitHub, the outputs of the workflow's step."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from attrs import define, field, frozen
from rich.console import Console
from rich.text import Text

from bluejay_results.errors import UsageError
from bluejay_results.gate import Decision, RuleVerdict, reports
from bluejay_results.gate.verdict import KnownIds, NoVerdict, Verdict
from bluejay_results.gate.verdict_text import headline, page_url, pass_rate_text, plain, rule_lines
from bluejay_results.results.app_url import run_id_in, simulation_id_in

from ..writing.files import Channel, Output, check_distinct, output, write_all
from ..writing.streams import encoded, styled_lines, write_annotations
from ..writing.words import outcomes_text
from .exit_codes import ExitCode
from .layout import console, table, wrapped
from .process import ending
from .run_text import group_lines
from .source import is_saved

_SMALLEST_SUMMARY = 2_000
"""The minimum size of a step summary, in bytes, even if the file is nearly full."""


@frozen
class Outputs:
    """The outputs of one call.

    Attributes:
        is_json: Whether to write JSON to stdout instead of text.
        reports: The outputs that the user or GitHub named: `junit`, `comment`, `html`, `summary`, `github`.
    """

    is_json: bool
    reports: dict[str, Output]

    @classmethod
    def named(cls, *, is_json: bool, junit: str | None, comment: str | None, html: str | None) -> Outputs:
        """Return the outputs that the options and the environment name; raise UsageError for a bad path."""
        environ = os.environ
        found = {
            "junit": None if junit is None else output("--junit", junit),
            "comment": None if comment is None else output("--comment", comment),
            "html": None if html is None else output("--html", html),
            "summary": _appended("GITHUB_STEP_SUMMARY", environ.get("GITHUB_STEP_SUMMARY")),
            "github": _appended("GITHUB_OUTPUT", environ.get("GITHUB_OUTPUT")),
        }
        return cls(is_json, {name: each for name, each in found.items() if each})

    @property
    def paths(self) -> list[str]:
        """The paths of the reports, as the user or GitHub named them."""
        return [each.path for each in self.reports.values()]

    def check(self, inputs: Iterable[tuple[str, str]]) -> None:
        """Raise UsageError if an output is also an input or another output. Call this before files change.

        Args:
            inputs: For each file that is read, its name for messages and its path.
        """
        stdout = [Output("--json", "-", Channel.STDOUT)] if self.is_json else []
        check_distinct([*stdout, *self.reports.values()], inputs)

    def prepare(self) -> None:
        """Remove the files of an earlier verdict, so that nobody mistakes them for the result of this call.

        Raises:
            UsageError: An output can't be written.
        """
        for each in self.reports.values():
            each.prepare()

    def write(self, verdict: Verdict) -> None:
        """Write every output; if that fails, raise UsageError and leave no file with the verdict."""
        contents = [(each, self._report(name, verdict)) for name, each in self.reports.items()]
        if self.is_json:
            contents.append((Output("--json", "-", Channel.STDOUT), verdict.to_json()))
        else:
            contents.append((self._text_output(), self._text(verdict)))
        write_all(contents)
        _annotate(verdict)

    def write_failure(self, verdict: NoVerdict) -> None:
        """Write the reason for the missing verdict to each report that can be written."""
        for name, each in self.reports.items():
            with suppress(UsageError, OSError):  # the error that ended the call is reported, not this one
                write_all([(each, self._report(name, verdict))])
        _annotate(verdict)

    def _report(self, name: str, verdict: Verdict | NoVerdict) -> bytes:
        """Return the report with this name."""
        match name:
            case "junit":
                return reports.junit(verdict)
            case "html":
                from ..report.page import page  # loaded late: it needs an extra

                return page(verdict)
            case "comment":
                text = reports.comment(verdict)
            case "summary":
                text = reports.summary(verdict, self._bytes_left())
            case _:
                text = reports.github_output(verdict)
        return text.encode()

    def _text_output(self) -> Output:
        """Return the output for the text: stderr if a report goes to stdout."""
        if any(each.is_stdout for each in self.reports.values()):
            return Output("the verdict", "-", Channel.STDERR)
        return Output("the verdict", "-", Channel.STDOUT)

    def _text(self, verdict: Verdict) -> bytes:
        stderr = self._text_output().kind is Channel.STDERR
        screen = console(stderr=stderr)
        return encoded(styled_lines(gate_lines(verdict, screen), screen), stderr=stderr)

    def _bytes_left(self) -> int:
        """Return how many more bytes GitHub accepts in this step's summary."""
        summary = self.reports.get("summary")
        return max(reports.LIMIT - (summary.size if summary else 0), _SMALLEST_SUMMARY)


@define
class KnownRun:
    """The known ids of the run and its simulation, for the reports if there is no verdict."""

    _known: KnownIds = field(factory=KnownIds)

    @classmethod
    def of(cls, source: str | None, simulation: str | None) -> KnownRun:
        """Return the ids in RUN or --queue. If RUN is a URL, it also contains the simulation's id."""
        known = cls()
        with suppress(UsageError):  # a wrong URL is reported later
            if simulation is not None:
                known.know(simulation_id_in(simulation))
            elif source is not None and source.startswith(("http://", "https://")):
                known.know(simulation_id_in(source), run_id_in(source))
            elif source is not None and not is_saved(source):
                known.know("", source)
        return known

    def know(self, simulation_id: str, run_id: str = "") -> None:
        """Store the ids."""
        self._known = KnownIds(run_id, simulation_id)

    @contextmanager
    def failures_in(self, outputs: Outputs) -> Iterator[None]:
        """Write an error to the outputs, then raise it again."""
        try:
            yield
        except BaseException as error:
            outputs.write_failure(NoVerdict(*_exit_of(error), self._known))
            raise


def _exit_of(error: BaseException) -> tuple[int, str]:
    """Return the exit code for an error, and its message."""
    return ending(error) or (ExitCode.USAGE, ExitCode.USAGE.meaning)


def _appended(variable: str, path: str | None) -> Output | None:
    return output(variable, path, is_appended=True) if path else None


def _annotate(verdict: Verdict | NoVerdict) -> None:
    if os.environ.get("GITHUB_ACTIONS") == "true":
        write_annotations(reports.annotations(verdict))


_DECISIONS = {Decision.SHIP: "bold green", Decision.DONT_SHIP: "bold red"}
_STYLES: dict[str, str] = {
    "met": "green",
    "not met": "red",
    RuleVerdict.KEPT: "green",
    RuleVerdict.BROKEN: "red",
    RuleVerdict.INCONCLUSIVE: "yellow",
    RuleVerdict.NOT_APPLICABLE: "dim",
}


def gate_lines(verdict: Verdict, console: Console) -> Iterator[Text]:
    """Yield the lines about a verdict, starting with the decision and the reason for it."""
    yield from wrapped(Text(headline(verdict), _DECISIONS.get(verdict.decision, "bold yellow")), console)
    yield from wrapped(Text(f"Run {plain(verdict.run.id)}: {outcomes_text(verdict.run)}"), console)
    if verdict.measurement:
        yield from wrapped(Text(f"Pass rate: {pass_rate_text(verdict)}"), console)
        yield from _rules(verdict, console)
    yield from group_lines(verdict.not_passed, console)
    for note in verdict.run.notes:
        yield from wrapped(Text(f"Note: {plain(note)}", "yellow"), console)
    if url := page_url(verdict.run):
        yield Text(f"App: {url}")


def _rules(verdict: Verdict, console: Console) -> Iterator[Text]:
    """Yield the verdict of each rule."""
    lines = rule_lines(verdict)
    found = ["; ".join(filter(None, (each.value.strip("-"), each.remark))) for each in lines]
    rules = [": ".join(filter(None, (each.rule, text))) for each, text in zip(lines, found, strict=True)]
    verdicts = {"verdict": [each.verdict for each in lines]}
    yield from table(verdicts, ("rule", rules), console, styles=_STYLES)
