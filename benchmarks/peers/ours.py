"""Our client."""

from typing import Any

from bluejay_results import BluejayClient


def call(url: str, _: str, arguments: dict[str, Any]) -> Any:
    """Retrieve the run."""
    with BluejayClient("test-key", url, retries=0) as client:
        return client.retrieve(arguments["simulation_run_id"])
