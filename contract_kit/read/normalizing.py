"""Rewrites OpenAPI 3.0 and 3.1 schemas as plain JSON Schema 2020-12, and reports each repair.

Both validators, and all code that derives values, use only the result, so they can't interpret a document
differently. Invalid parts of a schema are dropped; the kit doesn't guess what they mean.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from typing import Any

import jsonschema_rs

from . import formats, patterns

TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_CONDITIONS = ("if", "then", "else")
_UNEVALUATED = ("unevaluatedItems", "unevaluatedProperties")
SUBSCHEMA = frozenset(
    {"additionalProperties", "contains", "items", "not", "propertyNames", *_CONDITIONS, *_UNEVALUATED}
)
SUBSCHEMA_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
SUBSCHEMA_MAPS = frozenset({"dependentSchemas", "patternProperties", "properties"})
COUNTS = frozenset(
    f"{end}{what}" for end in ("min", "max") for what in ("Contains", "Items", "Length", "Properties")
)
NUMBERS = frozenset({"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"})
_OTHERS = frozenset(
    {"const", "dependentRequired", "enum", "examples", "format", "pattern", "required", "type", "uniqueItems"}
)
ONLY_2020 = (
    frozenset({"const", "contains", "dependentRequired", "dependentSchemas", "examples", "maxContains"})
    | frozenset({"minContains", "patternProperties", "prefixItems", "propertyNames"})
    | {*_CONDITIONS, *_UNEVALUATED}
)
_KNOWN = SUBSCHEMA | SUBSCHEMA_LISTS | SUBSCHEMA_MAPS | COUNTS | NUMBERS | _OTHERS
UNREADABLE = frozenset({"$dynamicRef", "$recursiveRef", "$id"})
"""Keywords that change what a reference means. A response that uses one of them is skipped."""

FROM_FORMAT = "x-bounds-from-format"
"""A keyword in normalized schemas that maps a bound to the integer format from which it comes."""

_BOUND_NAMES = (("minimum", "maximum"), ("exclusiveMinimum", "exclusiveMaximum"))
_BOUNDS_OF_TYPES = {
    "array": ("minItems", "maxItems"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "object": ("minProperties", "maxProperties"),
    "string": ("minLength", "maxLength"),
}
_BOUNDS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}

KEPT_FORMAT, KEPT_PATTERN = "x-kept-format", "x-kept-pattern"
"""Keywords that replace `format` and `pattern` in normalized schemas if no mutant should break them. Legal
values still match them."""
HINTS = frozenset({"examples", KEPT_FORMAT, KEPT_PATTERN})
"""Keywords that validators ignore in normalized schemas."""

_LEVELS = 100
"""The maximum nesting depth of a value, because jsonschema-rs rejects values with over 255 levels."""

Warn = Callable[[str], None]


def assertions(raw: dict[str, Any], is_3_0: bool, optional: str, warn: Warn) -> dict[str, Any]:
    """Return a schema's valid keywords, except keywords that contain subschemas, as JSON Schema 2020-12.

    A property that has the keyword `optional` is optional even if it is listed in `required`. Each repair is
    reported to `warn`.
    """
    kept = {}
    for keyword, value in raw.items():
        if keyword not in _KNOWN or keyword in SUBSCHEMA | SUBSCHEMA_LISTS | SUBSCHEMA_MAPS:
            continue
        if is_3_0 and keyword in ONLY_2020:
            warn(f"{keyword} means nothing in OpenAPI 3.0")
        elif not is_shallow(value):
            warn(f"{keyword} is nested too deeply")
        elif not _is_well_formed(keyword, value, is_3_0):
            warn(f"{keyword} is not valid in JSON Schema")
        else:
            kept[keyword] = value
    if "enum" in kept:
        kept["enum"] = list({json.dumps(value, sort_keys=True): value for value in kept["enum"]}.values())
    _read_example(raw, kept)
    _read_bounds(kept, is_3_0, warn)
    _read_required(raw, kept, optional, warn)
    _read_strings(kept, warn)
    return kept


def read_nullable(raw: dict[str, Any], kept: dict[str, Any], is_3_0: bool, warn: Warn) -> bool:
    """Convert OpenAPI 3.0's `nullable` to `type`.

    Return whether `nullable` is ambiguous here; if so, mutants must not contain null.
    """
    if "nullable" not in raw:
        return False
    if not is_3_0:
        warn("nullable means nothing in OpenAPI 3.1")
        return False
    if raw["nullable"] is not True:
        return False
    if "type" in kept and "enum" not in kept and not {"$ref", "allOf", "anyOf", "oneOf"} & raw.keys():
        kept["type"] = [kept["type"], "null"]
        return False
    warn("nullable is ambiguous without a plain type beside it, so null is not tried there")
    return True


def allows_nothing(kept: dict[str, Any]) -> bool:
    """Whether a normalized schema's keywords contradict each other, so no value satisfies all of them."""
    names = [kept["type"]] if isinstance(kept.get("type"), str) else kept.get("type", TYPES)
    if "enum" in kept:
        return not any(jsonschema_rs.is_valid({"type": names}, value) for value in kept["enum"])
    bounds = [_BOUNDS_OF_TYPES.get(name, ("", "")) for name in names]
    return all(kept.get(low, -math.inf) > kept.get(high, math.inf) for low, high in bounds)


