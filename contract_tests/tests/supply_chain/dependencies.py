"""The direct and indirect dependencies of our packages: their names, pins and licences."""

import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

from attrs import define
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
LOCK = ROOT / "requirements.lock"
EXPORT_LOCK = ROOT / "contract_tests" / "tests" / "export" / "with_extras" / "requirements.lock"
EXPORT_EXTRAS = frozenset({"export", "dask"})
"""The extras whose packages only EXPORT_LOCK contains; `make test-export` installs them."""
NAME = "bluejay-results"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
KIT = ROOT / "contract_kit"
KIT_NAME = "contract-kit"
KIT_SETTINGS: dict[str, Any] = tomllib.loads((KIT / "pyproject.toml").read_text())
KIT_PROJECT = KIT_SETTINGS["project"]
OURS = {NAME, KIT_NAME}
_PINNED = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;\\]+)(?P<rest>.*(?:\n .*)*)", re.MULTILINE)
_SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "ISC License": "ISC",
    "MIT License": "MIT",
}
"""The SPDX expression for each unambiguous licence name in the metadata of older packages."""
_BSD_3 = {"jinja2", "partd", "zict"}
"""Packages whose metadata only states BSD, but whose licence text is BSD-3-Clause."""


@define(frozen=True)
class Pin:
    """A line of the lock."""

    name: str
    version: str
    hashes: tuple[str, ...]


def pins(lock: Path = LOCK) -> dict[str, Pin]:
    found = (
        Pin(line["name"], line["version"], tuple(re.findall(r"--hash=sha256:(\w+)", line["rest"])))
        for line in _PINNED.finditer(lock.read_text())
    )
    return {pin.name: pin for pin in found}


def needed(*extras: str, by: str = NAME) -> set[str]:
    """Return the packages that one of our packages, with these extras, needs on this platform."""
    seen: set[tuple[str, str]] = set()
    waiting = {(by, extra) for extra in ("", *extras)}
    while waiting:
        name, extra = each = waiting.pop()
        seen.add(each)
        for needs in map(Requirement, metadata.requires(name) or []):
            if needs.marker is None or needs.marker.evaluate({"extra": extra}):
                waiting |= {(canonicalize_name(needs.name), one) for one in ("", *needs.extras)} - seen
    return {name for name, _ in seen} - OURS


def licence(name: str) -> str:
    """Return an installed package's licence as an SPDX expression; an unknown name is returned unchanged."""
    fields = metadata.metadata(name).json
    classified = [each for each in fields.get("classifier", ()) if each.startswith("License")]
    named = " AND ".join(each.rpartition(" :: ")[2] for each in classified)
    said = str(fields.get("license_expression") or fields.get("license") or named or "none")
    return "BSD-3-Clause" if name in _BSD_3 else _SPDX.get(said, said)


def is_allowed(licence: str) -> bool:
    """Whether an SPDX expression has an alternative that pyproject.toml allows in full."""
    allowed = set(PROJECT["tool"][NAME]["allowed-licences"])
    return any(set(choice.split(" AND ")) <= allowed for choice in licence.split(" OR "))
