"""Calls of every method of the client, and the responses to each: its trace and its end are kept."""

from ..overlay import answers
from ..virtual import Call
from . import building
from .notation import cases

CALLS: dict[str, Call] = cases("calls.yaml", vars(answers) | vars(building))
