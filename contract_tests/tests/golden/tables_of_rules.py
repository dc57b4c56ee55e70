"""The gate's rules: which values and texts are rules, in which file, and how figures meet them."""

import json
import math
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import fields
from bluejay_results import UsageError
from bluejay_results.cli.rules import given_rules
from bluejay_results.gate import Aggregate, Operator, Rules
from bluejay_results.gate.rule_syntax import parse_rule
from bluejay_results.results.aggregate import aggregate
from bluejay_results.results.figures import FIGURES

from .layout import FOLDER

VALUES: tuple[Any, ...] = (
    *(None, True, False, -1, -0.5, 0, 0.5, 1, 1.0, 1.5, 5, 57, 100, 100.5, 101, 10**19, 10**400),
    *(math.nan, math.inf, "", "80", "80%", "80 %", "1e1", "9_0", " 9", "٩", ".5", "5.", "+5", "-5", "057"),
    *("57,58", "Anna", "ms", "s", "min", "mean(a) >= 4", "mean(a)", ["mean(a) >= 4", "mean(b) < 4"]),
    *(["mean(a) >= 4", "mean(a)>=4.0"], ["mean(a) >= 4", "mean(a) <= 4"], ["mean(a) >= 4", 4]),
    *([57, "58"], [57, "057"], [57, True], [], {"a": 1}),
)
TABLES = (
    "tool.bluejay-results.gate tool.bluejay-results tool.bluejay-results.gates tool.bluejay_results.gate",
    "tool.bluejay-result.gate tool.bluejay-resultss.gate tool.bluejay-resutls.gate bluejay-results.gate",
    'tool.Bluejay-Results.gate tool.bluejay-results-gate tool."bluejay-results.gate" bluejay_results.gate',
    "TOOL.BLUEJAY_RESULTS.gate tool.luejay-results tools.bluejay-results.gate ool.bluejay-results",
    "bluejay-results tool.bluejay tool.bluejay-results-plot.gate tool.bluebird-results bluejay too.l project",
)
"""Names near that of the rules' table, and tables of other tools."""
NAMED = (*FIGURES, "score", '"latency.p95"', "latency.p75", '"a\\"b"', '"a\\q"')
FILES = {
    "a wrong key": "zzz = 1",
    "no number": "max-void = nan",
    "a wrong rule": "require = ['rate(a) >= 5']",
    "no value": "max-void = ",
    "deep": f"max-void = {'[' * 100_000}",
    "many dots": f"{'a.' * 1001}b = 1",
    "long": f"# {'x' * (128 << 10)}",
    "many digits": f"max-void = {'9' * 5000}",
}


def _said(make: Callable[..., object], *arguments: Any) -> str:
    """Return what a function returns, or the message of its error."""
    try:
        return f"{make(*arguments)!r}"
    except UsageError as error:
        return f"{error}"


def _in_python(name: str, value: Any) -> Any:
    return getattr(Rules(**{name: value}), name)


def _in_an_option(name: str, value: str) -> Any:
    return getattr(given_rules({name.replace("_", "-"): value}).rules(), name)


def values() -> Iterator[str]:
    """Yield what each field of the rules makes of each value in Python and, if it is a text, in an option."""
    for name, value in product((each.name for each in fields(Rules)), VALUES):
        told = [_said(_in_python, name, value)]
        told += [_said(_in_an_option, name, value)] if isinstance(value, str) else []
        yield f"{name} = {value if value != 10**400 else '10**400'!r}: {' | '.join(told)}"


