"""Builds the valid bodies that mutants are made from."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from attrs import evolve, field, frozen

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import is_shallow
from contract_kit.read.paths import replaced, without

from .building import UnbuiltError, build, built
from .names import branch_names, in_branch, named
from .pages import with_own_cursors
from .places import MOST_EVALUATED, takes_too_long
from .sites import Choices, Site, Union, inside, unions
from .states import in_other_states

_MOST = 20
_REPAIRS = 12
_TRIES = 60


@frozen(eq=False)
class Base:
    """A valid body that mutants are made from.

    Attributes:
        name: The body's name in ids: `all`, `required`, `branch`, `one-item`, `empty`, `empty-items`,
            `false`, `example-NAME`, or `filled-NAME`, which is an example to which the missing parts were
            added.
        branch: The named path of the union branch that this body takes; empty for other bodies.
        is_cut: Whether optional parts are left out because the body would be too large.
    """

    name: str
    value: Any = field(repr=False)
    branch: str = ""
    is_cut: bool = False


def bases(
    validators: Validators, node: Node, examples: dict[str, Any], parameters: Collection[str] = ()
) -> list[Base]:
    """Return a schema's valid bodies without duplicates, the fullest first.

    A schema can't describe which values fit together, but an example can. So the first body is the document's
    first example, with the missing parts added. The query parameters show which properties are cursors.

    Raises:
        UncoverableError: No valid body was found; the message explains why.
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
    find_errors = partial(_errors, validators, node)
    if found[0].name != "required":
        found += [Base(name, value) for name, value in in_other_states(found[0].value, find_errors)]
    is_legal = partial(_is_legal, validators, node)
    return _distinct(
        [evolve(each, value=with_own_cursors(each.value, parameters, is_legal)) for each in found]
    )


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
    """Return a valid value for a parameter or header, preferably a non-empty one.

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
    """Yield valid values one by one: building all of them is slow, and most callers need only one."""
    yield from (value for value in examples.values() if _is_legal(validators, node, value))
    with contextlib.suppress(UncoverableError):
        yield from (base.value for base in _of_branches(validators, node))
    with contextlib.suppress(UncoverableError):
        least = build(validators, node, everything=False)
        yield from [least] if _is_legal(validators, node, least) else ()


def some_value(validators: Validators, node: Node, examples: dict[str, Any]) -> Any:
    """Return a value to send in a request: a valid value if one is found, or else the best attempt.

    Raises:
        UncoverableError: Not even an attempt could be built.
    """
    try:
        return valid_value(validators, node, examples)
    except UncoverableError:
        return next(iter(examples.values())) if examples else build(validators, node)


def _of_branches(validators: Validators, node: Node) -> Iterator[Base]:
    """Yield a full body, and then a body for each other branch of each union."""
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
            continue  # a repair removed a property on the path
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
    """A plan for building part of a body.

    Attributes:
        body: The body that contains the part.
        site: The path and the schemas of the part.
        picks: The branch to take in each union.
        branch: The named path of the last branch in `picks`.
    """

    body: Any
    site: Site
    picks: Mapping[tuple[Node, str], int]
    branch: str

    def after(self, body: Any, union: Union, branch: int) -> _Plan:
        """Return a plan that takes another branch of a union.

        If this plan produced no body, the new plan builds the same part of the body again. Otherwise, the new
        plan builds only the union's value.
        """
        picks = {**self.picks, union.key: branch}
        inner, name = union.site.path[len(self.site.path) :], branch_names(*union.key)[branch]
        named_path = self.branch + named(inner) + in_branch(name)
        if body is _Nothing:
            return _Plan(self.body, self.site, picks, named_path)
        return _Plan(body, union.site, picks, named_path)


_Nothing = object()


def _repaired(validators: Validators, node: Node, value: Any) -> Any:
    """Leave out properties that make a body invalid; return `_Nothing` if the body can't be made valid."""
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
    return next(_errors(validators, node, value), None)


def _errors(validators: Validators, node: Node, value: Any) -> Iterator[Any]:
    for validator in (validators.first(node), validators.strict(node)):
        if not validator.is_valid(value):  # much faster than a search for an error
            yield from validator.iter_errors(value)
            return


def _filled(example: Any, full: Any) -> Any:
    """Add the parts that an example lacks, taken from a full body. In lists, complete only the first item."""
    if example is None or example == []:
        return full
    if isinstance(example, dict) and isinstance(full, dict):
        if example and not example.keys() & full.keys():
            return example  # a map with free keys, so the full body's keys are made up
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
    """Serialize a value to a string that is the same for equal values of the same types."""
    return json.dumps(value, sort_keys=True)
