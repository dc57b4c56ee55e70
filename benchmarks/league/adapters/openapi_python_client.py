"""openapi-python-client: calls `sync` of the operation's module, as the generated README shows."""

from __future__ import annotations

import enum
import pkgutil
from importlib import import_module
from typing import Any, get_type_hints

from .arguments import required, snake_case

api = import_module("league_client.api")
client_class = import_module("league_client.client").Client
MODULES = {
    name.rpartition(".")[2]: name for _, name, _ in pkgutil.walk_packages(api.__path__, "league_client.api.")
}


def call(request: dict[str, Any], *, strict: bool = False) -> Any:
    """Call the operation; `strict` sets the option that raises for undocumented statuses."""
    name = snake_case(request["operation"])
    if name not in MODULES:
        raise LookupError(f"the generator wrote no function for {name}")
    module = import_module(MODULES[name])
    hints = get_type_hints(module.sync_detailed)
    arguments = {
        name: _as(hints[name], value)
        for name, value in required(module.sync_detailed, request, "client").items()
    }
    with client_class(base_url=request["url"], raise_on_unexpected_status=strict) as client:
        if hasattr(module, "sync"):
            return module.sync(client=client, **arguments)
        module.sync_detailed(client=client, **arguments)  # no documented response has a body
        return None


def call_strictly(request: dict[str, Any]) -> Any:
    """Call the operation with the option that raises for undocumented statuses."""
    return call(request, strict=True)


def _as(hint: Any, value: Any) -> Any:
    """If the type of a parameter is a generated class, return its value as an instance of that class."""
    if hasattr(hint, "from_dict"):
        return hint.from_dict(value)
    return hint(value) if isinstance(hint, type) and issubclass(hint, enum.Enum) else value
