"""The `contract-kit test` report: what a client or a receiver did with the mutants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from attrs import frozen

from contract_kit.derive.model import CLIENT, LEGAL, RECEIVER, Role
from contract_kit.derive.order import alternating
from contract_kit.read.paths import json_path

from .effects import Effect, Finding
from .json_fields import REPORT
from .junit import ERROR, FAILURE, SKIPPED, Case, Part, Suite
from .report import Entry, Report, Section, Table, broken, not_covered
from .results import Result, Results
from .robustness import Robustness
from .trees import written
from .verdicts import FAULTS, HARM, Verdict

_NAMED = 3
"""The maximum number of fields to list on one line."""
_EFFECTS = (Verdict.ALTERED, Verdict.LOST, Verdict.PASSED_ON)
_LONGEST = 60
"""The maximum length of each value in a difference."""


@frozen
class ClientReport(Report):
    """The `contract-kit test` report.

    Attributes:
        listed: The maximum number of fields with faults to list; None lists every fault in every field.
    """

    results: Results
    listed: int | None = None

    def sections(self) -> Iterator[Section]:
        """Yield the robustness, what to correct first, the counts, the faults, and explanations."""
        results, role = self.results, self.results.role
        yield from broken(results.skipped)
        robustness = Robustness.of(results.all)
        if results.all and role is CLIENT:
            yield Section(robustness.sentences(results.since))
        if since := results.since:
            counts = f"{results.worse:,} worse, {len(results.new):,} new, {len(since.gone):,} gone"
            yield Section(f"Faults since the baseline: {counts}, {since.better:,} better.")
        if inconclusive := results.inconclusive:
            shown = [
                Entry(f"{each.mutant.id}: {each.detail}", list(map(Entry, each.advice)))
                for each in inconclusive[: self.listed]
            ]
            yield Section("Inconclusive (fix this first)", None, shown, len(inconclusive) - len(shown))
        yield Section(table=self._counts())
        harms = (f'"{each}" means that {HARM[each]}' for each in _EFFECTS if results.counts[each])
        if legend := "; ".join(harms):
            yield Section(f"{legend}.")
        failures = results.failures
        excused = [each for each in results.new if not results.counts_against(each)]
        if failures:
            yield self._faults(faults_line(failures), failures)
        if excused:
            yield self._faults(f"New, so they don't count: {faults_line(excused)}", excused)
        if since and since.gone:
            title = "Gone: baseline faults whose mutants the document no longer yields"
            gone = list(map(Entry, since.gone[: self.listed]))
            yield Section(title, entries=gone, more=len(since.gone) - len(gone))
        if reasons := Counter(each.not_compared for each in results.all if each.not_compared).most_common():
            listed = [Entry(f"{_mutants(count)}: {reason}") for reason, count in reasons]
            yield Section("Not compared with the valid response", entries=listed)
        if unread := robustness.unread if role is CLIENT else ():
            names = unread[: self.listed]
            yield Section("Not read", entries=[Entry(", ".join(names))], more=len(unread) - len(names))
        if results.ignored:
            yield Section(f"Ignored: {faults_line(results.ignored)} (--ignore).")
        if results.all and results.passed and not (since or results.ignored):
            yield Section(f"The {role.name} handled all {len(results.all):,} mutants correctly.")
        if tolerances := results.tolerances.most_common():
            tolerated = [
                Entry(f"{_mutants(count)} {outcome}: {reason}") for (reason, outcome), count in tolerances
            ]
            yield Section(f"Tolerated (a {role.name} may accept or refuse these)", entries=tolerated)
        yield from not_covered(results.skipped)
        if failures or excused:
            yield Section(example(role))

    def data(self) -> Mapping[str, object]:
        """Return all results."""
        return {each.name: each.read(self.results) for each in REPORT}

    def suites(self) -> Iterator[Suite]:
        """Yield a suite for each operation, with a test case for each mutant.

        A crash or a hang is an error; other faults are failures. A valid response that the client didn't
        accept is an error, and the mutants made from it are skipped. Results that don't count against the
        client are skipped, as are parts of the document without mutants. A broken reference is an error,
        unless `--allow-uncovered` is set.
        """
        results = self.results
        if results.controls:
            yield Suite("inconclusive", list(map(self._case, results.controls)))
        operations: dict[str, list[Result]] = {}
        for each in results.all:
            operations.setdefault(each.mutant.operation.id, []).append(each)
        for operation, mine in operations.items():
            counts = Counter(each.verdict for each in mine)
            by = (Verdict.REFUSED_BY_STATUS, Verdict.REFUSED_BY_BODY)
            refused = by if results.role is CLIENT else (Verdict.REFUSED,)
            properties = {str(verdict): f"{counts[verdict]}" for verdict in refused}
            if results.ignore:
                properties["ignored"] = f"{sum(each.is_ignored for each in mine)}"
            yield Suite(operation, list(map(self._case, mine)), properties)
        if results.skipped:
            cases = [
                Case("contract-kit", each.where, [Part(tag, message=each.reason)])
                for each in results.skipped
                for tag in [ERROR if each in results.broken else SKIPPED]
            ]
            yield Suite("not covered", cases)

    def _counts(self) -> Table:
        counts = self.results.counts
        rows = {**self.results.groups, "all": counts}
        shown = [verdict for verdict in Verdict if counts[verdict]]
        cells = [
            [name, f"{found.total():,}", *(f"{found[each]:,}" if found[each] else "-" for each in shown)]
            for name, found in rows.items()
        ]
        return Table(["keyword", "mutants", *shown], cells)

    def _case(self, result: Result) -> Case:
        mutant, verdict = result.mutant, result.verdict
        is_skipped = result.is_unserved or not self.results.counts_against(result)
        is_error = verdict.is_inconclusive or verdict in (Verdict.CRASHED, Verdict.HUNG)
        what, detail = mutant.breaks, result.detail
        if verdict.is_inconclusive and detail:
            what, detail = detail, ""
        advice = result.advice if verdict.is_inconclusive else ()
        text = "\n".join(filter(None, [detail, difference_line(result), *advice, result.citation]))
        tag = SKIPPED if is_skipped else ERROR if is_error else FAILURE
        why = f"{result.excuse}: " if result.excuse and is_skipped else ""
        parts = [Part(tag, text, f"{why}{verdict}: {what}", verdict)] if verdict.severity else []
        return Case(f"contract-kit.{mutant.operation.id}", mutant.id, parts)

    def _faults(self, title: str, faults: Sequence[Result]) -> Section:
        fields, count = by_field(faults, self.listed)
        return Section(title, entries=list(map(self._field, fields)), more=count - len(fields))

    def _field(self, faults: Sequence[Result]) -> Entry:
        """Return an entry that lists all faults in a field, or only the first fault.

        If the first fault breaks no keyword, the entry's first line already describes what is wrong with the
        response. Each sentence of a standard is cited only once.
        """
        cited = {""}
        below = []
        for each in faults if self.listed is None else faults[:1]:
            is_shown = each is faults[0] and not each.mutant.keyword
            what = "; ".join(filter(None, ["" if is_shown else each.mutant.breaks, each.detail]))
            lines = [what, difference_line(each), *{each.citation} - cited]
            cited.add(each.citation)
            below.append(Entry(each.mutant.id + each.mutant.suffix, [Entry(line) for line in lines if line]))
        return Entry(field_line(faults), below)


def example(role: Role) -> str:
    """Explain how to see a mutant's response."""
    webhooks = " --webhooks" * (role is RECEIVER)
    return f"To see a mutant's {role.sent}, run: contract-kit mutants DOC{webhooks} --id 'ID'"


