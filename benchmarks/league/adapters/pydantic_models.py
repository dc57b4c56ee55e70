"""The pydantic models that datamodel-code-generator writes, used behind httpx, once with `strict`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import httpx
from pydantic import TypeAdapter

models = import_module("league_models")
NAMES = {
    "retrieve_simulation_results": "SimulationResultsResponse",
    "retrieve_simulation_result": "SingleSimulationResultResponse",
    "queue_simulation_run": "SimulationRunResponse",
    "get_simulation_runs": "GetSimulationRunsResponse",
    "listOrders": "Orders",
    "placeOrder": "Order",
    "getOrder": "Order",
    "listEvents": "EventPage",
    "getEvent": "Event",
    "createPayment": "Payment",
    "getPayment": "Payment",
    "getLatestChange": "AnyChange",
    "uploadFile": "File",
    "getFile": "File",
    "getReport": "Report",
}
TYPES: dict[str, Any] = {
    operation: TypeAdapter(getattr(models, name))
    for operation, name in NAMES.items()
    if hasattr(models, name)
}


def call(request: dict[str, Any], *, strict: bool = False) -> Any:
    """Request the operation, raise for an error status, and validate the body with its model."""
    url = request["url"] + request["path"]
    body = request.get("body")
    response = httpx.request(request["method"], url, headers=request["headers"], json=body).raise_for_status()
    reader = TYPES.get(request["operation"])
    return reader.validate_json(response.content, strict=strict) if reader else response.content


def call_strictly(request: dict[str, Any]) -> Any:
    """Do the same as `call`, but convert no value from another type."""
    return call(request, strict=True)
