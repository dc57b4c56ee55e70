"""openapi-python-client: calls `sync` of the operation's module, as the generated README shows."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any, get_type_hints

from .arguments import required, snake_case

api = import_module("league_client.api")
client_class = import_module("league_client.client").Client
MODULES = {
    name.rpartition(".")[2]: name for _, name, _ in pkgutil.walk_packages(api.__path__, "league_client.api.")
}


def call(request: dict[str, Any]) -> Any:
    """Call the operation with the option that raises for undocumented statuses."""
    module = import_module(MODULES[snake_case(request["operation"])])
    arguments = required(request)
    if "body" in request:
        arguments["body"] = get_type_hints(module.sync_detailed)["body"].from_dict(request["body"])
    with client_class(base_url=request["url"], raise_on_unexpected_status=True) as client:
        # A module has no `sync` if no documented response has a body.
        return getattr(module, "sync", module.sync_detailed)(client=client, **arguments)
