"""The generated models, compared with their schemas."""

import inspect
import typing
from typing import Any

import attrs
import bluejay_api.models
import pytest
from bluejay_contract.contract import Contract

CONTRACT = Contract.load()
SCHEMAS: dict[str, Any] = CONTRACT.document["components"]["schemas"]
OBJECTS = [name for name, schema in SCHEMAS.items() if schema.get("properties")]
FREE_FORM = [name for name, schema in SCHEMAS.items() if schema["type"] == "object" and name not in OBJECTS]


def _model(name: str) -> Any:
    return getattr(bluejay_api.models, name)


@pytest.mark.parametrize("name", OBJECTS)
def test_a_model_has_the_fields_of_its_schema_and_their_defaults_or_none(name: str) -> None:
    required = SCHEMAS[name].get("required", [])
    assert {field.name: field.default for field in attrs.fields(_model(name))} == {
        key: attrs.NOTHING if key in required else schema.get("default")
        for key, schema in SCHEMAS[name]["properties"].items()
    }


def test_no_field_has_a_type_that_mentions_maybeabsent_or_unset() -> None:
    assert [name for name in FREE_FORM if typing.get_origin(_model(name)) is not dict] == []
    sources = {name: inspect.getsource(_model(name)) for name in OBJECTS}
    assert [name for name, source in sources.items() if "Unset" in source or "Type0" in source] == []
