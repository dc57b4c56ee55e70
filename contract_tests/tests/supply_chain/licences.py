"""Every dependency, at runtime or of an extra, is under a licence on the list in pyproject.toml."""

import sys
from collections.abc import Collection

from .dependencies import NAME, needed, project

BSD_3 = frozenset({"jinja2", "partd", "zict"})
"""The metadata of these packages says BSD; the licence text in each package is BSD-3-Clause."""


def allowed() -> frozenset[str]:
    """Return the SPDX identifiers on the list."""
    return frozenset(project()["tool"][NAME]["allowed-licences"])


def is_allowed(licence: str, licences: Collection[str]) -> bool:
    """Whether an SPDX expression has an alternative whose parts are all on the list."""
    return any(all(part in licences for part in choice.split(" AND ")) for choice in licence.split(" OR "))


def refused(licences: Collection[str]) -> list[str]:
    """Return the dependencies under any other licence, one per line."""
    return [
        f"{name} {each.version}: {each.licence} is not in allowed-licences of pyproject.toml"
        for name, each in needed("cli", "contract").items()
        if name not in {NAME, *BSD_3} and not is_allowed(each.licence, licences)
    ]


def main() -> int:
    """Write the table of licences and what is wrong with it; return the exit code."""
    for name, each in needed("cli", "contract").items():
        if name != NAME:
            sys.stdout.write(f"{name:<22} {each.version:<18} {each.licence}\n")
    lines = refused(allowed())
    sys.stderr.writelines(f"licences: {line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
