"""Small changes of a module or of a data table, each a bug that a maintainer could make."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from attrs import frozen

_OPPOSITES: dict[str, str] = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "is": "is not", "is not": "is",
    "in": "not in", "not in": "in", "and": "or", "or": "and", "+": "-", "-": "+", "*": "//", "//": "*",
    "min": "max", "max": "min", "any": "all", "all": "any",
}  # fmt: skip
_SYMBOLS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in", ast.And: "and", ast.Or: "or", ast.Add: "+",
    ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//",
}  # fmt: skip


@frozen
class Change:
    """A change of a file.

    Attributes:
        kind: What sort of bug it is, such as `swap`.
        line: The first line that it changes, from 1.
        start: Where the replaced bytes start.
        end: Where they end.
        new: What replaces them.
    """

    path: Path
    kind: str
    line: int
    start: int
    end: int
    new: bytes

    def apply(self, folder: Path) -> None:
        """Change the file in a folder."""
        source = (folder / self.path).read_bytes()
        (folder / self.path).write_bytes(source[: self.start] + self.new + source[self.end :])

    def shown(self, folder: Path) -> str:
        """Return the kind, where it is, and the bytes before and after, on one line."""
        old = (folder / self.path).read_bytes()[self.start : self.end]
        return f"{self.kind} {self.path}:{self.line}: {_line(old)} -> {_line(self.new)}"


def changes(folder: Path, path: Path) -> Iterator[Change]:
    """Yield all changes of a file; its path is relative to the folder."""
    source = (folder / path).read_bytes()
    return _Module(path, source).changes() if path.suffix == ".py" else _of_a_table(path, source)


def _line(text: bytes) -> str:
    joined = " ".join(text.decode().split())
    return joined if len(joined) <= 90 else f"{joined[:43]} ... {joined[-43:]}"


def _of_a_table(path: Path, source: bytes) -> Iterator[Change]:
    """Yield the changes of a TOML file: two values of neighbouring lines swapped, and a line dropped."""
    lines, starts = source.splitlines(keepends=True), [0]
    for each in lines:
        starts.append(starts[-1] + len(each))
    pairs = {
        number: each.rstrip(b"\n").partition(b" = ") for number, each in enumerate(lines) if b" = " in each
    }
    for number, (key, _, value) in pairs.items():
        if value.endswith((b"[", b"{", b'"""')):
            continue
        yield Change(path, "drop", number + 1, starts[number], starts[number + 1], b"")
        following = pairs.get(number + 1)
        if following and following[2] != value and not following[2].endswith((b"[", b"{", b'"""')):
            new = key + b" = " + following[2] + b"\n" + following[0] + b" = " + value + b"\n"
            yield Change(path, "swap", number + 1, starts[number], starts[number + 2], new)


