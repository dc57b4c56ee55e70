"""openapi-generator's Python client: calls a method of an API class, as the generated README shows."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from pydantic import BaseModel

from .arguments import required, snake_case

package = import_module("league_client")
APIS = [value for name, value in vars(package).items() if name.endswith("Api")]


def call(request: dict[str, Any]) -> Any:
    """Call the operation with the default configuration."""
    name = snake_case(request["operation"])
    api = next(each for each in APIS if hasattr(each, name))
    arguments = required(getattr(api, name), request, "self")
    with package.ApiClient(package.Configuration(host=request["url"])) as client:
        return _unwrapped(getattr(api(client), name)(**arguments))


def _unwrapped(value: Any) -> Any:
    """Return a result without the generated classes of unions, whose users read `actual_instance`."""
    if hasattr(value, "actual_instance"):
        return _unwrapped(value.actual_instance)
    if isinstance(value, dict | BaseModel):
        return {key: _unwrapped(each) for key, each in dict(value).items()}
    return [_unwrapped(each) for each in value] if isinstance(value, list) else value
