"""A stub of the service, for offline tests.

The stub uses no client code and doesn't read the contract, so it can't repeat a mistake in either.
"""

from .answer import Answer
from .requests_and_answers import RecordedRequest
from .scenarios import SCENARIOS, Scenario, run, run_list
from .server import Stub

__all__ = ["SCENARIOS", "Answer", "RecordedRequest", "Scenario", "Stub", "run", "run_list"]
