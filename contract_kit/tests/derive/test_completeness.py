"""The kept texts contain everything that the kit can derive, as far as its code lists it."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from contract_kit import derive
from contract_kit.derive import model, slots, unusual
from contract_kit.derive.exchange import Transfer
from contract_kit.derive.keyword_changes import KEYWORDS
from contract_kit.derive.model import Expect
from contract_kit.derive.operators import OPERATORS
from contract_kit.derive.strictness import Strictness
from contract_kit.prove.proving import Doubt, Exactness
from contract_kit.read import formats, normalizing

from .kept import KEPT, TEXTS
from .limits import LIMITS
from .matrix import DOCUMENTS, SCHEMAS

ALL = "\n".join(each.read_text() for each in sorted(KEPT.glob("*.txt")))
PACKAGE = Path(str(derive.__file__)).parents[1]
SOURCES = {
    each: ast.parse(each.read_text())
    for part in ("derive", "read", "prove")
    for each in (PACKAGE / part).glob("*.py")
}
NO_MUTANTS = {"new-in-diff"}  # only `contract-kit diff` makes it


def test_each_text_is_kept_and_no_other() -> None:
    assert sorted(each.stem for each in KEPT.iterdir()) == sorted(TEXTS)


def test_each_operator_makes_a_mutant() -> None:
    made = {each for each in OPERATORS if re.search(rf":{each}(?:[ =:]|$)", ALL, re.MULTILINE)}
    assert OPERATORS.keys() - made == NO_MUTANTS, "Add a schema to schemas.yaml, or remove the operator."


def test_each_keyword_that_a_change_can_break_is_broken() -> None:
    broken = {each for each in KEYWORDS if re.search(rf"\| {each} (?:exact|wrapped|compound)", ALL)}
    assert KEYWORDS - broken == {"properties"}  # a property that is `false` breaks `not`


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys(each)


def test_each_keyword_that_the_kit_reads_is_in_a_schema() -> None:
    known = normalizing._KNOWN | {"$ref", "discriminator", "nullable", "readOnly", "writeOnly", "example"}
    assert known - {*keys([SCHEMAS, DOCUMENTS])} == set()


def test_each_format_that_a_mutant_breaks_is_in_a_schema() -> None:
    assert {each.get("format") for each in SCHEMAS["formats"].values()} >= formats.ASSERTED


def names_in(enumeration: type[Any], pattern: str) -> set[str]:
    return {each for each in enumeration if not re.search(pattern.format(re.escape(each)), ALL)}


def test_each_expectation_exactness_transfer_and_kind_of_body_occurs() -> None:
    assert (
        names_in(Expect, r"\| {} ") == names_in(Strictness, r" {} \|") == names_in(Exactness, " {} ") == set()
    )
    assert names_in(Transfer, "transfer {}") == {Transfer.WHOLE}
    assert {each for each in unusual._KINDS.values() if f"| {each}" not in ALL} == set()


def test_each_doubt_and_each_reason_of_a_mutant_occurs() -> None:
    assert {each for each in Doubt if f"| {each} |" not in ALL} == {
        Doubt.UNCHANGED
    }  # it isn't a skipped part
    reasons = {each.reason for each in OPERATORS.values() if each.reason} | {
        *texts_of(slots),
        model.ERROR_STATUS,
    }
    assert {each for each in reasons if not re.search(pattern_of(each), ALL)} == set()


def texts_of(module: ModuleType) -> Iterator[str]:
    """Yield a module's constants that are sentences."""
    yield from (
        each
        for each in vars(module).values()
        if isinstance(each, str) and each.startswith(("a client", "the "))
    )


def pattern_of(text: str) -> str:
    return ".*".join(map(re.escape, re.split(r"\{.*?\}", text))).replace(
        r"a\ client\ ", r"a\ (?:client|receiver)\ "
    )


NO_LIMITS = {
    "derive.alternatives.MOST",  # the sum of two others
    *("derive.building._ATTEMPTS", "derive.scalars._TRIES"),  # the values that are tried depend on hashes
    *("derive.catalogue._POSITIONS", "derive.catalogue._PROVED_TOGETHER"),  # test_relations.py
    "derive.protocol._NO_CONTENT",  # a status
    *("prove.second_validator._MOST_REMEMBERED", "prove.validators._MOST_COMPILED"),  # test_relations.py
    *("read.files._LARGEST", "read.files._LIMIT"),  # test_bad_input.py
    *(f"read.patterns.{each}" for each in ("_LONGEST", "_MOST", "_MOST_PUMPED", "_PUMP", "_SECONDS")),
}


def numbers(path: Path, tree: ast.Module) -> Iterator[str]:
    """Yield the names of a module's constants that are integers."""
    name = f"{path.parent.name}.{path.stem}"
    values = vars(importlib.import_module(f"contract_kit.{name}"))
    for each in tree.body:
        for node in ast.walk(each.targets[0]) if isinstance(each, ast.Assign) else ():
            if isinstance(node, ast.Name) and isinstance(values.get(node.id), int):
                yield f"{name}.{node.id}"


def test_each_limit_is_tried() -> None:
    found = {each for path, tree in SOURCES.items() for each in numbers(path, tree)}
    assert found - LIMITS.keys() == NO_LIMITS
