"""The `contract-kit test` report as a single HTML page, without scripts or network requests."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from importlib.resources import files
from typing import Any, TypeAlias

from attrs import frozen

from contract_kit.derive.model import CLIENT, LEGAL, Mutant, key_of
from contract_kit.errors import KitError
from contract_kit.terminal import safe_line

from .client_report import difference_line, example, faults_line, path_text, short
from .report import broken, not_covered
from .results import Result, Results
from .robustness import Robustness
from .trees import written
from .verdicts import FAULTS, HARM, Verdict

_MOST = {"faults": 500, "rows": 300, "names": 2_000, "inconclusive": 20, "first": 3, "characters": 240}
"""The page's limits. `first`: faults on the first screen. `characters`: the length of a value."""

_ORDER = [*FAULTS, Verdict.INCONCLUSIVE, Verdict.NOT_REQUESTED]
_ORDER += [each for each in Verdict if each not in (*_ORDER, Verdict.NO_EFFECT)] + [Verdict.NO_EFFECT]
"""All verdicts, the most severe first."""
_SHADES = ("fine", "open", "poor", "bad", "bad", "worst")
"""The CSS classes for the verdicts' colours, by severity."""
_SIGNS = {
    Verdict.WRONGLY_REFUSED: "R",
    Verdict.INCONCLUSIVE: "?",
    Verdict.NOT_REQUESTED: "?",
    Verdict.NO_EFFECT: "=",
}
"""Signs for some verdicts. Other faults get their first letter, and other verdicts a check mark."""

Column: TypeAlias = tuple[str, str]
"""A group of mutation operators: the group's kind and its name."""
_KINDS = ("Near misses", "Gross errors")
_NAMES = ("missing", "null", "type", "format", "enum", "limits", "other")
_COLUMNS: list[Column] = [*((kind, name) for kind in _KINDS for name in _NAMES), ("Legal", "unusual")]
_OF_KEYWORD = {"required": "missing", "pattern": "format"}
_BOUNDS = ("min", "max", "exclusive", "multipleOf")


def column_of(mutant: Mutant) -> Column:
    """Return a mutant's column. All legal responses are in the same column."""
    group = mutant.group
    if group == LEGAL:
        return "Legal", "unusual"
    name = "limits" if group.startswith(_BOUNDS) else _OF_KEYWORD.get(group, group)
    name = "null" if mutant.operator.name == "null" else name if name in _NAMES else "other"
    return "Near misses" if mutant.operator.incident else "Gross errors", name


@frozen
class Cell:
    """What the client did with some of the mutants.

    Attributes:
        counts: The number of results with each verdict, the most severe first.
    """

    counts: dict[Verdict, int]

    @classmethod
    def of(cls, results: Iterable[Result]) -> Cell:
        """Return a cell for these results."""
        counts = Counter(each.verdict for each in results)
        return cls({each: counts[each] for each in _ORDER if each in counts})

    @property
    def worst(self) -> Verdict:
        """The most severe verdict."""
        return next(iter(self.counts))

    @property
    def faults(self) -> int:
        """The number of faults."""
        return sum(count for each, count in self.counts.items() if each.is_fault)


@frozen
class Row:
    """The results for a field or, for HTTP mutants, for a mutation operator.

    Attributes:
        cell: All results.
        cells: The results, by column.
        faults: The faults to list, starting with the faults that make the command fail.
    """

    name: str
    is_http: bool
    cell: Cell
    cells: dict[Column, Cell]
    faults: Sequence[Result]

    @property
    def anchor(self) -> str:
        """The HTML id of the row's list of faults."""
        return f"{'http' if self.is_http else 'field'}-{key_of(self.name)}"


