"""Builds wheels of a small SDK with the layout of upstream's SDK, and a contract that matches it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SMALL = Path(__file__).with_name("small_sdk")
METHODS, MODELS = ((SMALL / f"{name}.txt").read_text() for name in ("methods", "models"))


def small_contract() -> dict[str, Any]:
    """Return a document with our four operations, but only a few fields."""
    document: dict[str, Any] = json.loads((SMALL / "openapi.json").read_text())
    return document


def sources(old: str = "", new: str = "", more: str = "") -> dict[str, str]:
    """Return the SDK's modules, with `old` replaced by `new` and more code appended."""
    assert (METHODS + MODELS).count(old) == 1 or not old
    return {
        "bluejay/simulations.py": METHODS.replace(old, new) if old else METHODS,
        "bluejay/models/simulations.py": (MODELS.replace(old, new) if old else MODELS) + more,
    }


def build(folder: Path, modules: Mapping[str, str], version: str = "0.4.0") -> Path:
    path = folder / f"bluejay_sdk-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, code in modules.items():
            archive.writestr(file, code)
        described = f"Metadata-Version: 2.4\nName: bluejay-sdk\nVersion: {version}\n\nA small SDK\n"
        archive.writestr(f"bluejay_sdk-{version}.dist-info/METADATA", described)
        archive.writestr(f"bluejay_sdk-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    return path
