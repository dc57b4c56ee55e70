"""Events that the service sends to a URL of yours: verify a delivery, read its event, drop repeats."""

from bluejay_api.models import (
    ObservabilityCallEvaluated,
    OutboundSimulationStarted,
    SimulationEnded,
    SimulationResultEvaluated,
)

from .deliveries import Deliveries
from .event import WebhookEvent, parse
from .receiving import receive
from .signature import MAX_DELIVERY_BYTES, verify

__all__ = [
    "MAX_DELIVERY_BYTES",
    "Deliveries",
    "ObservabilityCallEvaluated",
    "OutboundSimulationStarted",
    "SimulationEnded",
    "SimulationResultEvaluated",
    "WebhookEvent",
    "parse",
    "receive",
    "verify",
]
