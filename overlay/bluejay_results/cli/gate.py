"""The command `gate`: judge a run by rules, and exit by the verdict.

Annotations are not postponed here: typer would evaluate every one again at each start.
"""

import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Annotated, Any

import typer
from attrs import define, evolve, field, frozen

from bluejay_results._defaults import MAX_BODY_BYTES
from bluejay_results.errors import BluejayError, UsageError, WaitTimeoutError
from bluejay_results.gate import Verdict
from bluejay_results.gate import gate as judge
from bluejay_results.gate.reports import Failure
from bluejay_results.gate.settings import Settings, settings
from bluejay_results.results.app_url import page_of_run
from bluejay_results.results.queued import QueuedRun
from bluejay_results.results.run import SimulationRun

from ..writing.text import terminal_safe
from .exit_codes import ExitCode, exit_code
from .gate_outputs import Outputs
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
)
from .output import usable_run_id
from .process import describe
from .progress import conversations
from .queue import (
    MAY_BE_QUEUED,
    DigitalHumans,
    KnowledgeBase,
    LivekitAgent,
    LivekitMetadata,
    PhoneNumber,
    PipecatAgent,
    PipecatConfiguration,
    PipecatRoom,
    Prompt,
    QueueRequest,
    SipUri,
)
from .signals import StoppedError, on_interrupt, received, stop_on_signals
from .source import connect, is_saved, read, run_id_in, simulation_id_in
from .wait import WaitOptions

HELP = """\
Examples:
  bluejay-results gate 48213 --min-pass-rate 80
  bluejay-results gate 48213 --min-pass-rate 80 --confidence 0.95 --explain
  bluejay-results gate run.json --metric 'politeness >= 4' --max-latency-p95 1500
  bluejay-results gate 48213 --baseline 48100 --junit gate.xml --comment gate.md
  bluejay-results gate --queue 731 --junit gate.xml

Rules can also be written in pyproject.toml, in [tool.bluejay-results.gate], by the names of the options.

Environment and exit codes: bluejay-results --help"""


def _percent(text: str) -> Any:
    return typer.Option(metavar="PERCENT", help=text)


def _milliseconds(figure: str) -> Any:
    return typer.Option(metavar="MS", help=f"The most that the median of the {figure} latencies may be.")


