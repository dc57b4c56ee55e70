"""Scenario: a delivery service tests its agent with 250 callers. Only the last page decides the verdict."""

from .conversation import Conversation
from .parts import Document
from .run_document import response, results

_FIRST_CALLER = 3_001
_CALLERS, _BEFORE_THE_LAST_PAGE = 250, 200


def paged(run_id: str) -> list[Document]:
    """250 conversations: 90 of each 100 passed on the first two pages, 10 of 50 on the last page."""
    conversations = [_conversation(index) for index in range(_CALLERS)]
    return [response(run_id, "733", "COMPLETED", results(run_id, conversations))]


def _conversation(index: int) -> Conversation:
    passed = index % 10 > 0 if index < _BEFORE_THE_LAST_PAGE else index % 5 == 0
    return Conversation(
        caller=_FIRST_CALLER + index,
        summary="The caller asked for a new delivery window.",
        goal=passed,
        reasoning="The window was set and read back." if passed else "The old window was kept.",
        length=41_000 + 600 * (index % 9),
        answer_times=(700 + index % 50 * 10, 900, 820),
    )
