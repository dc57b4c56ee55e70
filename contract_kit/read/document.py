"""Reads an OpenAPI document and the files that it refers to, resolves references, and lists skipped parts."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from attrs import evolve, field, frozen

from contract_kit.errors import BrokenReferenceError, KitError, UncoverableError
from contract_kit.terminal import json_safe

from .files import read
from .paths import pointer, unescaped

_NAMES_OF_3_0 = re.compile(r"3\.0\.\d+")
_NAMES_OF_3_1 = re.compile(r"3\.1\.\d+")


@frozen
class Place:
    """A location in a document: a file, and the path to a value in the file."""

    file: str
    steps: tuple[str, ...] = ()

    def __truediv__(self, step: str | int) -> Place:
        return Place(self.file, (*self.steps, str(step)))

    @property
    def pointer(self) -> str:
        """The JSON Pointer within the file."""
        return pointer(self.steps)


@frozen(eq=False)
class Document:
    """An OpenAPI 3.0 or 3.1 document, including the files to which its references have led so far.

    Attributes:
        path: The path of the file.
        root: The file's content.
        ref_root: A folder whose files the document may refer to, in addition to files in its own folder.
    """

    path: Path
    root: dict[str, Any] = field(repr=False)
    ref_root: Path | None = None
    _files: dict[str, Any] = field(factory=dict, repr=False)
    _anchors: dict[tuple[str, str], Place] = field(factory=dict, repr=False)

    @classmethod
    def load(cls, path: str | os.PathLike[str], ref_root: Path | None = None) -> Document:
        """Read a document. Its references may lead to files in its own folder and in the folder `ref_root`.

        Raises:
            KitError: The file can't be read, or isn't an OpenAPI 3.0 or 3.1 document.
        """
        found = Path(path)
        root = read(found)
        _reject_what_is_not_openapi(found, root)
        return cls(found, root, ref_root, {"": root})

    @classmethod
    def of(cls, root: dict[str, Any]) -> Document:
        """Return a document with this content, as if its file were in the current folder."""
        return cls(Path("openapi.yaml"), root, files={"": root})

    @property
    def is_3_0(self) -> bool:
        """Whether the document is OpenAPI 3.0, in which schemas aren't JSON Schema 2020-12."""
        return bool(_NAMES_OF_3_0.fullmatch(str(self.root["openapi"])))

    @property
    def base_paths(self) -> list[str]:
        """The non-empty paths of the server URLs, without a trailing slash."""
        servers = self.root.get("servers")
        listed = servers if isinstance(servers, list) else []
        urls = [str(each.get("url")) for each in listed if isinstance(each, dict)]
        paths = [re.sub(r"^\w+://[^/]*", "", url).rstrip("/") for url in urls]
        return [path for path in paths if path.startswith("/")]

    def at(self, place: Place) -> Any:
        """Return the value at a place.

        Raises:
            BrokenReferenceError: The place doesn't exist in the document.
            KitError: A reference leads outside the folders that references may lead to.
        """
        node = self._file(place.file)
        for step in place.steps:
            try:
                node = node[int(step)] if isinstance(node, list) else node[step]
            except (KeyError, IndexError, ValueError, TypeError):
                message = f"The reference to {place.file}#{place.pointer} can't be resolved."
                raise BrokenReferenceError(message) from None
        return node

    def target(self, place: Place, reference: Any) -> Place:
        """Return the place to which the `$ref` at a place leads.

        Raises:
            BrokenReferenceError: The reference leads to a file that can't be read, or to an anchor that
                doesn't exist.
            UncoverableError: The reference leads to a URL.
        """
        if not isinstance(reference, str):
            raise BrokenReferenceError(f"The $ref at {place.pointer} is not a string.")
        parts = urlsplit(reference.replace("[", "%5B"))  # a bracket would raise a ValueError
        if parts.scheme or parts.netloc:
            raise UncoverableError(f"The reference {reference} is a URL, which is never fetched.")
        file = os.path.normpath(os.path.join(os.path.dirname(place.file), unquote(parts.path)))  # noqa: PTH118, PTH120 - Path keeps ..
        file = place.file if not parts.path else "" if file == self.path.name else file
        fragment = unquote(parts.fragment)
        if fragment and not fragment.startswith("/"):
            return self._anchor(file, fragment)
        steps = fragment.split("/")[1:]
        return Place(file, tuple(map(unescaped, steps)))

    def follow(self, place: Place) -> tuple[Place, Any]:
        """Resolve the references at a place; return the final place and its value.

        Raises:
            UncoverableError: A reference can't be resolved, or the references are circular.
        """
        seen = set()
        node = self.at(place)
        while isinstance(node, dict) and "$ref" in node:
            seen.add(place)
            place = self.target(place, node["$ref"])
            if place in seen:
                raise UncoverableError(f"The reference to {place.file}#{place.pointer} is circular.")
            node = self.at(place)
        return place, node

    def _file(self, name: str) -> Any:
        if name not in self._files:
            path = self._inside(name)
            try:
                self._files[name] = read(path)
            except KitError as error:
                raise BrokenReferenceError(str(error)) from None
        return self._files[name]

    def _inside(self, name: str) -> Path:
        """Return a file's path if the file is in a folder that references may point into."""
        path = self.path.parent / name.replace("\0", "%00")
        folders = [each.resolve() for each in (self.path.parent, self.ref_root) if each]
        if not any(Path(os.path.realpath(path)).is_relative_to(each) for each in folders):
            raise KitError(
                f"{self.path} refers to {name}, which is outside {folders[-1]}. "
                "To allow the file, pass a folder that contains it with --ref-root."
            )
        return path

    def _anchor(self, file: str, name: str) -> Place:
        if not any(known == file for known, _ in self._anchors):
            self._anchors[file, ""] = Place(file)
            self._note_anchors(Place(file), self._file(file))
        if (file, name) not in self._anchors:
            raise BrokenReferenceError(f"The reference to {file}#{name} can't be resolved.")
        return self._anchors[file, name]

    def _note_anchors(self, place: Place, node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("$anchor"), str):
                self._anchors[place.file, node["$anchor"]] = place
            for key, inner in node.items():
                self._note_anchors(place / key, inner)
        elif isinstance(node, list):
            for index, inner in enumerate(node):
                self._note_anchors(place / index, inner)