def gate(
    source: Annotated[str | None, SOURCE] = None,
    queue: Annotated[
        str | None,
        typer.Option(
            metavar="SIMULATION",
            help="Queue a run of this simulation and judge it: an id, or the URL of its page in the app. "
            "Each run costs money. The options from --digital-human on need it.",
        ),
    ] = None,
    min_pass_rate: Annotated[
        str | None, _percent("The least of the judged conversations that passed (default: 80; 0: off).")
    ] = None,
    confidence: Annotated[
        str | None,
        typer.Option(metavar="FRACTION", help="Judge the pass rate by its interval, at 0.95, say."),
    ] = None,
    max_always_failing: Annotated[
        str | None, typer.Option(metavar="COUNT", help="The most callers that always fail (default: 0).")
    ] = None,
    max_latency_average: Annotated[str | None, _milliseconds("average")] = None,
    max_latency_p50: Annotated[str | None, _milliseconds("p50")] = None,
    max_latency_p90: Annotated[str | None, _milliseconds("p90")] = None,
    max_latency_p95: Annotated[str | None, _milliseconds("p95")] = None,
    max_latency_p99: Annotated[str | None, _milliseconds("p99")] = None,
    latency_unit: Annotated[
        str | None, typer.Option(metavar="ms|s", help="The unit received, where the run doesn't tell it.")
    ] = None,
    max_hallucination: Annotated[str | None, _percent("The most with a hallucination; 0: none.")] = None,
    max_redundancy: Annotated[str | None, _percent("The most with a redundancy; 0: none.")] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="A threshold of a custom metric: 'NAME >= 4'. May be repeated."),
    ] = None,
    require_tools: Annotated[
        bool | None, typer.Option("--require-tools", help="No judged conversation may miss a tool.")
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="RUN|FILE", help="No caller that always passed there may always fail now."),
    ] = None,
    max_void: Annotated[str | None, _percent("The most that may be void or missing (default: 20).")] = None,
    min_conversations: Annotated[
        str | None, typer.Option(metavar="COUNT", help="The least that must be judged (default: 1).")
    ] = None,
    min_measured: Annotated[
        str | None, _percent("The minimum of judged conversations that must have a figure (default: 50).")
    ] = None,
    no_counters: Annotated[
        bool | None,
        typer.Option("--no-counters", help="Don't compare the run's counters with its conversations."),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A TOML file with rules (default: the nearest pyproject.toml)."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a baseline of another simulation (exit 2).")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say where each rule came from and how it was computed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write a documented JSON document.")] = False,
    junit: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write JUnit XML: one case for each rule and conversation."),
    ] = None,
    comment: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write a short Markdown text for a pull request.")
    ] = None,
    har: Har = None,
    digital_human_ids: DigitalHumans = None,
    prompt_id: Prompt = None,
    knowledge_base_id: KnowledgeBase = None,
    phone_number: PhoneNumber = None,
    sip_uri: SipUri = None,
    livekit_agent_name: LivekitAgent = None,
    livekit_metadata: LivekitMetadata = None,
    pipecat_agent_name: PipecatAgent = None,
    pipecat_agent_configuration: PipecatConfiguration = None,
    pipecat_room_properties: PipecatRoom = None,
    timeout: Timeout = None,
    poll_interval: PollInterval = None,
    tool_call_grace: ToolCallGrace = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """Decide whether to ship: wait until a run is settled and judge it by rules.

    Exits with 0 to ship, 1 not to, and 6 where the run can't tell. A FILE may be - for stdout; the text is
    then on stderr. On GitHub it also writes the step summary, the step's outputs, and annotations on stderr.
    """
    options = {
        "min-pass-rate": min_pass_rate,
        "confidence": confidence,
        "max-always-failing": max_always_failing,
        "max-latency-average": max_latency_average,
        "max-latency-p50": max_latency_p50,
        "max-latency-p90": max_latency_p90,
        "max-latency-p95": max_latency_p95,
        "max-latency-p99": max_latency_p99,
        "latency-unit": latency_unit,
        "max-hallucination": max_hallucination,
        "max-redundancy": max_redundancy,
        "metric": metric or None,
        "require-tools": require_tools,
        "baseline": baseline,
        "max-void": max_void,
        "min-conversations": min_conversations,
        "min-measured": min_measured,
        "no-counters": no_counters,
    }
    queue_options = {
        "--digital-human": digital_human_ids or None,
        "--prompt": prompt_id,
        "--knowledge-base": knowledge_base_id,
        "--phone-number": phone_number,
        "--sip-uri": sip_uri,
        "--livekit-agent-name": livekit_agent_name,
        "--livekit-metadata": livekit_metadata,
        "--pipecat-agent-name": pipecat_agent_name,
        "--pipecat-agent-configuration": pipecat_agent_configuration,
        "--pipecat-room-properties": pipecat_room_properties,
    }
    gc.enable()
    on_interrupt("The run is not affected." if queue is None else "No run was queued.")
    stop_on_signals()

    gating = Gating(
        _subject(source, queue, queue_options),
        base_url,
        KeyOptions(api_key_file, api_key_command),
        max_bytes,
        WaitOptions(timeout, poll_interval, tool_call_grace, har),
        is_strict=strict,
    )
    outputs = Outputs.named(is_json=as_json, is_explained=explain, junit=junit, comment=comment)
    raise typer.Exit(gating.run(options, config, outputs))


def _subject(source: str | None, queue: str | None, options: dict[str, Any]) -> str | QueueRequest:
    """Return the run to judge, or the run to queue; raise UsageError unless exactly one of them is named."""
    given = [name for name, value in options.items() if value is not None]
    if queue is None and source is None:
        raise UsageError(
            "Missing argument 'RUN|FILE|-', or --queue SIMULATION. See: bluejay-results gate --help"
        )
    if queue is None and given:
        raise UsageError(f"{' and '.join(given)} can't be used without --queue.")
    if queue is None:
        return source or ""
    if source is not None:
        raise UsageError(f"{source} and --queue can't be combined. Name a run, or queue one.")
    return QueueRequest(simulation_id_in(queue), *options.values())


