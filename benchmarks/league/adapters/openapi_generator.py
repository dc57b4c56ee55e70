"""openapi-generator's Python client: calls a method of an API class, as the generated README shows."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .arguments import required, snake_case

package = import_module("league_client")
APIS = [value for name, value in vars(package).items() if name.endswith("Api")]


def call(request: dict[str, Any]) -> Any:
    """Call the operation with the default configuration."""
    name = snake_case(request["operation"])
    api = next(each for each in APIS if hasattr(each, name))
    arguments = required(getattr(api, name), request, "self")
    with package.ApiClient(package.Configuration(host=request["url"])) as client:
        return getattr(api(client), name)(**arguments)
