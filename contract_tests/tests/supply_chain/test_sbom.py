"""The bill of materials is complete and valid, and depends only on the lock."""

import json

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from .dependencies import needed, pins
from .sbom import bom


def test_the_sbom_is_valid_cyclonedx_and_contains_no_host() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bom()) is None
    assert "://" not in bom()


def test_the_sbom_has_the_version_and_the_licence_of_each_runtime_package() -> None:
    components = json.loads(bom())["components"]
    hashes = {each["name"]: {one["content"] for one in each["hashes"]} for each in components}
    assert {"h11", "httpx"} <= hashes.keys() == needed()
    assert hashes == {name: set(pins()[name].hashes) for name in hashes}
    assert [each["name"] for each in components if each["version"] != pins()[each["name"]].version] == []
    assert [each["name"] for each in components if not each["licenses"][0]["expression"]] == []
