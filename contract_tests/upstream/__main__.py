"""Compare upstream's published OpenAPI document with the last accepted version, or accept it.

Usage: python -m contract_tests.upstream check|accept FILE

`accepted.json` contains only facts about our operations: parameters, bodies, and the schemas that they use.
Exit codes: 0 if nothing changed or FILE was accepted, 1 if something changed, 2 if FILE is unusable.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contract_kit.diff.compare import compare
from contract_kit.diff.report import diff_to_text
from contract_kit.errors import KitError, UncoverableError
from contract_kit.read.document import Document, Place
from contract_kit.read.operations import Listed, Reader
from contract_kit.terminal import terminal_safe

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED = Path(__file__).with_name("accepted.json")
OF_OPERATION = {"deprecated", "requestBody", "responses"}
PROSE = {"$comment", "description", "example", "examples", "externalDocs", "summary", "title"}
NAMED = {
    *("$defs", "content", "dependentRequired", "dependentSchemas", "headers", "mapping", "patternProperties"),
    *("properties", "responses"),
}
"""Keywords of objects whose keys are names. A field may be called `description`."""
VALUES = {"const", "default"}
UNORDERED = {"enum", "required", "type"}
FALSE_BY_DEFAULT = {"deprecated", "nullable", "required"}
NULL = {"type": "null"}
NOT_WITH_NULL = {"allOf", "anyOf", "const", "enum", "not", "oneOf"}
"""Keywords that would also apply to null."""
LONGEST = 120
"""The number of characters of a value to print."""


def our_operations() -> dict[tuple[str, str], str]:
    """Return the names of the operations of openapi.yaml, by method and path without parameter names."""
    listed = Reader(Document.load(ROOT / "openapi.yaml")).operations
    return {_key(each): each.name for each in listed}


def facts(document: Document) -> dict[str, Any]:
    """Return the facts about our operations as a smaller OpenAPI document.

    Raises:
        KitError: The document has none of our operations, or a reference can't be followed.
    """
    reader, ours = Reader(document), our_operations()
    kept: dict[str, Any] = {"openapi": "3.0.0" if document.is_3_0 else "3.1.0", "paths": {}, "components": {}}
    try:
        for each in reader.operations:
            if _key(each) in ours:
                operation = _operation(reader, each.place)
                kept["paths"].setdefault(each.path, {})[each.method.lower()] = operation
        _add_components(kept, document)
    except UncoverableError as error:
        raise KitError(f"{document.path}: {error}") from None
    if not kept["paths"]:
        raise KitError(f"{document.path} has none of our operations, such as {next(iter(ours.values()))}.")
    return kept


def _key(operation: Listed) -> tuple[str, str]:
    return operation.method, re.sub(r"\{[^}]*\}", "{}", operation.path)


def _operation(reader: Reader, place: Place) -> dict[str, Any]:
    described = reader.document.at(place)
    kept: dict[str, Any] = _stripped({key: described[key] for key in described.keys() & OF_OPERATION})
    parameters = [_stripped(each) for _, each in reader.parameters(place).values()]
    return kept | {"parameters": sorted(parameters, key=lambda each: (each["in"], each["name"]))}


def _add_components(kept: dict[str, Any], document: Document) -> None:
    """Add each component that the kept parts refer to, directly or through other components."""
    waiting = [kept["paths"]]
    for node in waiting:
        for reference in re.findall(r'"\$ref": "(.*?)"', json.dumps(node, ensure_ascii=False)):
            place = document.target(Place(""), reference)
            if place.file or len(place.steps) != 3 or place.steps[0] != "components":
                raise UncoverableError(
                    f"The reference {reference} doesn't lead to a component of the document."
                )
            _, kind, name = place.steps
            if name not in kept["components"].setdefault(kind, {}):
                kept["components"][kind][name] = _stripped(document.at(place))
                waiting.append(kept["components"][kind][name])


def _stripped(node: Any, *, is_named: bool = False) -> Any:
    """Return a node without prose, and with each fact written in only one way."""
    if isinstance(node, list):
        return [_stripped(each) for each in node]
    if not isinstance(node, dict):
        return node
    if is_named:
        return {name: _stripped(each) for name, each in node.items()}
    found = {}
    for key, value in node.items():
        if key in PROSE or key.startswith("x-") or (key in FALSE_BY_DEFAULT and not value):
            continue
        if key in UNORDERED and isinstance(value, list):
            found[key] = sorted(value, key=json.dumps)
        else:
            found[key] = value if key in VALUES else _stripped(value, is_named=key in NAMED)
    return _with_null_as_type(found)


def _with_null_as_type(schema: dict[str, Any]) -> dict[str, Any]:
    """Write `anyOf` of one type and null as a list of two types: upstream may write either."""
    options = [each for each in schema.get("anyOf", ()) if each != NULL]
    if len(options) != 1 or NULL not in schema["anyOf"] or not isinstance(options[0], dict):
        return schema
    option: dict[str, Any] = options[0]
    if not isinstance(option.get("type"), str) or option.keys() & (schema.keys() | NOT_WITH_NULL):
        return schema
    rest = {key: each for key, each in schema.items() if key != "anyOf"}
    return rest | option | {"type": sorted([option["type"], "null"])}


def changes(old: Any, new: Any, where: str = "") -> Iterator[str]:
    """Yield one line for each value that only one version has, or that differs."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            at = f"{where} > {key}" if where else key
            if key not in new:
                yield f"removed: {at} = {_text(old[key])}"
            elif key not in old:
                yield f"added: {at} = {_text(new[key])}"
            else:
                yield from changes(old[key], new[key], at)
    elif json.dumps(old) != json.dumps(new):  # in Python, 1 == True
        yield f"changed: {where} from {_text(old)} to {_text(new)}"


