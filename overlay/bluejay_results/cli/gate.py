"""The command `gate`: judges a run by rules; the exit code is the verdict.

Annotations stay eager here: typer would have to evaluate postponed ones at each start.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Annotated, Any

import typer
from attrs import frozen

from bluejay_results._defaults import MAX_BODY_BYTES
from bluejay_results.errors import UsageError, WaitTimeoutError
from bluejay_results.gate import Rules, Verdict
from bluejay_results.gate import gate as judge
from bluejay_results.gate.options_and_toml import Settings, settings
from bluejay_results.results.queued import QueuedRun
from bluejay_results.results.run import SimulationRun

from ..writing.streams import write_message
from .gate_outputs import KnownRun, Outputs
from .har_option import check_unused
from .har_option import prepare as prepare_recording
from .key import KeyOptions, key_file
from .options import (
    SOURCE,
    BaseUrl,
    Har,
    KeyCommand,
    KeyFile,
    MaxBytes,
    PollInterval,
    Timeout,
    ToolCallGrace,
    Version,
    with_options,
)
from .output import usable_run_id
from .process import OPTIONS
from .progress import conversations_text
from .queue import MAY_BE_QUEUED, QUEUE_OPTIONS, QueueRequest
from .rule_options import RULE_OPTIONS, Config, rules_in
from .signals import on_interrupt, stop_on_signals
from .source import (
    connect,
    is_saved,
    read,
    read_baseline,
    run_id_in,
    simulation_id_in,
)
from .wait import WaitOptions

HELP = """\
Examples:
  bluejay-results gate 48213 --min-pass-rate 80
  bluejay-results gate 48213 --min-pass-rate 80 --confidence 0.95 --explain
  bluejay-results gate run.json --metric 'politeness >= 4' --max-latency-p95 1500
  bluejay-results gate 48213 --baseline 48100 --junit gate.xml --comment gate.md
  bluejay-results gate --queue 731 --junit gate.xml

Rules can also be set in pyproject.toml, in [tool.bluejay-results.gate]. The keys are the option names.

