"""Builds values that schemas allow, with all optional parts or with only the required parts.

A value depends only on its site and the choices. A validator must still confirm that the value is valid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from attrs import evolve

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read import patterns
from contract_kit.read.graph import Node

from . import scalars
from .sites import DEEPEST, ENDLESS, Choices, Site, Union, branch, first, of_index, of_key, unions

LARGEST = 2_000
"""The maximum number of values in a body with optional parts."""
_LARGEST_REQUIRED = 20_000
"""The maximum number of values in a body with only the required parts."""
_MOST_ABOVE = 150
_LONGEST = 10_000
_ATTEMPTS = 20
_WRONG = (42, "text-42")
"""Property values of two types. One of them makes a branch that describes the property reject the object."""


class UnbuiltError(UncoverableError):
    """No value could be built.

    Attributes:
        unions: The unions at the site, and at the inner site where no value could be built. A value might
            exist for another branch of one of these unions.
        size: The number of values that were built and discarded.
    """

    def __init__(self, reason: str, unions: Sequence[Union] = (), size: int = 1) -> None:
        super().__init__(reason)
        self.unions, self.size = unions, size


class _TooLargeError(Exception):
    """A value contains more values than the size limit allows."""


def build(validators: Validators, *nodes: Node, everything: bool = True) -> Any:
    """Return a value that all of these schemas should allow.

    Raises:
        UncoverableError: No such value was found.
    """
    return built(validators, Site(nodes), Choices(everything=everything))[0]


def built(validators: Validators, site: Site, choices: Choices) -> tuple[Any, bool]:
    """Return a value for a site, with optional parts at as many nesting levels as the size limit allows.

    Also return whether optional parts were left out because of the limit.

    Raises:
        UnbuiltError: No value was found.
    """
    found: list[Any] = []
    for levels in (DEEPEST, *range(DEEPEST)) if choices.everything else (0,):
        try:
            found.append(_built(validators, site, evolve(choices, deepest=len(site.path) + levels))[0])
        except _TooLargeError:
            if levels == DEEPEST:
                continue
            break
        if levels == DEEPEST:
            return found[0], False
    if not found:
        raise UnbuiltError(f"Its smallest valid body has over {_limit(choices):,} values.")
    return found[-1], choices.everything


def _limit(choices: Choices) -> int:
    return LARGEST if choices.everything else _LARGEST_REQUIRED


def _refuse_too_large(size: int, choices: Choices) -> None:
    if size >= _limit(choices):
        raise _TooLargeError


def _built(validators: Validators, site: Site, choices: Choices) -> tuple[Any, int]:
    """Return a value, and the number of values that were built for it, including discarded ones."""
    if len(site.above) > _MOST_ABOVE or any(site.above.count(node) >= 2 for node in site.nodes):
        raise UnbuiltError(ENDLESS)
    try:
        return _value(validators, site, choices, site.parts(choices))
    except UncoverableError as error:
        inner, size = (error.unions, error.size) if isinstance(error, UnbuiltError) else ((), 1)
        raise UnbuiltError(str(error), [*unions(site, choices), *inner], size) from None


def _at(site: Site, choices: Choices) -> Choices:
    """Return the choices for an inner site, leaving out optional parts that another body already contains."""
    is_known = choices.known and choices.known.issuperset(node.target for node in site.nodes)
    return evolve(choices, everything=False) if is_known else choices


def _value(validators: Validators, site: Site, choices: Choices, parts: list[Node]) -> tuple[Any, int]:
    for part in parts:
        if "const" in part:
            return part["const"], 1
    enums = [part["enum"] for part in parts if "enum" in part]
    if enums:
        listed = site.ranked(value for value in enums[0] if all(value in each for each in enums[1:]))
        allowed = (value for value in listed if all(validators.accepts(part, value) for part in parts))
        for value in islice(allowed, site.attempt, None):
            return value, 1
        raise UncoverableError("No value is in all of its enums.")
    name = scalars.type_of(parts)
    if name == "object":
        found, size = _object(validators, site, choices, parts)
        return _told_apart(validators, choices, parts, _discriminated(validators, parts, found)), size
    if name == "array":
        return _array(validators, site, choices, parts)
    return _scalar(validators, name, parts, site), 1


def _scalar(validators: Validators, type_: str, parts: list[Node], site: Site) -> Any:
    for part in parts:
        for example in part.get("examples", ()) if not site.attempt else ():
            is_usable = isinstance(example, str | int | float) and example not in scalars.AVOIDED
            if is_usable and all(validators.is_legal(each, example) for each in parts):
                return example
    if type_ == "string":
        return scalars.string(parts, site.name, site.seed)
    if type_ in ("integer", "number"):
        return scalars.number(type_, parts, site.seed)
    return None if type_ == "null" else site.attempt % 2 == 0


def _has_optional(site: Site, choices: Choices) -> bool:
    return choices.everything and len(site.path) < choices.deepest


def _object(
    validators: Validators, site: Site, choices: Choices, parts: list[Node]
) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    size = 1
    for key, is_required in _keys(validators, site, choices, parts, found):
        inner = site.inner(key, of_key(key, parts))
        is_hidden = any(node.is_hidden for node in inner.nodes)
        if is_required or (_has_optional(site, choices) and not is_hidden):
            try:
                found[key], more = _built(validators, inner, _at(inner, choices))
                size += more
            except UnbuiltError as error:
                size = error.size = size + error.size
                if is_required:
                    raise
            _refuse_too_large(size, choices)
    return found, size


def _keys(
    validators: Validators, site: Site, choices: Choices, parts: list[Node], found: dict[str, Any]
) -> Iterator[tuple[str, bool]]:
    """Yield each key to build, and whether it is required. Later keys depend on the values built so far."""
    properties = {key: None for part in parts for key in part.get("properties", {})}
    required = {name for part in parts for name in part.get("required", ())}
    yield from ((key, key in required) for key in (*properties, *sorted(required - properties.keys())))
    for part in parts:
        for key, names in part.get("dependentRequired", {}).items():
            yield from ((name, True) for name in names if key in found and name not in found)
    for pattern in [each for part in parts for each in part.get("patternProperties", ())]:
        if choices.everything and (key := patterns.example(pattern)) not in found:
            yield key, False
    fewest = max((int(part["minProperties"]) for part in parts if "minProperties" in part), default=0)
    is_map = any(isinstance(part.get("additionalProperties"), Node) for part in parts)
    wanted = max(fewest, 1 if is_map and choices.everything and not found else 0)
    names = tuple(dict.fromkeys(part["propertyNames"] for part in parts if "propertyNames" in part))
    for count in range(min(wanted, _LONGEST)):
        if len(found) >= wanted:
            return
        named = Site(names, site.path, (*site.above, *site.nodes), count)
        key = str(_built(validators, named, choices)[0]) if names else f"key{count}"
        if key not in found:
            yield key, True


def _discriminated(validators: Validators, parts: list[Node], found: dict[str, Any]) -> dict[str, Any]:
    """Set an object's discriminator, if its schema has one, to the value for the chosen schema."""
    for each in filter(None, (part.discriminator for part in parts)):
        holders = (part.get("properties", {}) for part in parts)
        nodes = [properties[each.property] for properties in holders if each.property in properties]
        values = (
            value
            for value in chain.from_iterable(each.values.get(part, ()) for part in parts)
            if all(validators.accepts(node, value) for node in nodes)
        )
        if (value := next(values, None)) is not None:
            found = found | {each.property: value}
    return found