def _text(value: Any) -> str:
    text = json.dumps(value, sort_keys=True)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _by_name(document: dict[str, Any]) -> dict[str, Any]:
    """Return the facts with each operation, parameter and component under its name, as changes are listed."""
    found: dict[str, Any] = {"openapi": document["openapi"]} | document["components"]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            parameters = {f"{each['in']} {each['name']}": each for each in operation["parameters"]}
            found[f"{method.upper()} {path}"] = operation | {"parameters": parameters}
    return found


def check(document: Document, found: list[str], accepted: Document) -> int:
    """Print what changed since the accepted version; return the exit code."""
    if not found:
        sys.stdout.write("Nothing changed in our operations since the last accepted version.\n")
        return 0
    names = [f"{method.upper()} {path}" for path, item in accepted.root["paths"].items() for method in item]
    report = diff_to_text(compare(accepted, document, lambda *_: None, names), None)
    listed = "".join(f"  {each}\n" for each in found)
    sys.stdout.write(f"{report}\nChanged facts ({len(found):,})\n{listed}\n")
    sys.stdout.write(f"When openapi.yaml is up to date, run: make upstream-accept FILE={document.path}\n")
    return 1


def accept(document: Document, found: list[str], published: dict[str, Any]) -> int:
    """Write and commit the accepted version; return the exit code.

    Raises:
        KitError: The document lacks one of our operations, or git could not commit the file.
    """
    has = {_key(each) for each in Reader(Document.of(published)).operations}
    if lacking := [name for key, name in our_operations().items() if key not in has]:
        raise KitError(f"{document.path} lacks {', '.join(lacking)}. Remove it from openapi.yaml first.")
    if not found:
        sys.stdout.write("Nothing changed, so there is nothing to commit.\n")
        return 0
    before = ACCEPTED.read_bytes()
    ACCEPTED.write_text(json.dumps(published, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    message = ["-m", "Accept the new version of upstream's document", "-m", "\n".join(found)]
    command = ["git", "commit", "--quiet", *message, "--", ACCEPTED.name]
    if subprocess.run(command, cwd=ACCEPTED.parent, check=False).returncode:  # noqa: S603 - our own arguments
        ACCEPTED.write_bytes(before)
        raise KitError(f"git could not commit {ACCEPTED.name}, so it is unchanged.")
    sys.stdout.write(f"Committed {ACCEPTED.name}.\n")
    return 0


def main() -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="upstream", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=["check", "accept"])
    parser.add_argument("file")
    arguments = parser.parse_args()
    try:
        document, accepted = Document.load(arguments.file), Document.load(ACCEPTED)
        published = facts(document)
        found = [terminal_safe(each) for each in changes(_by_name(accepted.root), _by_name(published))]
        if arguments.action == "accept":
            return accept(document, found, published)
        return check(document, found, accepted)
    except KitError as error:
        sys.stderr.write(f"upstream: {terminal_safe(str(error))}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
