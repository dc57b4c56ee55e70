"""A stub of the service, for offline tests.

The stub is independent of the client and the contract: it uses no code of the client and does not read the
contract. So the stub doesn't repeat mistakes of the client or the contract.
"""

from .answer import Answer
from .requests_and_answers import RecordedRequest
from .scenarios import SCENARIOS, Scenario, run, run_list
from .server import Stub

__all__ = ["SCENARIOS", "Answer", "RecordedRequest", "Scenario", "Stub", "run", "run_list"]
