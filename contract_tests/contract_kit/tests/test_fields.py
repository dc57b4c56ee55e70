"""The names of schemas in reports, and the `--ignore` values that match a fault."""

import pytest

from contract_kit.judge.fields import field_of, ignorable, name_and_path

from .fakes import LIST_ORDERS, mutant

ORDER = "/components/schemas/Order"
INLINE = "/paths/~1orders/get/responses/200/content/application~1json/schema"


@pytest.mark.parametrize(
    ("location", "name", "path"),
    [
        (ORDER, "Order", ""),
        (f"{ORDER}/properties/items/items/properties/price", "Order", ".items.*.price"),
        (f"{ORDER}/properties/a~1b", "Order", ".a/b"),
        (f"{ORDER}/properties/properties/properties/items", "Order", ".properties.items"),
        (f"{ORDER}/allOf/1/properties/total", "Order", ".total"),
        (f"{ORDER}/properties/total/anyOf/0", "Order", ".total"),
        (f"{ORDER}/then/properties/total", "Order", ".total"),
        (f"{ORDER}/additionalProperties", "Order", ".*"),
        (f"{ORDER}/patternProperties/^a/properties/b", "Order", ".*.b"),
        (f"{ORDER}/prefixItems/1", "Order", ".1"),
        (f"{ORDER}/properties/total/$defs/Money/properties/amount", "Money", ".amount"),
        ("/components/schemas/items/properties/id", "items", ".id"),
        ("/components/schemas/schema/properties/id", "schema", ".id"),
        ("/components/responses/Gone/content/application~1json/schema/properties/id", "Gone", ".id"),
        ("common.yaml#/definitions/Money/properties/amount", "Money", ".amount"),
        ("common.yaml#/Money/properties/amount", "Money", ".amount"),
        ("types/money.json#/properties/amount", "money", ".amount"),
        ("types/money.json#", "money", ""),
        (f"{INLINE}/items/properties/id", "", ".*.id"),
    ],
)
def test_a_location_yields_its_last_name_and_the_path_after_the_name(
    location: str, name: str, path: str
) -> None:
    assert name_and_path(location) == (name, path)


@pytest.mark.parametrize(
    ("location", "group", "field"),
    [
        (f"{ORDER}/properties/id/type", "type", "Order.id"),
        (f"{ORDER}/properties/format/format", "minimum", "Order.format"),
        (f"{ORDER}/properties/format", "legal", "Order.format"),
        (f"{ORDER}/properties/gone", "not", "Order.gone"),
        (f"{ORDER}/required", "required", "Order"),
        (f"{ORDER}/properties/\x1b[2J/type", "type", r"Order.\x1b[2J"),
        (f"{INLINE}/type", "type", "listOrders 404"),
        (f"{INLINE}/items/properties/id/type", "type", "listOrders 404 *.id"),
        ("", "protocol", "cut"),
        ("/components/schemas/cut/type", "type", "schema cut"),
        ("/components/schemas/cut/allOf/0/type", "type", "schema cut"),
        ("/components/schemas/legal", "legal", "schema legal"),
        ("/components/schemas/enum/properties/protocol/type", "type", "enum.protocol"),
    ],
)
def test_a_mutants_field_is_named_after_the_broken_schema(location: str, group: str, field: str) -> None:
    given = mutant(
        "1", group=group, schema_location=location, operation=LIST_ORDERS, status=404, operator="cut"
    )
    assert field_of(given) == field


def test_a_fault_can_be_ignored_by_keyword_operator_field_or_location() -> None:
    given = mutant("1", schema_location=f"{ORDER}/properties/id/type", operator="type null")
    assert list(ignorable(given)) == [
        "type",
        "type null",
        "Order.id",
        f"{ORDER}/properties/id",
        "/**",
        "/components/**",
        "/components/schemas/**",
        f"{ORDER}/**",
        f"{ORDER}/properties/**",
        f"{ORDER}/properties/id/**",
    ]


def test_an_http_fault_can_be_ignored_only_by_group_or_operator() -> None:
    given = mutant("1", group="protocol", schema_location="", operator="cut")
    assert set(ignorable(given)) == {"protocol", "cut"}