Environment and exit codes: bluejay-results --help"""


Subject = Annotated[str | None, SOURCE]
Queue = Annotated[
    str | None,
    typer.Option(
        metavar="SIMULATION",
        help="Queue a run of this simulation and judge it: an id, or the URL of its page in the app. "
        "Each run costs money. The options from --digital-human to --pipecat-room-properties need --queue.",
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse a baseline from another simulation (exit 2).")]
Explain = Annotated[
    bool, typer.Option("--explain", help="Print where each rule was set and how its value was computed.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write the verdict as JSON; docs/gate.md describes it.")]
Junit = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Write JUnit XML: one test case per rule and one per conversation."),
]
Comment = Annotated[
    str | None, typer.Option(metavar="FILE", help="Write a short Markdown text for a pull request.")
]
Html = Annotated[
    str | None, typer.Option(metavar="FILE", help="Write the HTML page that the command report writes.")
]


@with_options(RULE_OPTIONS, before="config")
@with_options(QUEUE_OPTIONS, before="timeout")
def gate(
    source: Subject = None,
    queue: Queue = None,
    config: Config = None,
    strict: Strict = False,
    explain: Explain = False,
    as_json: AsJson = False,
    junit: Junit = None,
    comment: Comment = None,
    html: Html = None,
    har: Har = None,
    timeout: Timeout = None,
    poll_interval: PollInterval = None,
    tool_call_grace: ToolCallGrace = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
    **rules_and_queue_options: Any,
) -> None:
    """Decide whether to ship: wait until a run is settled and judge it by rules.

    Exits with 0 to ship, 1 not to ship, and 6 if the run is inconclusive. A judged conversation passed or
    failed; a void one did neither. A FILE may be - for stdout; the text then goes to stderr. On GitHub, gate
    also writes the step summary, the step's outputs, and annotations on stderr.
    """
    gc.enable()
    on_interrupt("The run is not affected." if queue is None else "No run was queued.")
    stop_on_signals()

    call = _Call(
        source,
        queue,
        {name: rules_and_queue_options[name] for name in QUEUE_OPTIONS},
        base_url,
        KeyOptions(api_key_file, api_key_command),
        max_bytes,
        WaitOptions(timeout, poll_interval, tool_call_grace, har),
        is_strict=strict,
    )
    options = rules_in(rules_and_queue_options)
    outputs = Outputs.named(is_json=as_json, is_explained=explain, junit=junit, comment=comment, html=html)
    raise typer.Exit(call.run(options, config, outputs))


@frozen
class _Call:
    """One call of the command: it reads the run and the baseline, judges and writes.

    Attributes:
        source: The run to judge.
        simulation: The simulation of which to queue and judge a run.
        queue_options: The values of `QUEUE_OPTIONS`; None for each that is not given.
    """

    source: str | None
    simulation: str | None
    queue_options: Mapping[str, Any]
    _base_url: str | None
    _key: KeyOptions
    _max_bytes: int
    _wait_options: WaitOptions
    _is_strict: bool

    def run(self, options: Mapping[str, Any], config: str | None, outputs: Outputs) -> int:
        """Judge the run, write the verdict and return the exit code.

        The files of an earlier verdict are removed before the options are checked, so that a failure leaves
        no stale verdict.
        """
        set_, invalid = _read_settings(options, config)
        inputs = list(self._inputs(set_, config))
        outputs.check(inputs)
        check_unused(self._wait_options.har, *(path for _, path in inputs), *outputs.paths)
        known = KnownRun.of(self.source, self.simulation)
        with closing(outputs), known.failures_in(outputs):
            outputs.prepare()
            subject = self._subject()
            prepare_recording(self._wait_options.har, self.source or f"simulation {self.simulation}")
            if invalid:
                raise invalid
            verdict, rules = self._verdict(set_, subject, known)
            outputs.write(verdict, set_, rules)
        return verdict.exit_code

    def _subject(self) -> str | QueueRequest:
        """Return the run to judge, or the run to queue; raise UsageError unless exactly one is named."""
        given = [OPTIONS[name] for name, value in self.queue_options.items() if value is not None]
        if self.simulation is None and self.source is None:
            raise UsageError(
                "Missing argument 'RUN|FILE|-', or --queue SIMULATION. See: bluejay-results gate --help"
            )
        if self.simulation is None and given:
            raise UsageError(f"{' and '.join(given)} can't be used without --queue.")
        if self.simulation is None:
            return self.source or ""
        if self.source is not None:
            raise UsageError(f"{self.source} and --queue can't be combined. Name a run, or queue one.")
        return QueueRequest(simulation_id_in(self.simulation), self.queue_options)

    def _inputs(self, set_: Settings, config: str | None) -> Iterator[tuple[str, str]]:
        """Yield a name, for messages, and the path of each file that is read."""
        baseline = set_.values.get("baseline")
        for name, source in (("the run", self.source), ("the baseline", baseline)):
            if isinstance(source, str) and is_saved(source) and source != "-":
                yield name, source
        if path := key_file(self._key):
            yield "the file of the API key", path
        for path in {config, *set_.sources.values()}:
            if path and not path.startswith("--"):
                yield "the file of the rules", path

    def _verdict(self, set_: Settings, subject: str | QueueRequest, known: KnownRun) -> tuple[Verdict, Rules]:
        set_.rules()  # report invalid rules before a run is queued or a wait of minutes
        if subject == "-" == set_.baseline:
            raise UsageError("Only one run can come from standard input. Save the other.")
        baseline = self._baseline(set_.baseline)
        if isinstance(subject, QueueRequest):
            self._wait_options.check()
            self._check_simulation(baseline, subject.simulation_id)  # before the run costs money
        run = self._settled(subject, known)
        known.know(run.simulation_id, run.id)
        if baseline and not baseline.is_settled:  # it may have settled during the wait
            baseline = self._baseline(set_.baseline)
        self._check_simulation(baseline, run.simulation_id)
        rules = set_.rules(baseline)
        return judge(run, rules), rules

    def _settled(self, subject: str | QueueRequest, known: KnownRun) -> SimulationRun:
        """Return the settled run, or its last state if the wait times out. A saved run is read as it is."""
        if isinstance(subject, str) and is_saved(subject):
            return read(subject, self._base_url, self._key, self._max_bytes)
        with connect(self._base_url, self._key, self._max_bytes) as client:
            if isinstance(subject, str):
                awaited: str | QueuedRun = run_id_in(subject)
            else:
                on_interrupt(MAY_BE_QUEUED)
                awaited = subject.send(client)
                known.know(awaited.simulation_id, _announce(awaited))
            try:
                return self._wait_options.wait(client, awaited)
            except WaitTimeoutError as error:
                if error.run is None:
                    raise
                write_message(f"{error}")
                return error.run

    def _baseline(self, source: str | None) -> SimulationRun | None:
        if source is None:
            return None
        return read_baseline(source, self._base_url, self._key, self._max_bytes, self._wait_options.grace)

    def _check_simulation(self, baseline: SimulationRun | None, simulation_id: str) -> None:
        if self._is_strict and baseline and baseline.simulation_id != simulation_id:
            raise UsageError(
                f"The baseline belongs to simulation {baseline.simulation_id}, the run to simulation "
                f"{simulation_id}. Give a baseline from the same simulation."
            )


def _announce(queued: QueuedRun) -> str:
    """Print at once which run was queued, so that its id isn't lost, and return the id."""
    run_id = usable_run_id(queued)
    on_interrupt(f"Run {run_id} is queued. To judge it: bluejay-results gate {run_id}")
    write_message(f"Queued run {run_id}, {conversations_text(len(queued.result_ids))}: {queued.app_url}")
    return run_id


def _read_settings(options: Mapping[str, Any], config: str | None) -> tuple[Settings, UsageError | None]:
    """Return the settings; if the file can't be read, the options alone and the error to raise later."""
    try:
        return settings(options, config), None
    except UsageError as error:
        return Settings(options, {}), error