def is_shallow(value: Any, levels: int = _LEVELS) -> bool:
    """Whether a value's nesting depth is at most this number of levels."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(is_shallow(each, levels - 1) for each in inner)


def _is_well_formed(keyword: str, value: Any, is_3_0: bool) -> bool:
    if keyword in COUNTS:
        return _is_number(value) and value == int(value) and value >= 0
    if keyword in ("exclusiveMinimum", "exclusiveMaximum"):
        return isinstance(value, bool) or _is_number(value)
    if keyword in NUMBERS:
        return _is_number(value) and (keyword != "multipleOf" or 0 < value < 1e300)
    if keyword == "type":
        names = [value] if isinstance(value, str) or is_3_0 else value
        return isinstance(names, list) and bool(names) and all(name in TYPES for name in names)
    checks: dict[str, Callable[[Any], bool]] = {
        "dependentRequired": lambda each: isinstance(each, dict) and all(map(_are_names, each.values())),
        "enum": lambda each: isinstance(each, list) and bool(each),
        "examples": lambda each: isinstance(each, list),
        "format": lambda each: isinstance(each, str),
        "pattern": lambda each: isinstance(each, str),
        "required": _are_names,
        "uniqueItems": lambda each: isinstance(each, bool),
    }
    return checks.get(keyword, lambda _: True)(value)


def _is_number(value: Any) -> bool:
    """Whether a value is a number within the range of doubles."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _read_example(raw: dict[str, Any], kept: dict[str, Any]) -> None:
    if "example" in raw and is_shallow(raw["example"]):
        kept["examples"] = [raw["example"], *kept.get("examples", [])]


def _read_bounds(kept: dict[str, Any], is_3_0: bool, warn: Warn) -> None:
    for bound, exclusive in zip(*_BOUND_NAMES, strict=True):
        is_boolean = isinstance(kept.get(exclusive), bool)
        if exclusive in kept and is_boolean is not is_3_0:
            warn(f"{exclusive} is written as in OpenAPI {'3.1' if is_3_0 else '3.0'}")
        if is_boolean and kept.pop(exclusive) and bound in kept:
            kept[exclusive] = kept.pop(bound)
    types = kept.get("type", ())
    if "integer" in types and "number" not in types and kept.get("format") in _BOUNDS:
        kept[FROM_FORMAT] = {}
        for bound, exclusive, value in zip(*_BOUND_NAMES, _BOUNDS[kept["format"]], strict=True):
            if not {bound, exclusive} & kept.keys():
                kept[bound] = value
                kept[FROM_FORMAT][bound] = kept["format"]


def _read_required(raw: dict[str, Any], kept: dict[str, Any], optional: str, warn: Warn) -> None:
    if "required" not in kept:
        return
    names = list(dict.fromkeys(kept["required"]))
    if len(names) < len(kept["required"]):
        warn("required lists a property twice")
    properties = raw.get("properties")
    for name, schema in properties.items() if isinstance(properties, dict) else ():
        if name in names and isinstance(schema, dict) and schema.get(optional) is True:
            names.remove(name)
    kept["required"] = names
    if not names:
        del kept["required"]


def _read_strings(kept: dict[str, Any], warn: Warn) -> None:
    if (name := kept.get("format")) is not None and name not in formats.ASSERTED:
        if name not in _BOUNDS:
            warn(f"the format {name} is not asserted")
        kept[KEPT_FORMAT] = kept.pop("format")
    if (pattern := kept.get("pattern")) is not None and (reason := patterns.distrust(pattern)):
        warn(f"the pattern {pattern} is not asserted: {reason}")
        kept[KEPT_PATTERN] = kept.pop("pattern")
