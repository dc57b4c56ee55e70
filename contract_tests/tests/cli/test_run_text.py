"""The report of a run, without a terminal."""

from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun
from bluejay_results.cli.process import describe
from bluejay_results.cli.run_text import report
from bluejay_results.errors import WaitTimeoutError
from bluejay_results.writing.run_view import RunView, worst_first
from rich.console import Console

from .. import builders
from ..builders import saved_run


def shown(run: SimulationRun, *, width: int = 120, list_all: bool = False) -> list[str]:
    return [line.plain for line in report(RunView.of(run), Console(width=width), list_all=list_all)]


def failed(id_: int = 1, reason: str | None = None, **fields: Any) -> builders.Document:
    """A conversation that missed its goal."""
    evaluation = builders.evaluation(goal_success=False, goal_reasoning=reason, **fields)
    return builders.result(id_, evaluations=[evaluation])


def scenario_run(name: str) -> SimulationRun:
    """The run in the last response of a scenario."""
    return SimulationRun.from_bytes(SCENARIOS[name].bodies[-1])


@pytest.mark.parametrize(
    ("scenario", "verdict"),
    [
        (
            "still_evaluating",
            "Run 48216 is not settled (COMPLETED): so far 2 of 2 passed, 100.0 %",
        ),
        ("unknown_fields", "Run 48223 is settled (COMPLETED): 2 of 3 passed, 66.7 %"),
    ],
)
def test_the_first_line_states_whether_the_run_is_settled_and_its_pass_rate(
    scenario: str, verdict: str
) -> None:
    lines = shown(scenario_run(scenario))
    assert lines[0] == verdict
    assert " 0 " not in f" {lines[1]}"  # outcomes that did not occur are left out


def test_counters_that_contradict_the_conversations_are_noted() -> None:
    run = saved_run(builders.result(1), failed(2), builders.result(3), tests_passed=3, total_tests=3)
    assert "Note     the run counts 3 passed; by its conversations, 2 passed" in shown(run)


def test_conversations_are_listed_by_outcome_and_the_slowest_come_first() -> None:
    run = saved_run(
        builders.result(1, status="RUNNING"),
        builders.result(2, status="NO_ANSWER", evaluations=None),
        failed(3, avg_agent_latency=0),
        failed(4, latency={"p95_agent_latency": 900}),
        failed(5, latency={"p95_agent_latency": 1900}),
        builders.result(6),
        status="RUNNING",
    )
    assert [result.id for result in worst_first(run)] == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("latency", "cell"),
    [
        ({"latency": {"p50_agent_latency": 840.4, "p95_agent_latency": 1310}}, "840/1310"),
        ({"latency": {"p50_agent_latency": 0, "p95_agent_latency": 1.25}}, "-/1.25"),
        ({"latency": None, "avg_agent_latency": 912}, "avg 912"),
        ({"latency": {"p50_agent_latency": 0}, "avg_agent_latency": 0}, "-"),
        ({"latency": {"p50_agent_latency": 0.0421, "p95_agent_latency": 1e300}}, "0.0421/1e+300"),
    ],
)
def test_a_latency_in_an_unknown_unit_has_no_unit_and_a_missing_latency_is_a_dash(
    latency: dict[str, Any], cell: str
) -> None:
    [row] = [line for line in shown(saved_run(failed(7, "why", **latency))) if line.startswith("failed ")]
    assert row.removeprefix("failed   7   -       COMPLETED").removesuffix("why").strip() == cell


REASON = " ".join(f"because{number}" for number in range(40))


@pytest.mark.parametrize("width", [40, 120])
def test_a_reason_wraps_within_its_column_and_is_never_cut(width: int) -> None:
    lines = shown(saved_run(failed(7, REASON)), width=width)
    start = next(line for line in lines if line.endswith("reason")).index("reason")
    first = next(index for index, line in enumerate(lines) if line.startswith("failed "))
    table = lines[first : lines.index("", first)]
    assert max(map(len, table)) <= width
    assert " ".join(line[start:] for line in table) == REASON
    assert {line[:start].strip() for line in table[1:]} == {""}


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (74, "outcome id caller status p50/p95 ms reason"),
        (63, "outcome id caller status reason"),
        (56, "outcome id status reason"),
        (40, "outcome id reason"),
    ],
)
def test_the_least_useful_columns_are_dropped_first(width: int, columns: str) -> None:
    lines = shown(saved_run(failed(7, REASON)), width=width)
    assert next(line for line in lines if line.endswith("reason")).split() == columns.split()


MANY = [failed(id_, f"for reason {id_ % 2 or id_}") for id_ in range(22)]


def test_over_20_conversations_that_did_not_pass_are_grouped_by_outcome_owner_and_reason() -> None:
    lines = shown(saved_run(*MANY, builders.result(99, status="NO_ANSWER")))
    assert lines[lines.index("") + 1 :][:4] == [
        "23 conversations did not pass, --all lists each:",
        "22 failed; the agent has to act",
        "  0: for reason 0",
        "  1, 3, 5 and 8 more: for reason 1",
    ]
    assert "1 unknown; the agent or its line has to act" in lines


def test_20_conversations_that_did_not_pass_are_listed_one_by_one() -> None:
    assert "20 conversations did not pass, the slowest of each outcome first:" in shown(saved_run(*MANY[:20]))


