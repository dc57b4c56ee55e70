"""The pydantic models that datamodel-code-generator writes from our contract, used behind httpx."""

from importlib import import_module
from typing import Any

from .bare import get

model = import_module("pydantic_models").SimulationResultsResponse


def call(url: str, _: str, arguments: dict[str, Any]) -> Any:
    """Retrieve the run."""
    return model.model_validate_json(get(url, arguments).content)


def call_strictly(url: str, _: str, arguments: dict[str, Any]) -> Any:
    """Retrieve the run, and convert no value from another type."""
    return model.model_validate_json(get(url, arguments).content, strict=True)
