"""The bill of materials is complete, valid and the same for the same lock."""

import json

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from .dependencies import NAME, needed, pins
from .sbom import bom


def test_the_sbom_is_valid_cyclonedx_reproducible_and_names_no_host() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bom()) is None
    assert json.loads(bom())["serialNumber"] == json.loads(bom())["serialNumber"]
    assert "://" not in bom().replace('"$schema": "http://cyclonedx.org/schema/', "")


def test_the_sbom_lists_runtime_packages_with_versions_hashes_and_licences() -> None:
    components = json.loads(bom())["components"]
    listed = {
        each["name"]: (each["version"], {one["content"] for one in each["hashes"]}) for each in components
    }
    locked = pins()
    assert {"h11", "httpx"} <= listed.keys()
    assert list(listed) == [name for name in needed() if name != NAME]
    assert listed == {name: (locked[name].version, set(locked[name].hashes)) for name in listed}
    assert [each["name"] for each in components if not each["licenses"]] == []