@frozen
class Skipped:
    """A part of the document that yields no mutants, and why.

    Attributes:
        where: The part: an operation, an operation and a status, a schema's location, or a mutant's id.
        reason: Why the part yields no mutants, in one sentence.
        count: The number of parts skipped for this reason.
        is_broken: Whether the part was skipped because a reference's target doesn't exist in the document's
            files.
    """

    where: str
    reason: str
    count: int = 1
    is_broken: bool = False

    @classmethod
    def of(cls, where: str, error: UncoverableError) -> Self:
        """Return a part skipped because of an error."""
        return cls(where, str(error), is_broken=isinstance(error, BrokenReferenceError))

    def described(self) -> dict[str, object]:
        """Return the skipped part as a JSON object."""
        part = {"where": self.where, "reason": self.reason, "count": self.count}
        return part | {"broken": self.is_broken}

    def to_json(self) -> str:
        """Return the skipped part as one line of JSON."""
        described = self.described()
        line = {"skipped": described.pop("where")} | described
        return json_safe(json.dumps(line, ensure_ascii=False))


class ByReason(dict[str, Skipped]):
    """Counts the skipped parts for each reason, and records the first part for each."""

    def add(self, part: Skipped) -> None:
        """Count a skipped part."""
        known = self.get(part.reason)
        self[part.reason] = evolve(known, count=known.count + part.count) if known else part


def by_reason(skipped: Iterable[Skipped]) -> list[str]:
    """Return one line per reason, most frequent first, each starting with the first part skipped for it."""
    found = ByReason()
    for each in skipped:
        found.add(each)
    return [
        f"{each.where}{f' and {each.count - 1:,} more' if each.count > 1 else ''}: {each.reason}"
        for each in sorted(found.values(), key=lambda each: -each.count)
    ]


def broken_references(skipped: Iterable[Skipped]) -> list[str]:
    """Return one line for each reference that leads nowhere, starting with the first affected part."""
    return by_reason(each for each in skipped if each.is_broken)


def _reject_what_is_not_openapi(path: Path, root: Any) -> None:
    if not isinstance(root, dict) or ("openapi" not in root and "swagger" not in root):
        raise KitError(f"{path} is not an OpenAPI document, because it has no top-level `openapi` version.")
    version = str(root.get("openapi", root.get("swagger")))
    if "swagger" in root:
        raise KitError(f"{path} is Swagger {version}. Convert it to OpenAPI 3.0 first.")
    if not _NAMES_OF_3_0.fullmatch(version) and not _NAMES_OF_3_1.fullmatch(version):
        raise KitError(f"{path} is OpenAPI {version}. The kit reads versions such as 3.0.3 and 3.1.0.")
    if not any(isinstance(root.get(key), dict) and root[key] for key in ("paths", "webhooks")):
        why = "its `paths` is empty" if "paths" in root else "it has no `paths`"
        raise KitError(f"{path} has no operation, because {why}.")


def nearest(name: str, known: list[str]) -> str:
    """Return a hint that suggests the most similar known name, or "" if none is similar."""
    found = difflib.get_close_matches(name, known, 1)
    return f" Did you mean {found[0]}?" if found else ""
