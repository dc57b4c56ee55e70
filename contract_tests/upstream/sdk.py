"""Reads the models of our operations from a wheel of upstream's SDK, without importing it."""

from __future__ import annotations

import ast
import lzma
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any, NamedTuple

from contract_kit.errors import KitError

from . import published
from .annotations import Models
from .changes import ABSENT, changes
from .fields import Bodies, Fields

LARGEST = 16 * 1024 * 1024
"""The number of bytes of code to read; version 0.3.6 has 1.5 MB."""
_UNREADABLE_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(EOFError, RuntimeError, ValueError),  # an end too early, an encrypted file, a name in no UTF-8
)
_UNREADABLE_CODE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""The errors of Python's parser. A MemoryError has no text."""
TOO_DEEP = "it is nested too deeply"


class Sdk(NamedTuple):
    """The name and version of an SDK, and the syntax trees of its modules by file name."""

    title: str
    version: str
    modules: dict[str, ast.Module]


def read(wheel: Path) -> Sdk:
    """Read a wheel.

    Raises:
        KitError: The file is no wheel, has too much code, or has code that can't be parsed.
    """
    try:
        files = _files(wheel)
    except OSError as error:
        raise KitError(f"{wheel} can't be read: {error.strerror or error}") from None
    except _UNREADABLE_ZIP as error:
        raise KitError(f"{wheel} is not a wheel: {error}") from None
    metadata = [BytesHeaderParser().parsebytes(each) for file, each in files.items() if not _is_code(file)]
    if len(metadata) != 1 or not metadata[0]["Name"] or not metadata[0]["Version"]:
        raise KitError(f"{wheel} is not a wheel: it has no METADATA with a name and a version.")
    try:
        modules = {file: ast.parse(code, file) for file, code in files.items() if _is_code(file)}
    except _UNREADABLE_CODE as error:
        raise KitError(f"{wheel} has code that can't be parsed: {str(error) or TOO_DEEP}") from None
    version = str(metadata[0]["Version"])
    return Sdk(f"{metadata[0]['Name']} {version}", version, modules)


def differences(sdk: Sdk) -> dict[str, dict[str, str]]:
    """Return the fields whose types differ between openapi.yaml and the SDK, with the types that there are.

    Raises:
        KitError: The SDK lacks one of our operations, or has a layout that can't be read.
    """
    bodies = _bodies_of_contract()
    contract = Fields(bodies)
    try:
        models = Fields(_bodies_of_sdk(sdk, bodies), contract)
        _reject_other_models(contract, models)
    except (KitError, *_UNREADABLE_CODE) as error:
        hint = "If its layout is new, extend contract_tests/upstream."
        raise KitError(f"{sdk.title} can't be compared: {str(error) or TOO_DEEP}. {hint}") from None
    found = {}
    for each in changes(contract.types, models.types):
        types = {"contract": each.old, "sdk": each.new}
        found[each.where] = {side: text for side, text in types.items() if text is not ABSENT}
    return found


def line(sdk: Sdk, where: str, types: dict[str, str]) -> str:
    """Return a difference as one line of text."""
    in_sdk = f"{types['sdk']} in" if "sdk" in types else "not in"
    in_contract = f"{types['contract']} in" if "contract" in types else "not in"
    return f"{where}: {in_sdk} {sdk.title}, {in_contract} the contract"


def _reject_other_models(contract: Fields, models: Fields) -> None:
    """Reject a body without a field of ours: its model may have become a part of a new model."""
    for owner in contract.owners:
        if not any(each.startswith(f"{owner}.") for each in contract.types.keys() & models.types.keys()):
            raise KitError(f"its model for {owner} has no field of openapi.yaml")


def _is_code(file: str) -> bool:
    return file.endswith(".py")


def _files(wheel: Path) -> dict[str, bytes]:
    """Return the wheel's code and METADATA."""
    with zipfile.ZipFile(wheel) as archive:
        chosen = [
            each
            for each in archive.infolist()
            if _is_code(each.filename) or each.filename.endswith(".dist-info/METADATA")
        ]
        if sum(each.file_size for each in chosen) > LARGEST:
            raise KitError(f"{wheel} has more than {LARGEST // 1024**2} MB of code, so it wasn't read.")
        return {each.filename: archive.read(each) for each in chosen}


def _bodies_of_contract() -> Bodies:
    document, schemas = published.contract(), {}
    for each in published.our_operations().values():
        operation = document.at(each.place)
        schemas[f"{each.name} response"] = _schema(operation["responses"]["200"])
        if "requestBody" in operation:
            schemas[f"{each.name} request"] = _schema(operation["requestBody"])
    return Bodies(schemas, document.root["components"]["schemas"])


def _schema(body: dict[str, Any]) -> Any:
    return body["content"]["application/json"]["schema"]


def _bodies_of_sdk(sdk: Sdk, contract: Bodies) -> Bodies:
    methods: dict[tuple[str, str], list[ast.FunctionDef]] = defaultdict(list)
    for identity, method in _methods(sdk):
        methods[identity].append(method)
    models, schemas = Models(sdk.modules), {}
    for identity, operation in published.our_operations().items():
        if len(methods[identity]) != 1:
            raise KitError(f"{len(methods[identity])} methods send {operation.name}, not 1")
        [method] = methods[identity]
        parameters = {each.arg: each.annotation for each in (*method.args.args, *method.args.kwonlyargs)}
        for body, annotation in (("response", method.returns), ("request", parameters.get("request"))):
            if (name := f"{operation.name} {body}") in contract.schemas:
                if annotation is None:
                    raise KitError(f"the method {method.name} has no type for its {body}")
                schemas[name] = models.schema(annotation)
    return Bodies(schemas, models.components)


def _methods(sdk: Sdk) -> Iterator[tuple[tuple[str, str], ast.FunctionDef]]:
    """Yield each blocking method that sends a request, with the operation that it calls."""
    nodes = (node for module in sdk.modules.values() for node in ast.walk(module))
    for function in (node for node in nodes if isinstance(node, ast.FunctionDef)):
        for call in ast.walk(function):
            sent = {each.arg: each.value for each in call.keywords} if isinstance(call, ast.Call) else {}
            match sent.get("method"), sent.get("path"):
                case ast.Constant(value=str(method)), ast.Constant(value=str(path)):
                    yield published.key(method, path), function
