"""What the kit derives besides the mutants of the matrix: values, alternatives, samples and operators."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from contract_kit.derive import pages
from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.deliveries import of_receivers
from contract_kit.derive.model import Operator
from contract_kit.derive.operators import OPERATORS, operator_of
from contract_kit.derive.styles import written
from contract_kit.derive.valid_bodies import some_value
from contract_kit.errors import UncoverableError
from contract_kit.read.formats import KEPT_EXAMPLES

from ..documents import catalogue, of_schema, read_schema
from .matrix import COMPONENTS, SCHEMAS, document, of_body, version

STYLES = {
    "path": (None, "simple", "label", "matrix"),
    "query": (None, "form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": (None, "simple"),
    "cookie": (None, "form"),
}
VALUES: list[Any] = ["a b/ü", True, None, 5, 2.5, [5, "b&"], [], {"a": 5, "b c": "ü"}, {}, {"a": [True]}]
FORMATS: dict[str, Any] = {
    f"format {name}": {"type": "string", "format": name}
    for name in KEPT_EXAMPLES
    if name not in ("int32", "int64")
}


def values() -> Iterator[str]:
    """Yield the values of four properties with each schema, and of its items if they must differ."""
    every = [*FORMATS.items(), *(pair for each in SCHEMAS.values() for pair in each.items())]
    for name, schema in every:
        yield f"{name}: {_built(name, _object(schema))} {_built(name, _unique(schema))}"


def _object(schema: Any) -> Any:
    return {"type": "object", "properties": dict.fromkeys("abcd", schema)}


def _unique(schema: Any) -> Any:
    return {"type": "array", "items": schema, "minItems": 3, "uniqueItems": True}


def _built(name: str, schema: Any) -> str:
    validators, node = read_schema(of_schema(schema, version(name), **COMPONENTS))
    try:
        value = some_value(validators, node, {})
    except UncoverableError as error:
        return str(error)
    checks = (
        validators.is_valid(node, value),
        validators.accepts(node, value),
        validators.is_legal(node, value),
    )
    return json.dumps(value, ensure_ascii=False) + "" * all(checks) + f" {checks}" * (not all(checks))


def styles() -> Iterator[str]:
    """Yield each kind of value in each style of a parameter."""
    for place, names in STYLES.items():
        for style, explode in itertools.product(names, (None, False, True)):
            keywords = {"style": style, "explode": explode}
            given = {name: each for name, each in keywords.items() if each is not None}
            yield f"== {place} {given}"
            yield from (f"{each!r}: {written({'name': 'p q', 'in': place} | given, each)}" for each in VALUES)
        for kind in ("application/json", "text/plain"):
            yield f"== {place} {kind}"
            described = {"name": "p q", "in": place, "content": {kind: {}}}
            yield from (f"{each!r}: {written(described, each)}" for each in VALUES)


def cursors() -> Iterator[str]:
    """Yield the cursors of each body with a parameter `position`, its own cursors, and two last pages."""
    given = yaml.safe_load(Path(__file__).with_name("cursors.yaml").read_text())
    bodies: list[Any] = [{"items": [], name: value} for name in given["names"] for value in ("x", True)]
    for body in bodies + given["bodies"]:
        found, all_types = (pages.cursors(body, ["position"], any_type=each) for each in (False, True))
        own = pages.with_own_cursors(body, ["position"], lambda _: True)
        last = [pages.last_page(own, ["position"], each) for each in (_without_bool, _without_null)]
        yield f"{body}: {found}{f' {all_types}' * (all_types != found)} {own if own != body else ''} {last}"


def _without_bool(body: Any) -> bool:
    return True not in body.values() and False not in body.values()


def _without_null(body: Any) -> bool:
    return None not in body.values()


def operators() -> Iterator[str]:
    """Yield each operator, as it is for a `type` and for an `enum`, and for receivers."""
    for name in OPERATORS:
        for keyword in ("type", "enum"):
            found = operator_of(name, keyword)
            if keyword == "type" or found != operator_of(name, "type"):
                yield f"{name} {keyword} | {_described(found)} | {of_receivers(found).strictness}"


def _described(operator: Operator) -> str:
    facts = (operator.strictness, operator.keeps_meaning, operator.incident, operator.reason, operator.source)
    return " | ".join(map(str, facts))


def samples() -> Iterator[str]:
    """Yield a sample's mutants with their keys, the number of planned mutants, and a few mutants by key."""
    for webhooks, name, size in ((False, "responses", 150), (False, "pages", 30), (True, "deliveries", 60)):
        found = Catalogue(document(name), webhooks=webhooks)
        yield f"== {name}: {found.count((), 10_000)} planned"
        yield from (f"{each.key} {each.id}" for each in found.mutants(sample=size))


def alternatives() -> Iterator[str]:
    """Yield each alternative to a control, what it restores or combines, and its mutants."""
    found = {name: of_body(name, schema) for name, schema in SCHEMAS["alternatives"].items()}
    for name, each in (found | {"examples": catalogue(document("examples").root)}).items():
        yield f"== {name}"
        for operation in each.operations:
            yield from _of_control(each, operation.id)


def _of_control(found: Catalogue, operation: str) -> Iterator[str]:
    control = found.control(found.operation(operation))
    ids = [each.id for each in found.mutants([operation])]
    for other, alternative in found.alternatives(control):
        suspects, accepted = found.suspects(other, alternative)
        yield f"{other.key} {other.id}{other.suffix} {other.response.body.decode()}"
        yield f"  suspects {[(each.id, each.suffix, each.response.body.decode()) for each in suspects]}"
        yield f"  combines {sorted(accepted)}"
        made = [found.mutant(f"{each}{other.suffix}") for each in ids]
        sent = {each.id: each.response.body.decode() for each in made if each and each.keyword}
        yield f"  {len(list(filter(None, made)))} mutants, such as {list(sent.items())[::7]}"
