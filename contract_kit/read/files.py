"""Reads JSON and YAML files, restricted to JSON types."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import yaml

from contract_kit.errors import KitError

_LARGEST = 100_000_000
"""The maximum size of a file, in bytes."""
_LIMIT = 5_000_000
"""The maximum number of values in a file, because YAML aliases can make a short file expand without limit."""
_TOKENS = re.compile(r'[{}]|"(?:[^"\\]|\\.)*"(\s*:)?')
"""Matches braces and strings in a JSON document. A string followed by a colon is a key."""


class _JsonTypes(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # chosen at run time
    """Loads YAML, restricted to JSON types. Standard YAML would read 18:00 as a number, dates as objects."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", "n~"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", "-0123456789"),
    ("merge", r"<<", "<"),
):
    _JsonTypes.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), list(_first)
    )
_JsonTypes.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("$"), [""])


class _NotFiniteError(Exception):
    """A number in a JSON document is infinite, NaN, or too large for a double."""


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise _NotFiniteError(text)
    return number


class _KeyTwiceError(Exception):
    """An object in a JSON document has a duplicate key."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _KeyTwiceError
    return found


def read(path: Path) -> Any:
    """Read a JSON or YAML file, restricted to JSON types.

    Raises:
        KitError: The file can't be read.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise KitError(f"{path} is not a regular file. Pass a file that contains the document.")
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except IsADirectoryError:
        raise KitError(f"{path} is a folder. Pass the OpenAPI document in it.") from None
    except OSError as error:
        raise KitError(f"{path}: {error.strerror}. Pass a file that exists and can be read.") from None
    if len(content) > _LARGEST:
        raise KitError(f"{path} is larger than {_LARGEST // 1_000_000} MB. Pass an OpenAPI document.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KitError(f"{path} is not UTF-8. Save it as UTF-8.") from None
    if not text.strip():
        raise KitError(f"{path} is empty. Pass an OpenAPI document.")
    try:
        found = json.loads(text, object_pairs_hook=_object, parse_float=_finite, parse_constant=_finite)
    except _NotFiniteError as error:
        raise KitError(f"{path} contains the number {str(error)[:20]}, which is not finite.") from None
    except _KeyTwiceError:
        line, name = next(_keys_that_come_twice(text))
        raise KitError(f"{path}, line {line}: duplicate key {name!r}. Fix the JSON.") from None
    except ValueError:
        found = _read_yaml(path, text)
    except RecursionError:
        raise KitError(f"{path} is nested too deeply.") from None
    if "\\ud" in text.lower():
        _reject_halves_of_pairs(path, found)
    return found


def _keys_that_come_twice(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of each duplicate key in a JSON document's objects."""
    keys: list[set[str]] = []
    for token in _TOKENS.finditer(text):
        if token[0] == "{":
            keys.append(set())
        elif token[0] == "}":
            keys.pop()
        elif colon := token[1]:
            name = json.loads(token[0].removesuffix(colon))
            if name in keys[-1]:
                yield text.count("\n", 0, token.start()) + 1, name
            keys[-1].add(name)


def _reject_halves_of_pairs(path: Path, found: Any) -> None:
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise KitError(
            f"{path} contains a lone surrogate, which isn't valid text. Fix the \\ud escape."
        ) from None


def _read_yaml(path: Path, text: str) -> Any:
    try:
        loader = _JsonTypes(text)
        try:
            root = loader.get_single_node()
            _reject_keys_that_come_twice(root)
            return _Plain().copy(loader.construct_document(root) if root else None)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        kind = "JSON" if text.lstrip()[0] in "[{" else "YAML"
        raise KitError(f"{path}, line {line}: {error.problem}. Fix the {kind}.") from None
    except yaml.YAMLError as error:
        raise KitError(f"{path} is neither JSON nor YAML: {str(error).splitlines()[0]}") from None
    except (RecursionError, ValueError) as error:
        what = "it is nested too deeply or contains itself" if isinstance(error, RecursionError) else error
        raise KitError(f"{path} can't be read, because {what}.") from None
    except (AttributeError, LookupError):  # raised by PyYAML for values such as !!bool maybe
        raise KitError(f"{path} can't be read, because a value doesn't fit its tag.") from None


def _reject_keys_that_come_twice(root: Any) -> None:
    """Raise an error if a mapping has duplicate keys, not counting keys from merged mappings (`<<`)."""
    waiting, met = [root], {root}
    for node in waiting:
        inner = []
        if isinstance(node, yaml.MappingNode):
            names: set[str] = set()
            for key, value in node.value:
                inner += [key, value]
                if isinstance(key, yaml.ScalarNode) and key.value in names:
                    raise yaml.MarkedYAMLError(
                        problem=f"duplicate key {key.value!r}", problem_mark=key.start_mark
                    )
                names |= {key.value} if isinstance(key, yaml.ScalarNode) else set()
        elif isinstance(node, yaml.SequenceNode):
            inner = node.value
        new = [each for each in inner if each not in met]
        met.update(new)
        waiting += new


class _Plain:
    """Copies values read from YAML, so that all keys are strings and no object is shared."""

    def __init__(self) -> None:
        self._count = 0

    def copy(self, node: Any) -> Any:
        self._count += 1
        if self._count > _LIMIT:
            raise ValueError(f"it contains over {_LIMIT:,} values")
        if isinstance(node, dict):
            return {_key(key): self.copy(value) for key, value in node.items()}
        if isinstance(node, float) and not math.isfinite(node):
            raise ValueError("it contains a number that is not finite")
        return [self.copy(value) for value in node] if isinstance(node, list) else node


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    return json.dumps(key) if isinstance(key, bool | int | float | None) else str(key)
