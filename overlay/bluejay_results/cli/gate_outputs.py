"""The outputs of the command `gate`: stdout, files and, on GitHub, the outputs of the workflow's step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from bluejay_results.errors import UsageError
from bluejay_results.gate import Decision, RuleVerdict, Verdict, reports
from bluejay_results.gate.reports import TITLES, Failure, text_parts
from bluejay_results.results.app_url import page_of_run, run_id_in, simulation_id_in

from ..writing.files import Kind, Output, check_distinct, output, write_all
from ..writing.streams import encoded, is_terminal, plain_lines, styled_lines, write_annotations
from .endings import ending
from .exit_codes import ExitCode
from .source import is_saved

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from bluejay_results.gate.rule_words import Line

_SMALLEST_SUMMARY = 2_000
"""The minimum size of a step summary, in bytes, even if the file is nearly full."""
_DECISIONS = {Decision.SHIP: "bold green", Decision.REFUSE: "bold red"}
_STYLES: dict[str, str] = {
    "met": "green",
    "not met": "red",
    RuleVerdict.KEPT: "green",
    RuleVerdict.BROKEN: "red",
    RuleVerdict.INCONCLUSIVE: "yellow",
    RuleVerdict.NOT_APPLICABLE: "dim",
}
_INDENT = 2


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
        """Raise UsageError if a file has two uses. Call this before any file is changed.

        Args:
            inputs: For each file that is read, its name for messages and its path.
        """
        stdout = [Output("--json", "-", Kind.STDOUT)] if self.is_json else []
        check_distinct([*stdout, *self.reports.values()], inputs)

    def prepare(self) -> None:
        """Remove the files of an earlier verdict, so that nobody mistakes them for the result of this call.

        Raises:
            UsageError: An output can't be written.
        """
        for each in self.reports.values():
            each.prepare()

    def write(self, verdict: Verdict) -> None:
        """Write every output, or raise UsageError and leave no file with the verdict."""
        reported = {
            "junit": reports.junit(verdict),
            "comment": reports.comment(verdict).encode(),
            **self._page(lambda page: page.html_report(verdict)),
            "summary": reports.summary(verdict, self._room()).encode(),
            "github": reports.github_output(verdict).encode(),
        }
        contents = [(each, reported[name]) for name, each in self.reports.items()]
        if self.is_json:
            contents.append((Output("--json", "-", Kind.STDOUT), reports.report_json(verdict)))
        else:
            contents.append((self._text_output(), self._text(verdict)))
        write_all(contents)
        _annotate(reports.annotations(verdict))

    def write_failure(self, failure: Failure) -> None:
        """To each output that can be written, write why there is no verdict."""
        reported = {
            "junit": reports.failure_junit(failure),
            "comment": reports.failure_comment(failure).encode(),
            **self._page(lambda page: page.failure_report(failure)),
            "summary": reports.failure_summary(failure).encode(),
            "github": reports.failure_output(failure).encode(),
        }
        for name, each in self.reports.items():
            with suppress(UsageError, OSError):  # the error that ended the call is reported, not this one
                write_all([(each, reported[name])])
        _annotate(reports.failure_annotations(failure))

    def _page(self, made: Callable[[ModuleType], bytes]) -> dict[str, bytes]:
        """Return the page, if the user named a file for it."""
        return {"html": made(import_module("bluejay_results.report"))} if "html" in self.reports else {}

    def _text_output(self) -> Output:
        """Return the output for the text: stderr if a report goes to stdout."""
        if any(each.is_stdout for each in self.reports.values()):
            return Output("the verdict", "-", Kind.STDERR)
        return Output("the verdict", "-", Kind.STDOUT)

    def _text(self, verdict: Verdict) -> bytes:
        stderr = self._text_output().kind is Kind.STDERR
        if is_terminal(stderr=stderr):
            text = _view(verdict, stderr=stderr)
        else:
            text = plain_lines(reports.text(verdict))
        return encoded(text, stderr=stderr)

    def _room(self) -> int:
        """Return how many more bytes GitHub accepts in this step's summary."""
        summary = self.reports.get("summary")
        return max(reports.LIMIT - (summary.size if summary else 0), _SMALLEST_SUMMARY)


@define
class KnownRun:
    """The known ids of the run and its simulation, for the reports if there is no verdict."""

    _known: Failure = field(factory=lambda: Failure(0, ""))

    @classmethod
    def of(cls, source: str | None, simulation: str | None) -> KnownRun:
        """Return the ids in RUN or --queue: the URL of a run's page has the id of the simulation too."""
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
        url = page_of_run(simulation_id, run_id) if simulation_id and run_id else ""
        self._known = Failure(0, "", simulation_id, run_id, url)

    @contextmanager
    def failures_in(self, outputs: Outputs) -> Iterator[None]:
        """Write an error to the outputs, then raise it again."""
        try:
            yield
        except BaseException as error:
            code, message = _exit_of(error)
            outputs.write_failure(evolve(self._known, exit_code=code, message=message))
            raise


def _exit_of(error: BaseException) -> tuple[int, str]:
    """Return the exit code for an error, and its message."""
    return ending(error) or (ExitCode.USAGE, ExitCode.USAGE.meaning)


def _appended(variable: str, path: str | None) -> Output | None:
    return output(variable, path, is_appended=True) if path else None


def _annotate(lines: list[str]) -> None:
    if os.environ.get("GITHUB_ACTIONS") == "true":
        write_annotations(lines)


def _view(verdict: Verdict, *, stderr: bool) -> str:
    """Return the text for a terminal."""
    from .layout import console  # loaded late: it imports rich

    screen = console(stderr=stderr)
    return styled_lines(_colored(verdict, screen), screen)


def _colored(verdict: Verdict, screen: Console) -> Iterator[Text]:
    from rich.text import Text

    from .layout import wrapped

    parts = text_parts(verdict)
    first, *others = parts.head
    yield from wrapped(Text(first, _DECISIONS.get(verdict.decision, "bold yellow")), screen)
    for line in others:
        yield from wrapped(Text(line), screen)
    if parts.rows:
        yield from _table(parts.rows, screen)
    for line in parts.tail:
        indent = Text(" " * _INDENT) if line.startswith(" ") else Text()
        yield from wrapped(Text(line.strip(), "yellow" if line.startswith("Note: ") else ""), screen, indent)


def _table(rows: list[Line], screen: Console) -> Iterator[Text]:
    from rich.text import Text

    from .layout import grid

    cells = [[Text(each, "dim") for each in TITLES]]
    for each in rows:
        remark = [(f"\n  {each.remark}", "dim")] if each.remark else []
        verdict = Text(each.verdict, _STYLES[each.verdict])
        cells.append([Text.assemble(each.rule, *remark), Text(each.value), verdict])
    yield from grid(cells, screen, indent=_INDENT)