def _told_apart(
    validators: Validators, choices: Choices, parts: list[Node], found: dict[str, Any]
) -> dict[str, Any]:
    """Change an object so that the chosen branch of a `oneOf` is the only branch that accepts the object.

    For each other branch, leave out a property that the branch requires, or change the type of a property
    that the branch describes.
    """
    for node in [part for part in parts if "oneOf" in part]:
        chosen = branch(node, "oneOf", choices)
        for other in [each for each in node["oneOf"] if each is not chosen]:
            if validators.accepts(other, found):
                apart = (
                    changed
                    for changed in _refused(Site((other,)).parts(choices), found)
                    if not validators.accepts(other, changed) and validators.accepts(chosen, changed)
                )
                found = next(apart, found)
    return found


def _refused(parts: list[Node], found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in parts:
        for key in part.get("required", ()):
            yield {name: value for name, value in found.items() if name != key}
        for key in part.get("properties", {}):
            yield from (found | {key: wrong} for wrong in _WRONG)


def _array(validators: Validators, site: Site, choices: Choices, parts: list[Node]) -> tuple[list[Any], int]:
    fewest = max((int(part["minItems"]) for part in parts if "minItems" in part), default=0)
    most = min((int(part["maxItems"]) for part in parts if "maxItems" in part), default=_LONGEST)
    is_closed = any(part.get("items") is False for part in parts)
    is_described = any(isinstance(part.get("items"), Node) for part in parts)
    holding = [part for part in parts if isinstance(part.get("contains"), Node)]
    added = sum(int(part.get("minContains", 1)) for part in holding)
    wanted = fewest
    if _has_optional(site, choices):
        full = first(parts) + (choices.items if is_described and not is_closed else 0)
        wanted = max(fewest, min(full, most - added))
    is_unique = any(part.get("uniqueItems") for part in parts)
    found: list[Any] = []
    size = 1
    for index in range(min(wanted, most, _LONGEST)):
        inner = site.inner(index, of_index(index, parts))
        chosen = _at(inner, choices)
        if index > first(parts):
            chosen = evolve(chosen, items=1)  # so that a body doesn't grow exponentially with its depth
        try:
            item, more = _item(validators, inner, chosen, found if is_unique else [])
        except UnbuiltError as error:
            size = error.size = size + error.size
            if index < fewest:
                raise
            break
        found.append(item)
        size += more
        _refuse_too_large(size, choices)
    for part in holding:
        for _ in range(int(part.get("minContains", 1))):
            item, more = _built(validators, site.inner(len(found), [part["contains"]]), choices)
            found.append(item)
            size += more
            _refuse_too_large(size, choices)
    return found, size


def _item(validators: Validators, site: Site, choices: Choices, others: list[Any]) -> tuple[Any, int]:
    for attempt in range(site.attempt, site.attempt + _ATTEMPTS):
        value, size = _built(validators, evolve(site, attempt=attempt), choices)
        if value not in others:
            return value, size
    raise UnbuiltError("No item was found that differs from the others.")
