"""The generated models against the schemas that they come from."""

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
def test_a_model_has_exactly_the_fields_of_its_schema(name: str) -> None:
    assert {field.name for field in attrs.fields(_model(name))} == set(SCHEMAS[name]["properties"])


@pytest.mark.parametrize("name", OBJECTS)
def test_the_fields_without_default_are_the_required_ones(name: str) -> None:
    mandatory = {field.name for field in attrs.fields(_model(name)) if field.default is attrs.NOTHING}
    assert mandatory == set(SCHEMAS[name].get("required", []))


@pytest.mark.parametrize("name", OBJECTS)
def test_a_field_left_out_reads_as_the_default_of_the_contract_or_none(name: str) -> None:
    optional = {
        field.name: field.default
        for field in attrs.fields(_model(name))
        if field.default is not attrs.NOTHING
    }
    assert optional == {
        key: schema.get("default")
        for key, schema in SCHEMAS[name]["properties"].items()
        if key not in SCHEMAS[name].get("required", [])
    }


@pytest.mark.parametrize("name", FREE_FORM)
def test_a_free_form_object_is_a_plain_dict(name: str) -> None:
    assert typing.get_origin(_model(name)) is dict


@pytest.mark.parametrize("name", OBJECTS)
def test_no_wrapper_and_no_unset_shows_in_a_type(name: str) -> None:
    source = inspect.getsource(_model(name))
    assert "Unset" not in source
    assert "Type0" not in source
