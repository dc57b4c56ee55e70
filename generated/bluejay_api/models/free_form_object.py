# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from typing import Any, TypeAlias

FreeFormObject: TypeAlias = dict[str, Any]
"""An object with any keys and values."""
