"""The valid bodies that mutants start from, and legal variations of them that may surprise a client."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import count, islice
from typing import Any

from attrs import field, frozen

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read import formats
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import KEPT_FORMAT, KEPT_PATTERN, is_shallow
from contract_kit.read.paths import replaced, without

from .building import UnbuiltError, build, built
from .model import key_of
from .names import branch_names, in_branch, named
from .places import MOST_EVALUATED, NEW_KEY, OF_TYPE, Change, Place, takes_too_long
from .scalars import as_number
from .sites import Choices, Site, Union, inside, unions

_MOST = 20
_LONGEST_VALUE = 40
"""The maximum number of characters of an enum value in an id; a hash replaces a longer value."""
NON_ASCII = "non-ascii"
_MOST_MULTIPLES = 1_000
_TEXT = "Zoë 🐦 текст"
_REPAIRS = 12
_TRIES = 60


@frozen(eq=False)
class Base:
    """A valid body.

    Attributes:
        name: The name of the body in ids: `all`, `required`, `branch`, `example-NAME`, or `filled-NAME`,
            which is an example completed with the parts that it leaves out.
        branch: The named path of the branch that this body takes; empty for the other bodies.
        is_cut: Whether optional parts are left out, because the body would become too large.
    """

    name: str
    value: Any = field(repr=False)
    branch: str = ""
    is_cut: bool = False


def bases(validators: Validators, node: Node, examples: dict[str, Any]) -> list[Base]:
    """Return the valid bodies of a schema without duplicates, the fullest first.

    A schema can't describe which values fit together, but an example shows this. So the first body is the
    document's first example, with the parts added that the example leaves out.

    Raises:
        UncoverableError: No valid body was found; the message says why.
    """
    found: list[Base] = []
    reason = "No valid body was found."
    try:
        found += _of_branches(validators, node)
    except UncoverableError as error:
        reason = str(error)
    valid = {name: value for name, value in examples.items() if _is_legal(validators, node, value)}
    own = [Base(f"example-{name}", value) for name, value in valid.items()]
    if found and own:
        filled = _filled(own[0].value, found[0].value)
        if _written(filled) == _written(own[0].value):
            found.insert(0, own[0])
        elif _is_legal(validators, node, filled):
            found.insert(0, Base(own[0].name.replace("example", "filled", 1), filled))
    found += own
    try:
        least = build(validators, node, everything=False)
        if _is_legal(validators, node, least):
            found.append(Base("required", least))
    except UncoverableError as error:
        reason = str(error)
    if not found:
        raise UncoverableError(_reason(validators, node) or reason)
    return _distinct(found)


def _reason(validators: Validators, node: Node) -> str:
    try:
        body = build(validators, node)
    except UncoverableError:
        return ""
    if takes_too_long(validators, node, body):
        return f"To validate its body, a validator would evaluate over {MOST_EVALUATED:,} schemas."
    is_valid = validators.is_valid(node, body)
    return "No body was found that satisfies each format, pattern and discriminator." if is_valid else ""


def _is_legal(validators: Validators, node: Node, value: Any) -> bool:
    is_usable = is_shallow(value) and not takes_too_long(validators, node, value)
    return is_usable and validators.is_legal(node, value)


def valid_value(validators: Validators, node: Node, examples: dict[str, Any]) -> Any:
    """Return a valid value of a parameter or a header; if possible, a value that is not empty.

    Raises:
        UncoverableError: No valid value was found.
    """
    found: list[Any] = []
    for value in _values(validators, node, examples):
        if value not in ("", None, [], {}):
            return value
        found.append(value)
    return found[0] if found else bases(validators, node, examples)[0].value  # raises if there is no value


def _values(validators: Validators, node: Node, examples: dict[str, Any]) -> Iterator[Any]:
    """Yield valid values one by one: building all of them takes long, and most callers need only one."""
    yield from (value for value in examples.values() if _is_legal(validators, node, value))
    with contextlib.suppress(UncoverableError):
        yield from (base.value for base in _of_branches(validators, node))
    with contextlib.suppress(UncoverableError):
        least = build(validators, node, everything=False)
        yield from [least] if _is_legal(validators, node, least) else ()


def some_value(validators: Validators, node: Node, examples: dict[str, Any]) -> Any:
    """Return a value to send in a request: valid if one is found, otherwise the best attempt.

    Raises:
        UncoverableError: Not even an attempt could be built.
    """
    try:
        return valid_value(validators, node, examples)
    except UncoverableError:
        return next(iter(examples.values())) if examples else build(validators, node)


def _of_branches(validators: Validators, node: Node) -> Iterator[Base]:
    """Yield a full body. Then, for each other branch of each union, yield a body with this branch."""
    waiting = deque([_Plan(_Nothing, Site((node,)), {}, "")])
    tried: set[tuple[Node, str, int]] = set()
    known: set[Node] = set()
    count = tries = 0
    while waiting and count < _MOST and tries < _TRIES:
        plan, body = waiting.popleft(), _Nothing
        tries += 1
        choices = Choices(plan.picks, known=frozenset(known))
        try:
            part, is_cut = built(validators, plan.site, choices)
            sites = list(inside(plan.site, choices, part))
            found = [union for site in sites for union in unions(site, choices)]
            body = _repaired(validators, node, replaced(plan.body, plan.site.path, part))
        except LookupError:
            continue  # the path doesn't exist: a repair removed a property on it
        except UnbuiltError as error:
            found = list(error.unions)
            if not count and not found:
                raise
        if body is not _Nothing:
            yield Base("branch" if plan.branch else "all", body, plan.branch, is_cut)
            count += 1
            known |= {node.target for site in sites for node in site.nodes}
        for union in found:
            for branch in union.others:
                key = (*union.key, branch)
                if key not in tried and branch != plan.picks.get(union.key, 0):
                    tried.add(key)
                    waiting.append(plan.after(body, union, branch))


@frozen(eq=False)
class _Plan:
    """A part of a body to build.

    Attributes:
        body: The body that contains the part.
        site: The path and the schemas of the part.
        picks: The branch to take of each union.
        branch: The named path of the last of these branches.
    """

    body: Any
    site: Site
    picks: Mapping[tuple[Node, str], int]
    branch: str

    def after(self, body: Any, union: Union, branch: int) -> _Plan:
        """Return a plan that takes another branch of a union.

        If this plan gave no body, the new plan builds the same part of the body. Otherwise, it builds only
        the value of the union.
        """
        picks = {**self.picks, union.key: branch}
        inner, name = union.site.path[len(self.site.path) :], branch_names(*union.key)[branch]
        named_path = self.branch + named(inner) + in_branch(name)
        if body is _Nothing:
            return _Plan(self.body, self.site, picks, named_path)
        return _Plan(body, union.site, picks, named_path)


_Nothing = object()


def _repaired(validators: Validators, node: Node, value: Any) -> Any:
    """Leave out the properties that make a body invalid; return `_Nothing` if the body stays invalid."""
    if takes_too_long(validators, node, value):
        return _Nothing
    for _ in range(_REPAIRS):
        error = _error(validators, node, value)
        if error is None:
            return value
        if not (path := tuple(error.instance_path)):
            return _Nothing
        value = without(value, path)
    return _Nothing


def _error(validators: Validators, node: Node, value: Any) -> Any:
    for validator in (validators.first(node), validators.strict(node)):
        if not validator.is_valid(value):  # much faster than a search for an error
            return next(iter(validator.iter_errors(value)), None)
    return None


def _filled(example: Any, full: Any) -> Any:
    """Add parts of a full body to an example that lacks them. In a list, complete only the first item."""
    if example is None or example == []:
        return full
    if isinstance(example, dict) and isinstance(full, dict):
        if example and not example.keys() & full.keys():
            return example  # a map with free keys: the full body's keys are invented
        both = {key: _filled(example[key], full[key]) for key in example if key in full}
        return full | example | both
    if isinstance(example, list) and isinstance(full, list) and full:
        return [_filled(example[0], full[0]), *example[1:]]
    return example


def _distinct(found: list[Base]) -> list[Base]:
    first: dict[str, Base] = {}
    for base in found:
        first.setdefault(_written(base.value), base)
    return list(first.values())


def _written(value: Any) -> str:
    """Return a text that is the same for equal values of equal types."""
    return json.dumps(value, sort_keys=True)


def variations(validators: Validators, place: Place) -> Iterator[Change]:
    """Yield changes of a place's value to other values that the place's schema seems to allow."""
    node, value = place.node, place.value
    yield from enum_values(node.get("enum", ()), value)
    if "type" in node:
        yield from _types(validators, place)
    for branch in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        if branch.get("type") == "null" and not node.allows_no_null_case and value is not None:
            yield _legal("allowed-null", None, "is null")
    if isinstance(value, dict) and "properties" in node:
        yield from _keys(place, validators.graph.discriminating)
    plain = not {"enum", "const", "format", "pattern", KEPT_FORMAT, KEPT_PATTERN} & node.keys()
    plain = plain and not (place.path and place.path[-1] in validators.graph.discriminating)
    if isinstance(value, str) and node.get("type") == "string" and plain:
        yield _legal(NON_ASCII, _TEXT, f"is {_TEXT!r}")
    for name, text in formats.UNUSUAL.get(node.get("format", ""), {}).items():
        if isinstance(value, str):
            yield _legal(name, text, f"is {text!r}")
    if "multipleOf" in node and isinstance(value, int | float) and not isinstance(value, bool):
        yield from _multiples(validators, node, value)
    if node.get("type") == "array" and value and not node.get("minItems"):
        yield _legal("empty-list", [], "is an empty list")


def enum_values(listed: Any, value: Any) -> Iterator[Change]:
    """Yield changes of a value to the other values of an enum."""
    for other in listed:
        if other != value:
            written = json.dumps(other, ensure_ascii=False)
            parameter = written if len(written) <= _LONGEST_VALUE else key_of(written)
            yield _legal("enum-value", other, f"is {other!r}", parameter)


def _types(validators: Validators, place: Place) -> Iterator[Change]:
    node, value = place.node, place.value
    for name in node.types if len(node.types) > 1 else ():
        if name == "null" and not node.allows_no_null_case:
            yield _legal("allowed-null", None, "is null")
        elif name != "null" and type(value) is not type(OF_TYPE[name]):
            yield _legal("allowed-type", OF_TYPE[name], f"is of type {name}", name)
    is_3_1 = not validators.graph.document.is_3_0
    if is_3_1 and "integer" in node.types and isinstance(value, int) and abs(value) < 2**53:
        yield _legal("integer-as-float", float(value), f"is written {float(value)}")


def _multiples(validators: Validators, node: Node, value: float) -> Iterator[Change]:
    """Yield a multiple of `multipleOf` for which a division of doubles doesn't give an integer."""
    step = Fraction(str(node["multipleOf"]))
    first = Fraction(str(value)) // step
    numbers = ((each, as_number(each * step)) for each in islice(count(first), _MOST_MULTIPLES))
    inexact = (number for each, number in numbers if number / float(step) != each)
    if (found := next((each for each in inexact if validators.is_valid(node, each)), None)) is not None:
        yield _legal("inexact-multiple", found, f"is {found}, a multiple of {node['multipleOf']}")


def _keys(place: Place, discriminating: set[str]) -> Iterator[Change]:
    value, kept = place.value, {*place.node.get("required", ()), *discriminating}
    for key in place.node["properties"]:
        if key in value and key not in kept:
            yield Change("optional-absent", without(value, (key,)), f"has no property {key}", "", path=(key,))
    yield _legal("unknown-field", value | {NEW_KEY: {"since": "today"}}, "has an undocumented field")


def _legal(operator: str, value: Any, breaks: str, parameter: str = "") -> Change:
    return Change(operator, value, breaks, "", parameter)
