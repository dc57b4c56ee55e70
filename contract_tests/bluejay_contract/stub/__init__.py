"""A stub of the service, for tests offline.

It is an independent witness: to answer, it uses no code of the client and does not read the contract. A
mistake there can't hide behind the same mistake here.
"""

from .answer import Answer
from .requests_and_answers import RecordedRequest
from .scenarios import SCENARIOS, Scenario, run, run_list
from .server import Stub

__all__ = ["SCENARIOS", "Answer", "RecordedRequest", "Scenario", "Stub", "run", "run_list"]
