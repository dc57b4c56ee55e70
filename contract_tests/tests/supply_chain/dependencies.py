"""The direct and indirect dependencies of this package, as the lock pins them."""

import re
import tomllib
from collections.abc import Iterable
from functools import cached_property
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
"""The extras that only EXPORT_LOCK has; `make test-export` installs them."""
NAME = "bluejay-results"
_PINNED = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;\\]+)(?P<rest>.*(?:\n .*)*)", re.MULTILINE)
_SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "ISC License": "ISC",
    "MIT License": "MIT",
}
"""The names that older packages give their licence, if a name can mean only one licence."""


@define(frozen=True)
class Pin:
    """A line of the lock."""

    name: str
    version: str
    hashes: tuple[str, ...]


@define(frozen=True)
class Dependency:
    """An installed package.

    Attributes:
        name: The canonical name.
        needs: The canonical names of the packages that it needs in this environment.
    """

    name: str
    needs: tuple[str, ...]

    @property
    def version(self) -> str:
        return metadata.version(self.name)

    @cached_property
    def licence(self) -> str:
        """The licence as an SPDX expression, or else as the package states it."""
        classified = [each for each in self._field("Classifier") if each.startswith("License")]
        named = " AND ".join(each.rpartition(" :: ")[2] for each in classified)
        said = next(
            filter(None, [*self._field("License-Expression"), *self._field("License"), named]), "none"
        )
        return _SPDX.get(said, said)

    def _field(self, name: str) -> list[str]:
        return metadata.metadata(self.name).get_all(name) or []


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins(lock: Path = LOCK) -> dict[str, Pin]:
    found = (
        Pin(line["name"], line["version"], tuple(re.findall(r"--hash=sha256:(\w+)", line["rest"])))
        for line in _PINNED.finditer(lock.read_text())
    )
    return {pin.name: pin for pin in found}


def needed(*extras: str) -> dict[str, Dependency]:
    """Return the packages that this package needs here, at runtime and for the extras, by their names."""
    found: dict[str, Dependency] = {}
    waiting = [(NAME, frozenset(extras))]
    seen = set()
    while waiting:
        if (each := waiting.pop()) in seen:
            continue
        seen.add(each)
        name, wanted = each
        requirements = list(_requirements(name, wanted))
        waiting += [(canonicalize_name(one.name), frozenset(one.extras)) for one in requirements]
        before = found[name].needs if name in found else ()
        needs = {canonicalize_name(one.name) for one in requirements} | set(before)
        found[name] = Dependency(name, tuple(sorted(needs - {name})))
    return dict(sorted(found.items()))


def _requirements(name: str, extras: frozenset[str]) -> Iterable[Requirement]:
    for line in metadata.requires(name) or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            yield requirement
