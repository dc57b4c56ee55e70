# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from ..types import OpenEnum


class SimulationRunStatus(OpenEnum):
    """The states of a run. INCOMPLETED and INSUFFICIENT_FUNDS are final, like COMPLETED."""

    COMPLETED = "COMPLETED"
    INCOMPLETED = "INCOMPLETED"
    INITIALIZING = "INITIALIZING"
    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    RUNNING = "RUNNING"
