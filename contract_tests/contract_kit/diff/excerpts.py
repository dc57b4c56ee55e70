"""Shortens a witness to its forbidden part and the path to this part."""

from __future__ import annotations

import json
from typing import Any

from contract_kit.read.paths import Path

_LONGEST = 200
"""The maximum length of a witness that is printed in full."""


def excerpt(value: Any, path: Path, what: str) -> str:
    """Return a witness as JSON. In a long witness, replace everything outside the path with dots.

    If a property is forbidden or missing at the path, `what` is its name.
    """
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= _LONGEST:
        return text
    if path and isinstance(value, list):
        index = int(path[0])
        before, after = "..., " * (index > 0), ", ..." * (index < len(value) - 1)
        return f"[{before}{excerpt(value[index], path[1:], what)}{after}]"
    name = path[0] if path else what
    if isinstance(value, dict) and name in value:
        inner = excerpt(value[name], path[1:], what if path else "")
        return f"{{{_quoted(name)}: {inner}{', ...' * (len(value) > 1)}}}"
    if isinstance(value, dict):
        text = f"{{{', '.join(f'{_quoted(each)}: ...' for each in value)}}}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _quoted(name: str | int) -> str:
    return json.dumps(name, ensure_ascii=False)
