"""Builds wheels of a small SDK with the layout of upstream's SDK, and a contract that matches it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NULL = {"type": "null"}
STATUSES = ["RUNNING", "COMPLETED"]
METHODS = """
from bluejay import models

class Simulations(BaseSDK):
    def queue(self, *, request: Union[models.Queue, models.QueueTypedDict]) -> models.Queued:
        sent = self._build_request(method="POST", path="/v1/queue-simulation-run", request=request)

    async def queue_async(self, *, request: models.Queue) -> models.Queued:
        sent = self._build_request_async(method="POST", path="/v1/queue-simulation-run", request=request)

    def runs(self, *, simulation_id: str) -> models.Runs:
        request = models.RunsRequest(simulation_id=simulation_id)
        sent = self._build_request(method="GET", path="/v1/get-simulation-runs/{id}", request=request)

    def delete(self, *, simulation_id: str) -> models.Deleted:
        sent = self._build_request(method="DELETE", path="/v1/delete-simulation/{id}")

    def results(self, *, run_id: str) -> models.Results:
        sent = self._build_request(method="GET", path="/v1/retrieve-simulation-results/{run_id}")

    def result(self, *, result_id: str) -> models.SingleResult:
        sent = self._build_request(method="GET", path="/v1/retrieve-simulation-result/{result_id}")
"""
MODELS = '''
from .shared import Shared

RunStatus = Union[Literal["RUNNING", "COMPLETED"], UnrecognizedStr]
Metrics = TypeAliasType("Metrics", Union[Dict[str, Any], List[Any]])

class QueueTypedDict(TypedDict):
    simulation_id: str

class Queue(BaseModel):
    simulation_id: str
    digital_human_ids: OptionalNullable[List[str]] = UNSET

class Queued(BaseModel):
    simulation_run_id: str

class Runs(BaseModel):
    simulation_runs: Optional[List[Run]] = None

class Run(BaseModel):
    r"""A run"""

    id: int
    r"""Its id"""

    status: RunStatus

    @model_serializer(mode="wrap")
    def serialize_model(self, handler):
        return handler(self)

class Results(BaseModel):
    simulation_results: OptionalNullable[List["Result"]] = UNSET

class SingleResult(BaseModel):
    simulation_result: "Result"

class Result(BaseModel):
    duration: OptionalNullable[int] = UNSET
    start_time: OptionalNullable[datetime] = UNSET
    metrics_value: Annotated[
        OptionalNullable[Metrics], pydantic.Field(deprecated="old", alias="custom_metrics")
    ] = UNSET
    evaluations: OptionalNullable[List[SrcEvaluation]] = UNSET

class SrcEvaluation(BaseModel):
    goal_success: Nullable[bool]
    sentiment_scores: OptionalNullable[Dict[str, float]] = UNSET
'''


def small_contract() -> dict[str, Any]:
    """Return a document with our four operations, but only a few fields."""
    schemas = {
        "QueueRequest": {
            "simulation_id": {"type": "string"},
            "digital_human_ids": {"type": ["array", "null"], "items": {"type": "string"}},
        },
        "QueueResponse": {"simulation_run_id": {"type": "string"}},
        "RunsResponse": {"simulation_runs": {"type": "array", "items": _reference("Run")}},
        "Run": {"id": {"type": "integer"}, "status": _reference("Status")},
        "ResultsResponse": {
            "simulation_results": {"anyOf": [{"type": "array", "items": _reference("Result")}, NULL]}
        },
        "ResultResponse": {"simulation_result": _reference("Result")},
        "Result": {
            "duration": {"type": ["integer", "null"]},
            "start_time": {"type": ["string", "null"], "format": "date-time"},
            "custom_metrics": {"anyOf": [_reference("Free"), {"type": "array", "items": {}}, NULL]},
            "evaluations": {"anyOf": [{"type": "array", "items": _reference("Evaluation")}, NULL]},
        },
        "Evaluation": {
            "goal_success": {"type": ["boolean", "null"]},
            "sentiment_scores": {"anyOf": [_reference("Scores"), NULL]},
        },
    }
    return {
        "openapi": "3.1.0",
        "paths": {
            "/v1/queue-simulation-run": {
                "post": _operation("QueueResponse") | {"requestBody": _body("QueueRequest")}
            },
            "/v1/get-simulation-runs/{simulation_id}": {"get": _operation("RunsResponse")},
            "/v1/retrieve-simulation-results/{simulation_run_id}": {"get": _operation("ResultsResponse")},
            "/v1/retrieve-simulation-result/{test_result_id}": {"get": _operation("ResultResponse")},
        },
        "components": {
            "schemas": {
                **{name: {"type": "object", "properties": each} for name, each in schemas.items()},
                "Status": {"type": "string", "enum": STATUSES},
                "Free": {"type": "object", "additionalProperties": True},
                "Scores": {"type": "object", "additionalProperties": {"type": "number"}},
            }
        },
    }


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _body(name: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": _reference(name)}}}


def _operation(response: str) -> dict[str, Any]:
    return {"responses": {"200": _body(response)}}


def sources(old: str = "", new: str = "", more: str = "") -> dict[str, str]:
    """Return the SDK's modules, with `old` replaced by `new` and more code appended."""
    assert (METHODS + MODELS).count(old) == 1 or not old
    return {
        "bluejay/simulations.py": METHODS.replace(old, new) if old else METHODS,
        "bluejay/models/simulations.py": (MODELS.replace(old, new) if old else MODELS) + more,
    }


def build(folder: Path, modules: Mapping[str, str], version: str = "0.4.0") -> Path:
    path = folder / f"bluejay_sdk-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, code in modules.items():
            archive.writestr(file, code)
        described = f"Metadata-Version: 2.4\nName: bluejay-sdk\nVersion: {version}\n\nA small SDK\n"
        archive.writestr(f"bluejay_sdk-{version}.dist-info/METADATA", described)
        archive.writestr(f"bluejay_sdk-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    return path
