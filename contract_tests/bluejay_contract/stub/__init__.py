"""The stub server: upstream's one operation, answered by a service that shares no code with the client.

It is an independent witness. It imports neither the generated client nor the overlay and does not read
the contract, so a mistake in any of them cannot hide behind the same mistake here.
"""

from ._answer import Answer
from ._exchange import RecordedRequest
from ._server import Stub
from .scenarios import SCENARIOS, Scenario

__all__ = ["SCENARIOS", "Answer", "RecordedRequest", "Scenario", "Stub"]