def html_report(results: Results, about: str = "") -> bytes:
    """Return the page. The same arguments always produce the same bytes.

    Args:
        results: The results to show.
        about: A description of the client and the document.

    Raises:
        KitError: jinja2 isn't installed.
    """
    robustness, rows = Robustness.of(results.all), list(_rows(results))
    unread = set(robustness.unread)
    read = [row for row in rows if not (row.is_http or row.name in unread)]
    columns = [each for each in _COLUMNS if any(each in row.cells for row in read)]
    failing = [row for row in rows if row.faults and results.counts_against(row.faults[0])]
    style = (files(__package__) / "report.css").read_text(encoding="utf-8")
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    title, numbers = robustness.title(results.since), robustness.numbers(results.since)
    if results.role is not CLIENT:
        title = "No faults" if results.passed else "Inconclusive"
        title = faults_line(results.failures) if failing else title
        numbers = f"{len(results.all):,} mutants."
    template = environment().get_template("report.html.jinja")
    page: str = template.render(
        policy=f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'",
        style=style,
        about=about,
        results=results,
        robustness=robustness,
        numbers=numbers,
        title=title,
        role=results.role,
        example=example(results.role),
        next_step=next_step(results),
        total=Cell.of(results.all),
        first=failing[: _MOST["first"]],
        columns=columns,
        kinds=Counter(kind for kind, _ in columns),
        rows=rows,
        read=read,
        http=[row for row in rows if row.is_http],
        notes=[*broken(results.skipped), *not_covered(results.skipped)],
        listed=sum(len(row.faults) for row in rows),
        most=_MOST,
    )
    return page.encode()


def _rows(results: Results) -> Iterator[Row]:
    """Yield a row for each field and each HTTP operator, most severe verdicts first."""
    rest = (each for each in results.all if not (each.verdict.is_fault and results.counts_against(each)))
    found: dict[tuple[str, bool], list[Result]] = {}
    for each in (*results.failures, *sorted(rest, key=lambda each: _ORDER.index(each.verdict))):
        found.setdefault((each.field, not each.mutant.schema_location), []).append(each)
    left = _MOST["faults"]
    for (name, is_http), mine in found.items():
        columns: dict[Column, list[Result]] = {}
        for each in mine:
            columns.setdefault(column_of(each.mutant), []).append(each)
        cells = {column: Cell.of(those) for column, those in columns.items()}
        faults = [each for each in mine if each.verdict.is_fault][:left]
        left -= len(faults)
        yield Row(name, is_http, Cell.of(mine), cells, faults)


def next_step(results: Results) -> str:
    """Return a sentence that recommends what to do next."""
    failures, role = results.failures, results.role
    if results.inconclusive:
        unknown = sum(each.verdict.is_inconclusive for each in results.all)
        total = f"{unknown:,} of {len(results.all):,} mutants"
        return f"Fix what is inconclusive, because {total} reveal nothing about the {role.name}."
    if results.broken:
        return "Fix the document's broken references, which are listed below."
    reason = next((each.not_compared for each in failures if each.not_compared), "")
    if reason and not any(each.finding for each in results.all):
        return f"To see what the caller got, return what the client returns to its caller ({reason})."
    if not failures:
        return "Nothing needs to be fixed."
    first = failures[0]
    where = first.field if first.mutant.schema_location else f"a {role.sent} that {first.mutant.breaks}"
    return f"Start with {where}, because {HARM[first.verdict].format(name=role.name, sent=role.sent)}."


def sign(verdict: Verdict) -> str:
    """Return the letter or the shape for a verdict."""
    return _SIGNS.get(verdict, verdict[0].upper() if verdict.is_fault else "✓")


def shade(verdict: Verdict) -> str:
    """Return the CSS class for a verdict's colour."""
    return "none" if verdict is Verdict.NO_EFFECT else _SHADES[verdict.severity]


def environment() -> Any:
    """Return the template environment, which escapes every value.

    Raises:
        KitError: jinja2 isn't installed.
    """
    try:
        jinja2 = import_module("jinja2")
    except ModuleNotFoundError:
        raise KitError("--html needs jinja2. Run: pip install jinja2") from None
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (files(__package__) / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: value if hasattr(value, "__html__") else safe_line(str(value)),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["n"] = "{:,}".format
    made.globals |= {
        "sign": sign,
        "shade": shade,
        "difference": difference_line,
        "path": path_text,
        "value": lambda value: short(written(value), _MOST["characters"]),
    }
    return made
