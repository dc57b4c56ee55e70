"""The versions of what the league measures, as pinned in its lock files."""

from __future__ import annotations

import json
import re
from pathlib import Path

from benchmarks.corpus.documents import PACKAGE, version

_FOLDER = Path(__file__).parent
_PYTHON = (
    "openapi-python-client",
    "datamodel-code-generator",
    "openapi-generator-cli",
    "pydantic",
    "httpx",
    "requests",
    "urllib3",
)
_NODE = (
    "openapi-typescript",
    "openapi-fetch",
    "@hey-api/openapi-ts",
    "orval",
    "zod",
    "typescript",
    "@octokit/openapi",
)


def pinned() -> str:
    """Return a sentence that lists the versions from both lock files."""
    lock = (_FOLDER / "requirements.lock").read_text(encoding="utf-8")
    packages = json.loads((_FOLDER / "node" / "package-lock.json").read_bytes())["packages"]
    found = {name: _locked(lock, name) for name in _PYTHON}
    found |= {name: packages[f"node_modules/{name}"]["version"] for name in _NODE}
    found[PACKAGE] = version()
    return f"Measured with {', '.join(f'{name} {number}' for name, number in found.items())}."


def _locked(lock: str, name: str) -> str:
    return next(each[1] for each in re.finditer(rf"^{re.escape(name)}==(\S+)", lock, re.MULTILINE))
