"""The `report` command, which renders one run, two runs or a history as an HTML page.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

from collections.abc import Iterator
from typing import Annotated

from attrs import evolve, frozen

from bluejay_results.errors import BluejayError, ContractViolationError, UsageError
from bluejay_results.gate import Cause, gate
from bluejay_results.gate.verdict import Verdict
from bluejay_results.gate.verdict_text import headline
from bluejay_results.results.app_url import simulation_id_in
from bluejay_results.results.run import SimulationRun

from ..writing.files import check_distinct, output, write_all
from ..writing.streams import write_message
from ..writing.words import obstacle_text
from .connection import Connection
from .gate_runs import base_run
from .keys import key_file
from .options import OUTPUTS, SUBJECT, Har, Version, argument, option
from .process import on_interrupt
from .rules import GivenRules, RuleOptions
from .source import is_saved, prepare_recording, read_all

EXAMPLES = """\
  bluejay-results report 48213 -o report.html
  bluejay-results report run.har -o report.html  the same page from a recording
  bluejay-results report 48232 --base 48229 -o report.html
  bluejay-results report --simulation 731 --last 20 -o report.html
  bluejay-results report monday.har tuesday.har -o report.html  a history of saved runs
  bluejay-results report run.har --min-pass-rate 90 -o report.html  check an old run against another rule

Rules can also be set in pyproject.toml, in [tool.bluejay-results.gate]. The keys are the option names.
"""

_LAST = 20
_AT_ONCE = 4
"""How many of a history's runs are read in parallel. Reading more would only use more memory."""


def report(
    runs: Annotated[
        list[str] | None,
        argument(
            "RUN|FILE...",
            "Run ids, URLs of pages in the app, recordings, saved bodies, or - for standard input. With "
            "several runs, the page is about the newest run, and the others are its history.",
        ),
    ] = None,
    *,
    base: Annotated[
        str | None,
        option(
            SUBJECT,
            "RUN|FILE",
            "Require that the run is not worse than this earlier run of the same simulation.",
        ),
    ] = None,
    simulation: Annotated[
        str | None,
        option(
            SUBJECT,
            "SIMULATION",
            "Show the history of this simulation (an id, or the URL of its page in the app).",
            "--simulation",
        ),
    ] = None,
    last: Annotated[
        int | None,
        option(
            SUBJECT, "N", f"With --simulation, the number of newest runs to show (default: {_LAST}).", min=1
        ),
    ] = None,
    rules: RuleOptions,
    path: Annotated[
        str | None, option(OUTPUTS, "FILE", "The file to write, or - for stdout.", "--output", "-o")
    ] = None,
    with_links: Annotated[
        bool,
        option(
            OUTPUTS,
            None,
            "Link to transcripts and audio. Their URLs are signed, so anyone with the page can open them.",
            "--with-links",
        ),
    ] = False,
    har: Har = None,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Write an HTML report on a run: the verdict, what to do next, and the conversations.

    The page is a single file that loads nothing from the network. Exits with 0 once the page is written,
    whatever the verdict. For an exit code that depends on the verdict, use gate --html.
    """
    on_interrupt("The runs are not affected.")

    sources = _Sources(
        tuple(runs or ()),
        base,
        simulation,
        last,
        har,
        connection,
    )
    if path is None:
        raise UsageError(
            "Missing option '--output' / '-o'. Specify the file to write, such as -o report.html"
        )
    sources.check()
    set_ = rules.settings()
    set_.rules()  # report invalid rules before anything is read
    page = output("--output", path)
    check_distinct([page], [*sources.files(set_), *([("the --har file", har)] if har else [])])
    prepare_recording(har, *sources.runs[:1], connection=connection)
    page.prepare()
    verdict, data = _page(sources, set_, with_links=with_links)
    write_all([(page, data)])
    write_message(f"Wrote {path}: {headline(verdict)}")
    [of_run] = verdict.runs
    if of_run.cause is Cause.VIOLATION:
        reason = obstacle_text(of_run.run)
        raise ContractViolationError(f"{reason[:1].upper()}{reason[1:]}. Check the run id.")


def _page(sources: "_Sources", set_: GivenRules, *, with_links: bool) -> tuple[Verdict, bytes]:
    """Read the runs; return the verdict on the newest run, and the page."""
    from ..report.charts import HistoryRow
    from ..report.page import page  # loaded late: it imports the templates
    from .ci_job import ci_job

    rules, rows = set_.rules(), list[HistoryRow]()
    base = sources.base_run()
    for run in sources.read():  # only the newest run is kept
        rows.append(HistoryRow.of(gate(run, rules)))
        if rows[-1].age == max(each.age for each in rows):
            newest, place = run, len(rows) - 1
    verdict = evolve(gate(newest, rules, base=base), rules_file=set_.source)
    rows[place] = HistoryRow.of(verdict)
    history = rows if len(rows) > 1 else ()
    return verdict, page(verdict, history, job=ci_job(), with_links=with_links)


@frozen
class _Sources:
    """The runs to read, and where to read them from."""

    runs: tuple[str, ...]
    base: str | None
    simulation: str | None
    last: int | None
    har: str | None
    _connection: Connection

    def check(self) -> None:
        """Raise UsageError for an invalid combination of RUN, --simulation, --last and --har."""
        if bool(self.runs) == bool(self.simulation):
            raise UsageError(
                "Pass either runs, or a simulation with --simulation. See: bluejay-results report --help"
            )
        if self.last is not None and self.simulation is None:
            raise UsageError("--last can't be used without --simulation.")
        if self.har is not None and len(self.runs) != 1:
            raise UsageError("--har records a single run. Pass one run, or leave out --har.")

    def files(self, set_: GivenRules) -> Iterator[tuple[str, str]]:
        """Yield the name, for messages, and the path of each input file."""
        named = (*self.runs, *filter(None, [self.base]))
        yield from (("a run's file", each) for each in named if is_saved(each) and each != "-")
        if path := key_file(self._connection.api_key_file):
            yield "the API key file", path
        if set_.file:
            yield "the rules file", set_.file

    def base_run(self) -> SimulationRun | BluejayError | None:
        """Return the base run, or the error raised while reading it, or None if there is no base run."""
        return None if self.base is None else base_run(self.base, self._connection, None)

    def read(self) -> Iterator[SimulationRun]:
        """Yield the page's runs, reading each of them lazily."""
        if self.simulation is not None:
            yield from self._history(simulation_id_in(self.simulation))
        elif self.har is None:
            yield from read_all(self.runs, self._connection)
        else:
            with self._connection.client() as client:
                yield client.retrieve(self.runs[0], complete=True, record=self.har)

    def _history(self, simulation_id: str) -> Iterator[SimulationRun]:
        """Yield a simulation's newest runs, including those that break the contract."""
        with self._connection.client() as client:
            listed = list(client.runs(simulation_id))[: self.last or _LAST]
            if not listed:
                raise UsageError(
                    f"Simulation {simulation_id} has no runs. Queue a run, or pass another simulation."
                )
            for _, run in client.retrieve_many(listed, _AT_ONCE, complete=True, on_violation="collect"):
                if isinstance(run, BluejayError):
                    raise run
                yield run
