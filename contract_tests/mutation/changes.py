"""Small changes of a module or of a data table, each a bug that a maintainer could make."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

_PAIRS: list[tuple[Any, Any]] = [
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.Eq, ast.NotEq),
    (ast.Is, ast.IsNot),
    (ast.In, ast.NotIn),
    (ast.And, ast.Or),
    (ast.Add, ast.Sub),
    (ast.Mult, ast.FloorDiv),
    ("min", "max"),
    ("any", "all"),
]
_OPPOSITES = {one: other for pair in _PAIRS for one, other in (pair, reversed(pair))}
_LISTS = {ast.List: "elts", ast.Tuple: "elts", ast.Set: "elts", ast.Dict: "values", ast.Call: "args"}
_SAID = (ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom)
"""Statements and expressions that have no effect or are only said."""


@frozen
class Change:
    """A change of a file.

    Attributes:
        kind: What sort of bug it is, such as `swap`.
        line: The first line that it changes, from 1.
        number: Its number among all changes of the file.
        old: What it replaces.
        new: What replaces this.
    """

    path: Path
    kind: str
    line: int
    old: str
    new: str
    number: int = 0

    def apply(self, folder: Path) -> None:
        """Change the file in a folder."""
        file = folder / self.path
        [source] = [source for each, source in _changed(folder, self.path) if each == self]
        file.write_text(source())

    def shown(self, _: Path) -> str:
        """Return the kind, where it is, and the text before and after, on one line."""
        return f"{self.kind} {self.path}:{self.line}: {self.old[:90]} -> {self.new[:90]}"


def changes(folder: Path, path: Path) -> Iterator[Change]:
    """Yield all changes of a file; its path is relative to the folder."""
    yield from (each for each, _ in _changed(folder, path))


def _changed(folder: Path, path: Path) -> Iterator[tuple[Change, Any]]:
    """Yield each change, and a function that returns the file's text after it."""
    text = (folder / path).read_text()
    found = _of_a_module(path, text) if path.suffix == ".py" else _of_a_table(path, text)
    yield from ((evolve(each, number=number), source) for number, (each, source) in enumerate(found))


def _of_a_table(path: Path, text: str) -> Iterator[tuple[Change, Any]]:
    """Yield the changes of a TOML file: a line dropped, and the values of two lines swapped."""
    lines = text.splitlines()
    whole = [" = " in each and not each.endswith(("[", "{", '"""')) for each in lines]
    for number, line in enumerate(lines):
        if whole[number]:
            rest = [*lines[:number], *lines[number + 1 :]]
            yield Change(path, "drop", number + 1, line, ""), lambda rest=rest: "\n".join([*rest, ""])
    for number, (one, other) in enumerate(pairwise(lines)):
        (key, _, value), (then, _, following) = one.partition(" = "), other.partition(" = ")
        if whole[number] and whole[number + 1] and value != following:
            swapped = [f"{key} = {following}", f"{then} = {value}"]
            new = [*lines[:number], *swapped, *lines[number + 2 :]]
            yield Change(path, "swap", number + 1, one, swapped[0]), lambda new=new: "\n".join([*new, ""])


def _of_a_module(path: Path, text: str) -> Iterator[tuple[Change, Any]]:
    """Yield the changes of a Python module; its text after a change has no comments."""
    tree = ast.parse(text)
    for owner, name, index in [*_places(tree)]:
        node = getattr(owner, name) if index is None else getattr(owner, name)[index]
        for kind, new in _variants(node):

            def source(owner: Any = owner, name: str = name, index: Any = index, new: Any = new) -> str:
                before = getattr(owner, name)
                after = new if index is None else [*before[:index], new, *before[index + 1 :]]
                setattr(owner, name, after)
                changed = ast.unparse(tree)
                setattr(owner, name, before)
                return f"{changed}\n"

            yield Change(path, kind, node.lineno, ast.unparse(node), ast.unparse(new)), source


def _places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Yield where each expression is, except docstrings, annotations, `__all__`, imports and messages."""
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    is_list = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"__all__", "__slots__"}
    is_typing = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    if is_docstring or is_list or is_typing or isinstance(node, _SAID):
        return
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "type_params"}:
            continue
        for index, each in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(each, ast.expr):
                yield node, name, index if isinstance(value, list) else None
            if isinstance(each, ast.AST):
                yield from _places(each)


def _variants(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield the kind and the new expression of each change of an expression."""
    is_assigned = isinstance(getattr(node, "ctx", None), ast.Store)
    for name in {_LISTS.get(type(node), ""), "keywords"} & {*node._fields}:
        items = [] if is_assigned else getattr(node, name)
        for index in range(len(items)):
            if name in {"elts", "keywords"}:
                yield "drop", _with(node, **{name: [*items[:index], *items[index + 1 :]]})
            if index and name != "keywords":
                swapped = [*items[: index - 1], items[index], items[index - 1], *items[index + 1 :]]
                yield "swap", _with(node, **{name: swapped})
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _OPPOSITES:
            yield "compare", _with(node, ops=[_OPPOSITES[type(operator)]()])
        case ast.BoolOp(op=operator) | ast.BinOp(op=operator) if type(operator) in _OPPOSITES:
            yield "operator", _with(node, op=_OPPOSITES[type(operator)]())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "operator", operand
        case ast.Name(id=name) if name in _OPPOSITES:
            yield "compare", _with(node, id=_OPPOSITES[name])
        case ast.Constant(value=bool(value)):
            yield "constant", _with(node, value=not value)
        case ast.Constant(value=int(value)):
            yield "constant", _with(node, value=value + 1)
        case ast.Constant(value=str(value)) if value and " " not in value:
            yield "constant", _with(node, value=f"{value}x")


def _with(node: Any, **fields: Any) -> Any:
    """Return a copy of a node in which some fields are different."""
    return type(node)(**(dict(ast.iter_fields(node)) | fields))
