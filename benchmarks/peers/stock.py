"""The client that openapi-python-client generates from our contract with its own templates."""

from importlib import import_module
from typing import Any

client_class = import_module("stock_client.client").Client
retrieve = import_module("stock_client.api.simulation_results.retrieve_simulation_results").sync


def call(url: str, _: str, arguments: dict[str, Any]) -> Any:
    """Retrieve the run, with the option that makes the client strictest."""
    with client_class(base_url=url, raise_on_unexpected_status=True) as client:
        return retrieve(arguments["simulation_run_id"], client=client, x_api_key="test-key")
