"""The command `gate`: judges a run by rules; the exit code is the verdict.

Annotations aren't postponed here (PEP 563): typer would have to evaluate postponed ones at each start.
"""

from typing import TYPE_CHECKING, Annotated

import typer
from attrs import frozen

from bluejay_results.errors import UsageError, WaitTimeoutError
from bluejay_results.results.app_url import run_id_in, simulation_id_in

from ..writing.streams import write_message
from .command import OptionGroup
from .connection import Connection, key_file
from .options import OUTPUTS, SOURCE, SUBJECT, AsJson, Har, Version, option
from .process import on_interrupt
from .queue import Queueing, queue_run, queued_text
from .rules import GivenRules, RuleOptions
from .source import is_saved, prepare_recording, saved
from .wait import Waiting, settled

if TYPE_CHECKING:
    from bluejay_results.results.queued import QueuedRun
    from bluejay_results.results.run import SimulationRun

    from .gate_outputs import KnownRun

EXAMPLES = """\
  bluejay-results gate 48213 --min-pass-rate 80
  bluejay-results gate 48213 --min-pass-rate 80 --confident
  bluejay-results gate run.json --require 'p90(latency.p95) <= 1500 ms'
  bluejay-results gate --queue 731 --junit gate.xml --comment gate.md
  bluejay-results gate 48213 && bluejay-results compare 48100 48213 --fail-if-worse

Rules can also be set in pyproject.toml, in [tool.bluejay-results.gate]. The keys are the option names.
"""


@frozen
class Reports(OptionGroup):
    """The reports to write."""

    as_json: AsJson = False
    junit: Annotated[
        str | None,
        option(OUTPUTS, "FILE", "Write JUnit XML: one test case per rule and one per conversation."),
    ] = None
    comment: Annotated[
        str | None, option(OUTPUTS, "FILE", "Write a short Markdown text for a pull request.")
    ] = None
    html: Annotated[
        str | None, option(OUTPUTS, "FILE", "Write the same HTML page as the command `report`.")
    ] = None
    har: Har = None


def gate(
    source: Annotated[str | None, SOURCE] = None,
    *,
    queue: Annotated[
        str | None,
        option(
            SUBJECT,
            "SIMULATION",
            "Queue a run of this simulation, given by its id or the URL of its page, and judge the run. Each "
            "run costs money. --digital-human, --agent-version and --with need --queue.",
        ),
    ] = None,
    queueing: Queueing,
    rules: RuleOptions,
    reports: Reports,
    waiting: Waiting,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Decide whether to ship: wait until a run is settled and judge it by rules.

    Exits with 0 for ship, 1 for don't ship, and 6 if the run is inconclusive. A conversation is unknown if it
    may have passed or failed; a void conversation says nothing about the agent. If the FILE of an option is
    -, that report goes to stdout, and the verdict as text to stderr. On GitHub, gate also writes the step
    summary, the step's outputs, and annotations on stderr.
    """
    from bluejay_results.gate import gate as judge  # loaded late: --help needs neither judge nor reports

    from .gate_outputs import KnownRun, Outputs

    on_interrupt("The run is not affected." if queue is None else "No run was queued.")

    set_, invalid = _settings(rules)
    outputs = Outputs.named(
        is_json=reports.as_json, junit=reports.junit, comment=reports.comment, html=reports.html
    )
    other_files = [
        ("the file of the run", source if source and source != "-" and is_saved(source) else None),
        ("the file of the API key", key_file(connection.api_key_file)),
        ("the file of --har", reports.har),
        *(("the file of the rules", path) for path in (rules.config, set_.file)),
    ]
    outputs.check((name, path) for name, path in other_files if path)
    known = KnownRun.of(source, queue)
    with known.failures_in(outputs):
        outputs.prepare()  # first: removes the files of an earlier verdict, even if a check below fails
        _check_subject(source, queue, queueing)
        prepare_recording(reports.har, source or queue, connection)
        if invalid:
            raise invalid
        checked = set_.rules()  # before a run is queued or awaited
        waiting.check()
        run = _run(source, queue, queueing, waiting, connection, reports.har, known)
        known.know(run.simulation_id, run.id)
        verdict = judge(run, checked)
        outputs.write(verdict)
    raise typer.Exit(verdict.exit_code)


def _settings(rules: RuleOptions) -> tuple[GivenRules, UsageError | None]:
    """Return the settings of the rules.

    If the TOML file can't be read, return only the options, and the error to raise later.
    """
    try:
        return rules.settings(), None
    except UsageError as error:
        return GivenRules(rules.values), error


def _check_subject(source: str | None, queue: str | None, queueing: Queueing) -> None:
    """Raise UsageError unless exactly one run is named, with valid options for it."""
    if source is None and queue is None:
        raise UsageError(
            "Missing argument 'RUN|FILE|-', or --queue SIMULATION. See: bluejay-results gate --help"
        )
    if source is not None and queue is not None:
        raise UsageError(f"{source} and --queue can't be combined. Name a run, or queue one.")
    if queue is None and queueing != Queueing():
        raise UsageError("--digital-human, --agent-version and --with can't be used without --queue.")


def _run(
    source: str | None,
    queue: str | None,
    queueing: Queueing,
    waiting: Waiting,
    connection: Connection,
    har: str | None,
    known: "KnownRun",
) -> "SimulationRun":
    """Return the settled run, or its last state if the wait times out. A saved run is read as it is."""
    if source is not None and is_saved(source):
        return saved(source)
    with connection.client() as client:
        awaited: str | QueuedRun
        if queue is None:
            awaited = run_id_in(source or "")
        else:
            awaited = queue_run(client, simulation_id_in(queue), queueing, "judge")
            known.know(awaited.simulation_id, awaited.run_id)
            write_message(queued_text(awaited))
        try:
            return settled(client, awaited, waiting, har)
        except WaitTimeoutError as error:
            if error.run is None:
                raise
            write_message(f"{error}")
            return error.run
