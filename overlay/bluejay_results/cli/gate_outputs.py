"""The outputs of `gate`: stdout, files and, on GitHub, step outputs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from attrs import frozen

from bluejay_results.errors import UsageError
from bluejay_results.gate import reports
from bluejay_results.gate.verdict import KnownIds, NoVerdict, Verdict

from ..json_output import to_json
from ..writing.files import Channel, Output, check_distinct, output, write_all
from ..writing.streams import encoded, styled_lines, write_annotations
from .gate_text import gate_lines
from .layout import console
from .process import ending

_NAME = re.compile("[A-Za-z0-9-]{1,50}")
_JSON = Output("--json", "-", Channel.STDOUT)
_SMALLEST_SUMMARY = 2_000
"""The minimum size of a step summary in bytes, even if the file is nearly full."""


@frozen
class Outputs:
    """Where one invocation of `gate` writes its verdict.

    Attributes:
        name: The gate's name, for headings and the comment's marker.
        is_json: Whether to write JSON to stdout instead of text.
        reports: The outputs requested by the user or GitHub: `junit`, `comment`, `html`, `summary`, `github`.
    """

    name: str
    is_json: bool
    reports: dict[str, Output]

    @classmethod
    def named(
        cls, name: str, *, is_json: bool, junit: str | None, comment: str | None, html: str | None
    ) -> Outputs:
        """Return the outputs set by options and the environment; raise UsageError for an invalid one."""
        if not _NAME.fullmatch(name):
            raise UsageError(f"--name: {name!r} isn't a valid name. Use letters, digits and hyphens.")
        environ = os.environ
        found = {
            "junit": None if junit is None else output("--junit", junit),
            "comment": None if comment is None else output("--comment", comment),
            "html": None if html is None else output("--html", html),
            "summary": _appended("GITHUB_STEP_SUMMARY", environ.get("GITHUB_STEP_SUMMARY")),
            "github": _appended("GITHUB_OUTPUT", environ.get("GITHUB_OUTPUT")),
        }
        return cls(name, is_json, {name: each for name, each in found.items() if each})

    @property
    def paths(self) -> list[str]:
        """The report paths as the user or GitHub specified them."""
        return [each.path for each in self.reports.values()]

    def check(self, inputs: Iterable[tuple[str, str]]) -> None:
        """Raise UsageError if an output is also an input or another output. Call this before files change.

        Args:
            inputs: The name, for messages, and the path of each input file.
        """
        stdout = [_JSON] if self.is_json else []
        check_distinct([*stdout, *self.reports.values()], inputs)

    def prepare(self) -> None:
        """Remove the files from an earlier verdict, so that they aren't mistaken for this call's.

        Raises:
            UsageError: An output can't be written.
        """
        for each in self.reports.values():
            each.prepare()

    def write(self, verdict: Verdict) -> None:
        """Write every output; if one fails, raise UsageError and leave no file that contains the verdict."""
        contents = [(each, self._report(name, verdict)) for name, each in self.reports.items()]
        if self.is_json:
            contents.append((_JSON, to_json(verdict)))
        else:
            contents.append((self._text_output(), self._text(verdict)))
        write_all(contents)
        _annotate(verdict)

    @contextmanager
    def failures(self, known: list[KnownIds]) -> Iterator[None]:
        """If an error ends the command, write it to each output that can be written, and reraise it.

        `known` contains the ids known so far for each run.
        """
        try:
            yield
        except BaseException as error:
            failures = (NoVerdict(*ending(error), each) for each in known or [KnownIds()])
            verdict = Verdict(failures=tuple(failures))
            for name, each in self.reports.items():
                with suppress(Exception):  # the error that ended the call is reported, not this one
                    write_all([(each, self._report(name, verdict))])
            if self.is_json:
                with suppress(Exception):
                    write_all([(_JSON, to_json(verdict))])
            _annotate(verdict)
            raise

    def _report(self, name: str, verdict: Verdict) -> bytes:
        match name:
            case "junit":
                return reports.junit(verdict)
            case "html":
                from ..report.page import page  # loaded late: it needs an extra
                from .ci_job import ci_job

                return page(verdict, name=self.name, job=ci_job())
            case "comment":
                text = reports.comment(verdict, self.name)
            case "summary":
                text = reports.summary(verdict, self.name, self._bytes_left())
            case _:
                text = reports.github_output(verdict)
        return text.encode()

    def _text_output(self) -> Output:
        """Return where the text goes: to stderr if a report goes to stdout, otherwise to stdout."""
        if any(each.is_stdout for each in self.reports.values()):
            return Output("the verdict", "-", Channel.STDERR)
        return Output("the verdict", "-", Channel.STDOUT)

    def _text(self, verdict: Verdict) -> bytes:
        stderr = self._text_output().kind is Channel.STDERR
        screen = console(stderr=stderr)
        return encoded(styled_lines(gate_lines(verdict, screen), screen), stderr=stderr)

    def _bytes_left(self) -> int:
        """Return how many more bytes GitHub accepts in this step's summary."""
        return max(reports.LIMIT - self.reports["summary"].size, _SMALLEST_SUMMARY)


def _appended(variable: str, path: str | None) -> Output | None:
    return output(variable, path, is_appended=True) if path else None


def _annotate(verdict: Verdict) -> None:
    if os.environ.get("GITHUB_ACTIONS") == "true":
        write_annotations(reports.annotations(verdict))
