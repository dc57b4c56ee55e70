"""The results of each digital human in a run."""

from bluejay_results import Failing

from .. import builders
from ..runs import run_of


def test_void_conversations_of_a_digital_human_are_neither_passed_nor_failed() -> None:
    failed = {"evaluations": [builders.evaluation(goal_success=False)]}
    kinds: dict[int, list[builders.Document]] = {
        7: [{}, failed, {"status": "NO_ANSWER"}],
        5: [failed, failed],
        9: [{}, {}],
        3: [{"status": "NO_ANSWER"}],
    }
    listed = [each | {"digital_human_id": id_} for id_, all_ in kinds.items() for each in all_]
    run = run_of(*(builders.result(number, **each) for number, each in enumerate(listed)))
    found = [(h.id, h.conversations, h.passed, h.failed, h.void, h.failing) for h in run.by_digital_human]
    assert found == [
        (7, 3, 1, 1, 1, Failing.SOMETIMES),
        (5, 2, 0, 2, 0, Failing.ALWAYS),
        (9, 2, 2, 0, 0, Failing.NEVER),
        (3, 1, 0, 0, 1, None),
    ]


def test_a_conversation_without_a_digital_human_is_a_separate_group() -> None:
    run = run_of(builders.result(1), builders.result(2, digital_human_id=None))
    assert [(human.id, len(human.results)) for human in run.by_digital_human] == [(None, 1), (None, 1)]
