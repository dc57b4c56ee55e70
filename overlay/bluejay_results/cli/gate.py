"""The `gate` command, which checks runs against rules; the exit code is the verdict.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

from typing import Annotated

import typer
from attrs import evolve, frozen

from bluejay_results.errors import UsageError

from .command import OptionGroup
from .connection import Connection
from .keys import key_file
from .options import OUTPUTS, RULES, SUBJECT, AsJson, Har, Version, argument, option
from .process import on_interrupt
from .queue import Queueing
from .rules import GivenRules, RuleOptions
from .source import SAVED, is_saved, prepare_recording
from .wait import Waiting

EXAMPLES = """\
  bluejay-results gate 48213 --min-pass-rate 80
  bluejay-results gate 48213 --min-pass-rate 80 --confident
  bluejay-results gate run.json --require 'p90(latency.p95) <= 1500 ms'
  bluejay-results gate --queue 731 --junit gate.xml --comment gate.md
  bluejay-results gate 48232 --base 48229 --must-pass 57
  bluejay-results gate --queue 731 --queue 733

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
        str | None, option(OUTPUTS, "FILE", "Write a short Markdown comment for a pull request.")
    ] = None
    html: Annotated[
        str | None, option(OUTPUTS, "FILE", "Write the same HTML page as the `report` command.")
    ] = None
    name: Annotated[
        str,
        option(
            OUTPUTS,
            "NAME",
            "The name in headings and comments (default: gate).",
            "--name",
            show_default=False,
        ),
    ] = "gate"
    har: Har = None


def gate(
    runs: Annotated[
        list[str] | None,
        argument("RUN|FILE|-...", f"Run ids, URLs of pages in the app, {SAVED}"),
    ] = None,
    *,
    queue: Annotated[
        list[str] | None,
        option(
            SUBJECT,
            "SIMULATION",
            "Queue a run of this simulation (an id, or the URL of its page in the app) and check it. Each "
            "run costs money. Can be repeated. --digital-human, --agent-version and --with need --queue.",
        ),
    ] = None,
    queueing: Queueing,
    rules: RuleOptions,
    base: Annotated[
        str | None,
        option(
            RULES,
            "RUN|FILE",
            "Require that the run is not worse than this earlier run of the same simulation.",
        ),
    ] = None,
    reports: Reports,
    waiting: Waiting,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Decide whether to ship: wait until the runs are settled, then check them against the rules.

    Exits with 0 for ship, 1 for don't ship, and 6 if the runs are inconclusive. A conversation is unknown if
    the data doesn't show whether it passed or failed, and void if it reveals nothing about the agent. If an
    option's FILE is -, its report goes to stdout and the text verdict goes to stderr. On GitHub, gate also
    writes the step's summary and outputs, and prints annotations on stderr.
    """
    # Imported lazily: --help needs neither the rules nor the reports.
    from bluejay_results.gate import gate as decide
    from bluejay_results.gate.verdict import NoVerdict, Verdict

    from .gate_outputs import Outputs
    from .gate_runs import base_run, check_runs, known_ids, runs_to_check

    sources, simulations = runs or [], queue or []
    known = known_ids(sources, simulations)
    ids = [each.id for each in known if each.id]
    affected = f"Run {ids[0]} is" if len(ids) == 1 else f"Runs {', '.join(ids)} are"
    on_interrupt("No run was queued." if simulations else f"{affected} not affected." if ids else "")

    set_, invalid = _settings(rules)
    outputs = Outputs.named(
        reports.name,
        is_json=reports.as_json,
        junit=reports.junit,
        comment=reports.comment,
        html=reports.html,
    )
    read = [each for each in (*sources, base or "") if is_saved(each) and each != "-"]
    other_files = [
        *(("a run's file", each) for each in read),
        ("the API key file", key_file(connection.api_key_file)),
        ("the --har file", reports.har),
        *(("the rules file", path) for path in (rules.config, set_.file)),
    ]
    outputs.check((name, path) for name, path in other_files if path)
    with outputs.failures(known):
        outputs.prepare()  # first: removes an earlier verdict's files, even if a check below fails
        check_runs(sources, simulations, queueing, base=base, har=reports.har)
        prepare_recording(reports.har, *sources, *simulations, connection=connection)
        if invalid:
            raise invalid
        checked = set_.rules()  # before a run is queued or awaited
        waiting.check()
        earlier = None if base is None else base_run(base, connection, next(iter(simulations), None))
        found = runs_to_check(sources, simulations, queueing, waiting, connection, reports.har, known)
        readable = [each for each in found if not isinstance(each, NoVerdict)]
        verdict = decide(readable, checked, base=earlier) if readable else Verdict()
        failures = tuple(each for each in found if isinstance(each, NoVerdict))
        verdict = evolve(verdict, failures=failures, rules_file=set_.source)
        outputs.write(verdict)
    raise typer.Exit(verdict.exit_code)


def _settings(rules: RuleOptions) -> tuple[GivenRules, UsageError | None]:
    """Return the rule settings.

    If the TOML file can't be read, return only the options and the error to raise later.
    """
    try:
        return rules.settings(), None
    except UsageError as error:
        return GivenRules(rules.values), error