class _Module:
    """Finds the changes of a Python module, in bytes, as `ast` counts columns."""

    def __init__(self, path: Path, source: bytes) -> None:
        self._path, self._source, self._tree = path, source, ast.parse(source)
        self._starts = [0]
        for each in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(each))

    def changes(self) -> Iterator[Change]:
        skipped = {*self._skipped()}
        stack: list[ast.AST] = [self._tree]
        while stack:
            node = stack.pop()
            if node not in skipped:
                yield from self._of(node)
                stack += ast.iter_child_nodes(node)

    def _skipped(self) -> Iterator[ast.AST]:
        """Yield what has no effect, or is only said: docstrings, annotations, `__all__`, messages."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                yield node
            for name in ("annotation", "returns"):
                if annotation := getattr(node, name, None):
                    yield annotation
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                yield node
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"__all__", "__slots__"}:
                yield node
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"cast", "TypeVar", "isinstance"}:
                yield node
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
                yield from (each for each in node.comparators if isinstance(each, ast.Tuple))
            if isinstance(node, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom):
                yield node

    def _of(self, node: ast.AST) -> Iterator[Change]:
        match node:
            case ast.List() | ast.Tuple() if isinstance(node.ctx, ast.Load):
                yield from self._swapped("swap", node.elts)
                yield from self._dropped(node.elts)
            case ast.Set():
                yield from self._dropped(node.elts)
            case ast.Dict():
                yield from self._swapped("swap", node.values)
            case ast.Call():
                yield from self._swapped("argument", node.args)
                yield from self._swapped("argument", [each.value for each in node.keywords])
                yield from self._dropped(node.keywords, at_least=1)
            case ast.Compare(ops=[operator], left=left, comparators=[right]):
                yield from self._opposite("compare", operator, left, right)
            case ast.BoolOp(values=[left, right]):
                yield from self._opposite("bool", node.op, left, right)
            case ast.BinOp():
                yield from self._opposite("arithmetic", node.op, node.left, node.right)
            case ast.UnaryOp(op=ast.Not()):
                yield self._replaced("bool", node, self._text(node.operand))
            case ast.Subscript(slice=ast.Constant(value=0)):
                yield self._replaced("first for last", node.slice, b"-1")
            case ast.Subscript(slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))):
                yield self._replaced("first for last", node.slice, b"0")
            case ast.Name(id="min" | "max" | "any" | "all"):
                yield self._replaced("compare", node, _OPPOSITES[node.id].encode())
            case ast.Constant():
                yield from self._constant(node)

    def _constant(self, node: ast.Constant) -> Iterator[Change]:
        if isinstance(node.value, bool):
            yield self._replaced("constant", node, f"{not node.value}".encode())
        elif isinstance(node.value, int):
            yield self._replaced("constant", node, f"{node.value + 1}".encode())
        elif isinstance(node.value, str) and node.value and " " not in node.value:
            yield self._replaced("constant", node, json.dumps(f"{node.value}x").encode())

    def _opposite(self, kind: str, operator: ast.AST, left: ast.expr, right: ast.expr) -> Iterator[Change]:
        symbol = _SYMBOLS.get(type(operator))
        if symbol is None:
            return
        start, end = self._span(left)[1], self._span(right)[0]
        between = self._source[start:end]
        if between.count(symbol.encode()) == 1:
            new = between.replace(symbol.encode(), _OPPOSITES[symbol].encode())
            yield self._change(kind, start, end, new)

    def _swapped(self, kind: str, elements: Sequence[ast.expr]) -> Iterator[Change]:
        for one, other in pairwise(elements):
            (start, middle), (then, end) = self._span(one), self._span(other)
            texts = self._text(one), self._text(other)
            if texts[0] != texts[1] and not texts[0].startswith(b"*") and not texts[1].startswith(b"*"):
                yield self._change(kind, start, end, texts[1] + self._source[middle:then] + texts[0])

    def _dropped(self, elements: Sequence[ast.expr | ast.keyword], at_least: int = 2) -> Iterator[Change]:
        for each in elements if len(elements) >= at_least else ():
            start, end = self._span(each)
            comma = self._source.find(b",", end)
            if comma >= 0 and not self._source[end:comma].strip():
                yield self._change("drop", start, comma + 1, b"")
            elif len(elements) == 1:
                yield self._change("drop", start, end, b"")

    def _replaced(self, kind: str, node: ast.expr, new: bytes) -> Change:
        return self._change(kind, *self._span(node), new)

    def _change(self, kind: str, start: int, end: int, new: bytes) -> Change:
        return Change(self._path, kind, self._source.count(b"\n", 0, start) + 1, start, end, new)

    def _text(self, node: ast.expr) -> bytes:
        start, end = self._span(node)
        return self._source[start:end]

    def _span(self, node: ast.expr | ast.keyword) -> tuple[int, int]:
        start = self._starts[node.lineno - 1] + node.col_offset
        end = self._starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)  # parsed nodes have both
        return start, end
