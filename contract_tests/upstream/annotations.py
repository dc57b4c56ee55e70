"""Translates the models of generated Python code to JSON Schema, from its syntax trees."""

from __future__ import annotations

import ast
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from contract_kit.errors import KitError

_NULL = {"type": "null"}
_SCALARS: dict[str, dict[str, Any]] = {
    "Any": {},
    "None": _NULL,
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "float": {"type": "number"},
    "int": {"type": "integer"},
    "str": {"type": "string"},
}
_IGNORED = re.compile(r"^Unrecognized(Int|Str)$|TypedDict$")
"""Options that aren't facts: values that an enum doesn't list, and dictionaries in the place of models."""


class Models:
    """The models of generated code.

    Args:
        modules: The syntax trees of all modules, by file name.
    """

    def __init__(self, modules: Mapping[str, ast.Module]) -> None:
        self._defined: dict[str, list[tuple[str, ast.stmt]]] = defaultdict(list)
        for file, module in modules.items():
            for statement in module.body:
                if name := _defined_name(statement):
                    self._defined[name].append((file, statement))
        self._aliases: list[str] = []
        self._waiting: list[ast.ClassDef] = []
        self.components: dict[str, dict[str, Any]] = {}
        """The schemas of the models that were needed so far, by class name."""

    def schema(self, annotation: ast.expr) -> dict[str, Any]:
        """Return the schema of a type, and add all models that the type needs to `components`.

        Raises:
            KitError: A type can't be read, isn't defined, or is defined twice.
        """
        found = self._schema(annotation)
        while self._waiting:  # models may contain each other
            model = self._waiting.pop()
            self.components[model.name] = self._read(model)
        return found

    def _schema(self, node: ast.expr) -> dict[str, Any]:
        match node:
            case ast.Constant(value=None):
                return _NULL
            case ast.Constant(value=str(text)):  # a forward reference
                return self._schema(ast.parse(text, mode="eval").body)
            case ast.BinOp(op=ast.BitOr()):
                return self._union([node.left, node.right])
            case ast.Subscript():
                return self._generic(node)
            case ast.Name() | ast.Attribute():
                return self._named(node)
        raise _unreadable(node)

    def _generic(self, node: ast.Subscript) -> dict[str, Any]:
        arguments = _arguments(node)
        match _name(node.value), arguments:
            case "Annotated", [each, *_]:
                return self._schema(each)
            case "Optional" | "Nullable" | "OptionalNullable", [each]:
                return {"anyOf": [self._schema(each), _NULL]}
            case "Union", _:
                return self._union(arguments)
            case "List" | "list", [each]:
                return {"type": "array", "items": self._schema(each)}
            case "Dict" | "dict", [ast.Name(id="str"), each]:
                return {"type": "object", "additionalProperties": self._schema(each)}
            case "Literal", _:
                return {"enum": [_value(each) for each in arguments]}
        raise _unreadable(node)

    def _union(self, options: list[ast.expr]) -> dict[str, Any]:
        return {"anyOf": [self._schema(each) for each in options if not _IGNORED.search(_name(each))]}

    def _named(self, node: ast.Name | ast.Attribute) -> dict[str, Any]:
        name = _name(node)
        if name in _SCALARS:
            return _SCALARS[name]
        statement = self._definition(name)
        if isinstance(statement, ast.ClassDef):
            if name not in self.components:
                self.components[name] = {}
                self._waiting.append(statement)
            return {"$ref": f"#/components/schemas/{name}"}
        if name in self._aliases:
            raise KitError(f"the type {name} refers to itself")
        self._aliases.append(name)
        found = self._schema(_aliased(statement))
        self._aliases.pop()
        return found

    def _definition(self, name: str) -> ast.stmt:
        found = self._defined.get(name)
        if not found:
            raise KitError(f"the type {name} isn't defined")
        if len(found) > 1:
            raise KitError(f"there are two definitions of {name}, in {found[0][0]} and {found[1][0]}")
        return found[0][1]

    def _read(self, statement: ast.ClassDef) -> dict[str, Any]:
        """Return the schema of a model or an enum."""
        bases = {_name(each) for each in statement.bases}
        try:
            if bases == {"BaseModel"}:
                properties = {field: self._schema(each) for field, each in _fields(statement)}
                return {"type": "object", "properties": properties}
            if "Enum" in bases:
                return {"enum": list(_values(statement))}
        except KitError as error:
            raise KitError(f"{statement.name}: {error}") from None
        raise KitError(f"{statement.name} is neither a model nor an enum")


def _fields(model: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """Yield the name in JSON and the type of each field."""
    for statement in model.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield _field(name, statement)
            case ast.Expr() | ast.FunctionDef() | ast.Pass():  # a docstring, or a method
                pass
            case _:
                raise _unreadable(statement)


def _field(name: str, statement: ast.AnnAssign) -> tuple[str, ast.expr]:
    annotation, settings = statement.annotation, [statement.value]
    if isinstance(annotation, ast.Subscript) and _name(annotation.value) == "Annotated":
        annotation, *metadata = _arguments(annotation)
        settings += metadata
    for call in settings:
        for each in call.keywords if isinstance(call, ast.Call) else ():
            match each:
                case ast.keyword(arg="alias", value=ast.Constant(value=str(alias))):
                    name = alias
                case ast.keyword(arg=None | "alias" | "validation_alias" | "serialization_alias"):
                    raise _unreadable(statement)
    # Here, Optional means that the field may be absent. Types that include null are called Nullable.
    if isinstance(annotation, ast.Subscript) and _name(annotation.value) == "Optional":
        annotation = annotation.slice
    return name, annotation


def _values(enum: ast.ClassDef) -> Iterator[object]:
    for statement in enum.body:
        match statement:
            case ast.Assign(value=value):
                yield _value(value)
            case ast.Expr() | ast.FunctionDef():
                pass
            case _:
                raise _unreadable(statement)


def _value(node: ast.expr) -> str | int | None:
    match node:
        case ast.Constant(value=str() | int() | None as value):
            return value
    raise _unreadable(node)


def _defined_name(statement: ast.stmt) -> str | None:
    match statement:
        case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return None


def _aliased(statement: ast.stmt) -> ast.expr:
    match statement:
        case ast.Assign(value=ast.Call(args=[_, aliased])):  # TypeAliasType("Name", Union[...])
            return aliased
        case ast.Assign(value=aliased) | ast.AnnAssign(value=ast.expr() as aliased):
            return aliased
    raise _unreadable(statement)


def _arguments(node: ast.Subscript) -> list[ast.expr]:
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _name(node: ast.expr) -> str:
    """Return the last part of a name, such as `Evaluation` for `models.Evaluation`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _unreadable(node: ast.AST) -> KitError:
    return KitError(f"this code can't be read: {textwrap.shorten(ast.unparse(node), 120)}")