def files() -> Iterator[str]:
    """Yield the rules that each file sets, alone and beside options, and the message about each bad file."""
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name).resolve()
        (folder / "inner").mkdir()
        patch.chdir(folder / "inner")
        near, config = folder / "pyproject.toml", folder / "gate.toml"

        def said(options: dict[str, Any], config: Path | None = None) -> str:
            found = _said(lambda: given_rules(options, f"{config}" if config else None).rules())
            return re.sub(r"(valid TOML: ).*(\. Fix)", r"\1WHY\2", found.replace(f"{folder}", "FOLDER"))

        for table, also in product(" ".join(TABLES).split(), ("", "[tool.bluejay-results.gate]\n")):
            text = f"{also}[{table}]\nmax-void = 1\n"
            if also and table in also:
                continue
            near.write_text(text)
            yield f"{text!r}: {said({})}"
        for kind, text in FILES.items():
            near.write_text(f"[tool.bluejay-results.gate]\n{text}\n")
            yield f"{kind}: {said({})}"
        near.write_text(
            "[tool.bluejay-results.gate]\nmin-pass-rate = 90\nmax-void = 5\nmust-pass = 57\n"
            'require = ["mean(a) >= 1"]\n'
        )
        inner = folder / "inner" / "pyproject.toml"
        inner.write_text("[project]\nname = 'a'\n")
        options: dict[str, Any] = {"min-pass-rate": "70", "require": ["mean(c) >= 1"], "must-pass": ["58"]}
        repeated: list[dict[str, Any]] = [{"require": ["mean(a) >= 2"]}, {"must-pass": ["57"]}]
        for each in ({}, options, *repeated, {"require": ["mean(b)"]}):
            yield f"beside {each}: {said(each)}"
        bad = (b"[project]\n", b"tool.bluejay-results.gate = 1\n", b"\xff")
        for content in (None, *bad, b"[tool.bluejay-results.gate]\n"):
            config.unlink(missing_ok=True) if content is None else config.write_bytes(content)
            yield f"gate.toml with {content!r}: {said({}, config)}"
        inner.write_text("[tool.bluejay-results.gate]\nmax-void = 7\n")
        yield f"the nearest file: {said({})}; a folder: {said({}, folder)}"


def syntax() -> Iterator[str]:
    """Yield whether each figure, aggregate, unit, operator and limit makes a rule: `.` if so, or why not.

    The columns are the operators, each with the limits 0, 5, 100 and 100.5.
    """
    reasons = dict[str, str]()
    lines = list[str]()
    for name, kind, unit in product(NAMED, Aggregate, ("", "%", "ms", "s")):
        marks = list[str]()
        for operator, limit in product(Operator, (0, 5, 100, 100.5)):
            said = _said(parse_rule, f"{kind}({name}) {operator} {limit} {unit}")
            reason = said.partition("because ")[2].partition(". Examples")[0].replace(name, "FIGURE")
            marks.append(reasons.setdefault(reason, chr(ord("a") + len(reasons))) if reason else ".")
        lines.append(f"{kind}({name}) {unit or '-'}: {' '.join(marks)}")
    yield from (f"{mark}: {reason}" for reason, mark in reasons.items())
    yield from lines


def texts() -> Iterator[str]:
    """Yield each text's canonical spelling and its parts, or why it isn't a rule.

    Only this kept text contains the texts. To add one, add a line with it as JSON.
    """
    for line in (FOLDER / "rule-texts.txt").read_text().splitlines():
        text, end = json.JSONDecoder().raw_decode(line)
        rule = _said(parse_rule, text)
        yield f"{line[:end]} {'' if rule.startswith('require') else parse_rule(text)} {rule}"


def aggregates() -> Iterator[str]:
    """Yield each aggregate of the numbers from 1 to each size, and the rate of each number of yes answers."""
    for size in range(1, 43):
        found = [
            f"{kind} {aggregate(kind, [*range(size, 0, -1)])}"
            for kind in Aggregate
            if kind is not Aggregate.RATE
        ]
        yield f"{size}: {', '.join(found)}"
    for size in (3, 7, 100):
        yes = (aggregate(Aggregate.RATE, [1.0] * count + [0.0] * (size - count)) for count in range(size + 1))
        yield f"rate of {size}: {' '.join(map(str, yes))}"
    for numbers in ((3.0, 3.0, 3.6), (0.1, 0.2, 0.3), (1.001,) * 3, (1e16, 1.0, -1e16)):
        yield f"mean of {numbers}: {aggregate(Aggregate.MEAN, numbers)}"
