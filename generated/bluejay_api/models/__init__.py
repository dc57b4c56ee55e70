# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
"""Contains all the data models used in inputs/outputs"""

from .actual_tool_call_detail import ActualToolCallDetail
from .custom_metric import CustomMetric
from .evaluation import Evaluation
from .event import Event
from .expected_tool_call_detail import ExpectedToolCallDetail
from .filler_ignored_latency import FillerIgnoredLatency
from .free_form_object import FreeFormObject
from .get_simulation_runs_response import GetSimulationRunsResponse
from .http_validation_error import HTTPValidationError
from .latency import Latency
from .observability_call_evaluated import ObservabilityCallEvaluated
from .outbound_digital_human import OutboundDigitalHuman
from .outbound_simulation_started import OutboundSimulationStarted
from .queue_simulation_run_request import QueueSimulationRunRequest
from .sentiment_scores import SentimentScores
from .simulation_ended import SimulationEnded
from .simulation_result_evaluated import SimulationResultEvaluated
from .simulation_result_response import SimulationResultResponse
from .simulation_results_response import SimulationResultsResponse
from .simulation_run_res import SimulationRunRes
from .simulation_run_response import SimulationRunResponse
from .simulation_run_result_response import SimulationRunResultResponse
from .simulation_run_status import SimulationRunStatus
from .single_simulation_result_response import SingleSimulationResultResponse
from .tool_call import ToolCall
from .tool_call_comparison_group import ToolCallComparisonGroup
from .validation_error import ValidationError

__all__ = (
    "ActualToolCallDetail",
    "CustomMetric",
    "Evaluation",
    "Event",
    "ExpectedToolCallDetail",
    "FillerIgnoredLatency",
    "FreeFormObject",
    "GetSimulationRunsResponse",
    "HTTPValidationError",
    "Latency",
    "ObservabilityCallEvaluated",
    "OutboundDigitalHuman",
    "OutboundSimulationStarted",
    "QueueSimulationRunRequest",
    "SentimentScores",
    "SimulationEnded",
    "SimulationResultEvaluated",
    "SimulationResultResponse",
    "SimulationResultsResponse",
    "SimulationRunRes",
    "SimulationRunResponse",
    "SimulationRunResultResponse",
    "SimulationRunStatus",
    "SingleSimulationResultResponse",
    "ToolCall",
    "ToolCallComparisonGroup",
    "ValidationError",
)