@frozen
class Gating:
    """Reads runs and judges one by the others.

    Attributes:
        source: The run to judge, or the run to queue.
    """

    source: str | QueueRequest
    _base_url: str | None
    _key: KeyOptions
    _max_bytes: int
    _wait_options: WaitOptions
    _is_strict: bool

    def run(self, options: Mapping[str, Any], config: str | None, outputs: Outputs) -> int:
        """Judge the run, write the verdict and return the exit code."""
        set_, fault = _read_settings(options, config)
        subject = _Subject.of(self.source)
        inputs = list(self._inputs(set_, config))
        outputs.check(inputs)
        self._prepare_recording([path for _, path in inputs] + outputs.paths)
        with closing(outputs), subject.failures_in(outputs):
            outputs.prepare()
            if fault:
                raise fault
            verdict = self._verdict(set_, subject)
            outputs.write(verdict, set_)
        return verdict.exit_code

    def _prepare_recording(self, used: list[str]) -> None:
        source = self.source if isinstance(self.source, str) else f"simulation {self.source.simulation_id}"
        prepare_recording(self._wait_options.har, source, *used)

    def _inputs(self, set_: Settings, config: str | None) -> Iterator[tuple[str, str]]:
        """Yield the path of each file that is read, after its name."""
        baseline = set_.values.get("baseline")
        for name, source in (("the run", self.source), ("the baseline", baseline)):
            if isinstance(source, str) and is_saved(source) and source != "-":
                yield name, source
        if path := key_file(self._key):
            yield "the file of the API key", path
        for path in {config, *set_.sources.values()}:
            if path and not path.startswith("--"):
                yield "the file of the rules", path

    def _verdict(self, set_: Settings, subject: "_Subject") -> Verdict:
        set_.rules()  # whatever is wrong with them, before a run is queued or a wait of minutes
        if self.source == "-" == set_.baseline:
            raise UsageError("Only one run can come from standard input. Save the other.")
        baseline = self._baseline(set_.baseline)
        if isinstance(self.source, QueueRequest):
            self._wait_options.check()
            self._check_simulation(baseline, self.source.simulation_id)  # before it costs money
        run = self._settled(subject)
        subject.know(run.simulation_id, run.id)
        self._check_simulation(baseline, run.simulation_id)
        return judge(run, set_.rules(baseline))

    def _settled(self, subject: "_Subject") -> SimulationRun:
        """Wait for a run until it is settled, or return the last state; read what is saved."""
        source = self.source
        if isinstance(source, str) and is_saved(source):
            return read(source, self._base_url, self._key, self._max_bytes)
        with connect(self._base_url, self._key, self._max_bytes) as client:
            if isinstance(source, str):
                awaited: str | QueuedRun = run_id_in(source)
            else:
                on_interrupt(MAY_BE_QUEUED)
                awaited = source.send(client)
                subject.know(awaited.simulation_id, _told(awaited))
            try:
                return self._wait_options.wait(client, awaited)
            except WaitTimeoutError as error:
                if error.run is None:
                    raise
                sys.stderr.write(f"{error}\n")
                return error.run

    def _baseline(self, source: str | None) -> SimulationRun | None:
        if source is None:
            return None
        if is_saved(source):
            return read(source, self._base_url, self._key, self._max_bytes)
        run_id = run_id_in(source)
        with connect(self._base_url, self._key, self._max_bytes) as client:
            return client.retrieve(run_id, complete=True)

    def _check_simulation(self, baseline: SimulationRun | None, simulation_id: str) -> None:
        if self._is_strict and baseline and baseline.simulation_id != simulation_id:
            raise UsageError(
                f"The baseline is a run of simulation {baseline.simulation_id}, and the run is one of "
                f"{simulation_id}. Give a run of the same simulation."
            )


@define
class _Subject:
    """What is known of the run, for a report that there is no verdict."""

    _known: Failure = field(factory=lambda: Failure(0, ""))

    @classmethod
    def of(cls, source: str | QueueRequest) -> "_Subject":
        """Return what an argument tells: of the URL of a page in the app, both ids."""
        subject = cls()
        if isinstance(source, QueueRequest):
            subject.know(source.simulation_id)
        elif source.startswith(("http://", "https://")):
            with suppress(UsageError):  # of another URL, which is reported later
                subject.know(simulation_id_in(source), run_id_in(source))
        elif not is_saved(source):
            subject.know("", source)
        return subject

    def know(self, simulation_id: str, run_id: str = "") -> None:
        """Take what has become known."""
        url = page_of_run(simulation_id, run_id) if simulation_id and run_id else ""
        self._known = Failure(0, "", simulation_id, run_id, url)

    @contextmanager
    def failures_in(self, outputs: Outputs) -> Iterator[None]:
        """Report an error to the outputs before it goes on."""
        try:
            yield
        except BaseException as error:
            code, message = _ending(error)
            outputs.write_failure(evolve(self._known, exit_code=code, message=message))
            raise


def _told(queued: QueuedRun) -> str:
    """Say at once which run was queued, so that it is never lost, and return its id."""
    run_id = usable_run_id(queued)
    on_interrupt(f"Run {run_id} is queued. To judge it: bluejay-results gate {run_id}")
    said = f"Queued run {run_id}, {conversations(len(queued.result_ids))}: {queued.app_url}"
    sys.stderr.write(f"{terminal_safe(said)}\n")
    return run_id


def _read_settings(options: Mapping[str, Any], config: str | None) -> tuple[Settings, UsageError | None]:
    """Return what is set, or the options alone and the error to raise once the outputs are open."""
    try:
        return settings(options, config), None
    except UsageError as error:
        return Settings(options, {}), error


def _ending(error: BaseException) -> tuple[int, str]:
    """Return the exit code that an error leads to, and what to say of it."""
    if isinstance(error, BluejayError):
        return exit_code(error), describe(error)
    if isinstance(error, KeyboardInterrupt | StoppedError):
        code = received() or ExitCode.INTERRUPTED
        return code, code.meaning
    if isinstance(error, BrokenPipeError):
        return ExitCode.READER_GONE, ExitCode.READER_GONE.meaning
    return ExitCode.USAGE, ExitCode.USAGE.meaning
