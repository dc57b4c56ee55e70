"""The bill of materials is complete, valid and the same for the same lock."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from .dependencies import NAME, needed, pins
from .sbom import bom


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The bill of materials."""
    read: dict[str, Any] = json.loads(bom())
    return read


def test_it_is_valid_cyclonedx() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bom()) is None


def test_it_lists_what_is_needed_at_runtime_and_nothing_else(document: dict[str, Any]) -> None:
    assert [each["name"] for each in document["components"]] == [name for name in needed() if name != NAME]


def test_every_version_and_every_hash_is_the_lock_s(document: dict[str, Any]) -> None:
    listed = {
        each["name"]: (each["version"], {one["content"] for one in each["hashes"]})
        for each in document["components"]
    }
    locked = pins()
    assert listed == {name: (locked[name].version, set(locked[name].hashes)) for name in listed}


def test_every_component_has_a_licence(document: dict[str, Any]) -> None:
    assert [each["name"] for each in document["components"] if not each["licenses"]] == []


def test_it_says_who_needs_what(document: dict[str, Any]) -> None:
    needs = {each["ref"].partition("==")[0]: each.get("dependsOn", []) for each in document["dependencies"]}
    assert {one.partition("==")[0] for one in needs[NAME]} == {"attrs", "httpx", "msgspec"}
    assert f"h11=={pins()['h11'].version}" in needs["httpcore"]


def test_it_names_no_host() -> None:
    assert "://" not in bom().replace('"$schema": "http://cyclonedx.org/schema/', "")


def test_the_same_lock_is_the_same_bill() -> None:
    assert json.loads(bom())["serialNumber"] == json.loads(bom())["serialNumber"]
