"""Verifies webhook deliveries and parses their events."""

from bluejay_api.models import (
    ObservabilityCallEvaluated,
    OutboundSimulationStarted,
    SimulationEnded,
    SimulationResultEvaluated,
)

from .delivery import WebhookEvent, parse, receive, verify

__all__ = [
    "ObservabilityCallEvaluated",
    "OutboundSimulationStarted",
    "SimulationEnded",
    "SimulationResultEvaluated",
    "WebhookEvent",
    "parse",
    "receive",
    "verify",
]