def by_field(faults: Sequence[Result], limit: int | None = None) -> tuple[list[list[Result]], int]:
    """Group faults by field. Return the groups, and the total number of fields.

    The faults must be sorted by severity, the most severe first. At most `limit` groups are returned, divided
    among the verdicts.
    """
    fields: dict[str, list[Result]] = {}
    for each in faults:
        fields.setdefault(each.field, []).append(each)
    verdicts: dict[Verdict, list[list[Result]]] = {}
    for found in fields.values():
        verdicts.setdefault(found[0].verdict, []).append(found)
    in_turn = islice(alternating(map(iter, verdicts.values())), limit)
    return sorted(in_turn, key=lambda found: FAULTS.index(found[0].verdict)), len(fields)


def faults_line(faults: Sequence[Result]) -> str:
    """Return a line that counts the faults, the fields that have them, and the faults on legal responses."""
    fields = len({each.field for each in faults})
    line = f"{len(faults):,} fault{'s' * (len(faults) != 1)} in {fields:,} field{'s' * (fields != 1)}"
    legal = [each.field for each in faults if each.mutant.group == LEGAL]
    if not legal:
        return line
    named = list(dict.fromkeys(legal))
    more = ", ..." * (len(named) > _NAMED)
    several = faults[0].mutant.operation.role.several
    return f"{line}; {len(legal):,} on {several} that the document allows: {', '.join(named[:_NAMED])}{more}"


def field_line(faults: Sequence[Result]) -> str:
    """Return a line that describes a field's faults, and the number of operations in which they occur.

    For each verdict, the line lists the broken keywords, and one fault that breaks no keyword.
    """
    verdicts: dict[Verdict, list[Result]] = {}
    for each in faults:
        verdicts.setdefault(each.verdict, []).append(each)
    texts = (f"{verdict}: {_responses(found)}" for verdict, found in verdicts.items())
    operations = len({each.mutant.operation.id for each in faults})
    where = f", in {operations:,} operations" if operations > 1 else ""
    return f"{faults[0].field}{where} ({'; '.join(texts)})"


def difference_line(result: Result) -> str:
    """Return a line with the client's results for the valid response and the mutant, or "" if unknown."""
    if (found := result.finding) is None or found.effect is Effect.NO_EFFECT:
        return ""
    before, after = (short(written(each), _LONGEST) for each in (found.before, found.after))
    return f"{path_text(found)}: {before} -> {after}"


def path_text(finding: Finding) -> str:
    """Return the path to a difference between the values that the client returned."""
    return json_path(finding.path).removeprefix("$").removeprefix(".") or "the result"


def short(text: str, most: int) -> str:
    """Truncate text to a maximum length, followed by an ellipsis if anything was removed."""
    return text if len(text) <= most else f"{text[:most]}..."


def _mutants(count: int) -> str:
    return f"{count:,} mutant{'s' * (count != 1)}"


def _responses(faults: Sequence[Result]) -> str:
    """Describe responses by the keywords that they break, or else by what is wrong or unusual about them."""
    role = faults[0].mutant.operation.role
    keywords = [each.mutant.keyword for each in faults if each.mutant.keyword]
    without = (each.mutant for each in faults if not each.mutant.keyword)
    others = list(dict.fromkeys((" legal" * (each.group == LEGAL), each.breaks) for each in without))
    found = [f"a{legal} {role.sent} that {breaks}" for legal, breaks in others[:1]]
    if keywords:
        those = f"a {role.sent} that violates" if len(keywords) == 1 else f"{role.several} that violate"
        found.insert(0, f"{those} {', '.join(dict.fromkeys(keywords))}")
    if (more := len(others) - 1) > 0:
        return f"{', '.join(found)}, and {more:,} more {role.several if more > 1 else role.sent}"
    return ", ".join(found)
