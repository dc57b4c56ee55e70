"""bluejay-sdk, as installed from its registry."""

from importlib import import_module
from typing import Any

client_class = import_module("bluejay").Bluejay


def call(url: str, _: str, arguments: dict[str, Any]) -> Any:
    """Retrieve the run."""
    with client_class(server_url=url, api_key="test-key") as client:
        return client.retrieve_simulation_results.retrieve_simulation_results(
            simulation_run_id=arguments["simulation_run_id"]
        )