@pytest.mark.parametrize("scenario", ["settled", "repeats", "unknown_fields", "large"])
def test_only_the_url_may_be_longer_than_the_width(scenario: str) -> None:
    lines = shown(scenario_run(scenario), width=60)
    assert [line for line in lines if len(line) > 60 and not line.startswith("App ")] == []


LATENCIES = [{"p50_agent_latency": 700}] + [
    {"p50_agent_latency": p50, "p95_agent_latency": 2 * p50} for p50 in (900, 1000)
]


@pytest.mark.parametrize(
    ("results", "said"),
    [
        (
            [*(failed(id_, latency=latency) for id_, latency in enumerate(LATENCIES)), failed(9)],
            "median p50 900 ms, highest p95 2000 ms, measured in 3 of 4 conversations",
        ),
        (
            [failed(1, avg_agent_latency=700), failed(2, avg_agent_latency=900)],
            "median average 700 ms, measured in 2 of 2 conversations",
        ),
        ([failed(1, avg_agent_latency=1.2)], "median average 1.2 s, measured in 1 of 1 conversation"),
        (
            [failed(1, avg_agent_latency=50)],
            "median average 50 (unit unknown), measured in 1 of 1 conversation",
        ),
        ([], "not measured"),
    ],
    ids=["percentiles", "averages", "seconds", "unknown", "nothing"],
)
def test_the_latency_of_the_run_has_its_unit_and_ignores_missing_values(
    results: list[builders.Document], said: str
) -> None:
    assert f"Latency  {said}" in shown(saved_run(*results))


def of_caller(human: int, *goals: bool | None) -> list[builders.Document]:
    """The conversations of a caller, one for each verdict."""
    return [
        builders.result(human * 10 + turn, digital_human_id=human)
        | {"evaluations": [builders.evaluation(goal_success=goal)]}
        for turn, goal in enumerate(goals)
    ]


def test_callers_with_repeats_are_counted_and_the_worst_callers_are_named() -> None:
    always = [of_caller(human, False, False) for human in range(1, 6)]
    others = [
        of_caller(6, False),
        of_caller(7, True, False),
        of_caller(8, True, True),
        of_caller(9, None, None),
    ]
    callers = [*others, *always, of_caller(10, False, False, False)]
    lines = shown(saved_run(*(each for conversations in callers for each in conversations)), width=200)
    assert [line for line in lines if line.startswith(("Repeats", "Worst"))] == [
        "Repeats  9 callers with more than one conversation: 6 always failed, 1 always passed, 2 mixed",
        "Worst    10 (3 of 3 failed), 1 (2 of 2 failed), 2 (2 of 2 failed), 3 (2 of 2 failed), "
        "4 (2 of 2 failed) and 2 more",
    ]


def test_unknown_statuses_and_fields_are_noted_in_one_line() -> None:
    run = saved_run(
        builders.result(status="MOVED") | {"b": 1}, builders.result(2) | {"b": 2}, status="NEVER_LISTED"
    )
    assert [line for line in shown(run) if line.startswith("Note ")] == [
        "Note     not in the contract: status NEVER_LISTED, MOVED; field $.simulation_results[].b"
    ]


def test_long_lists_and_long_names_of_unknown_fields_are_cut() -> None:
    run = saved_run(builders.result() | dict.fromkeys("abcde", 1))
    assert "$.simulation_results[].c and 2 more" in "\n".join(shown(run, width=200))
    assert len("".join(shown(saved_run(builders.result() | {"a " * 999: 1})))) < 1000


def test_the_owner_replaces_a_status_that_another_column_shows() -> None:
    row = next(line for line in shown(scenario_run("settled")) if "NO_CONNECTION" in line)
    assert row.endswith("NO_CONNECTION           -  owner: the agent's configuration")
    nobody = shown(saved_run(builders.result(status="INCOMPLETED")))
    assert any(line.endswith("800  status INCOMPLETED") for line in nobody)
    no_room = saved_run(builders.result(7**15, status="NO_ANSWER", evaluations=None))
    assert "status NO_ANSWER" in "\n".join(shown(no_room, width=60))


def test_a_run_whose_page_is_unknown_has_no_line_with_a_url() -> None:
    run = saved_run(builders.result(), simulation_id=None)
    assert [line for line in shown(run) if line.startswith("App")] == []
    error = WaitTimeoutError("Run 48213 has not settled.")
    error.run = run
    assert "None" not in describe(error)


ATTACKS = [
    ("\x1b[2Jgone", r"\x1b[2Jgone"),
    ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
    ("\x9b2J", r"\x9b2J"),
    ("ok\x08\x08no", r"ok\x08\x08no"),
    ("\u202egnp.exe", r"\u202egnp.exe"),
    *((text, text) for text in ("[bold red]loud[/]", "[link=http://x]y[/link]", ":boom:")),
]


@pytest.mark.parametrize(("sent", "visible"), ATTACKS)
def test_received_text_is_shown_but_never_controls_the_terminal(sent: str, visible: str) -> None:
    places: list[tuple[builders.Document, builders.Document]] = [
        (failed(reason=sent), {}),
        (builders.result(status=sent, evaluations=[]), {}),
        (failed(), {"summary": sent}),
        (failed(), {"id": sent}),
        (failed(), {"status": sent}),
        (failed() | {sent: 1}, {}),
    ]
    for result, fields in places:
        text = "\n".join(shown(saved_run(result, **fields), width=200))
        # A status is shown in capitals and with underscores.
        assert visible.upper().replace(" ", "_") in text.upper().replace(" ", "_")
        assert text.replace("\n", "").isprintable()
