"""The `test` command, which serves mutants to a client and reports what the client does."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from attrs import evolve, frozen

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.strictness import Strictness
from contract_kit.errors import ClientUnusableError, KitError
from contract_kit.judge.baseline import Baseline, read_baseline
from contract_kit.judge.client_report import ClientReport
from contract_kit.judge.client_run import run_client
from contract_kit.judge.html_report import environment, html_report
from contract_kit.judge.results import Result, Results
from contract_kit.judge.verdicts import Verdict
from contract_kit.read.document import Skipped, broken_references, by_reason
from contract_kit.serve.clients import TIMEZONE, Client, CommandClient, PythonClient, WorkerClient
from contract_kit.serve.generated import doubt_about, worker_of
from contract_kit.serve.receivers import Receiver
from contract_kit.terminal import Show, progress, terminal_safe, write_line, write_text

from .exit_codes import ExitCode
from .files import check_writable, write_files
from .ignore_option import read_ignored
from .options import ClientOptions
from .receiver import webhooks_of

_MANY = 20_000
"""The number of mutants above which a run takes minutes, so the kit stops counting and suggests a sample."""
_NAMED = 3
"""The maximum number of unused `--ignore` values to list in a message."""


@frozen
class Baselines:
    """The baseline options: the file to compare with or to write, and which changes make the command fail."""

    read: Path | None
    write: Path | None
    fail_on: Collection[str]


@frozen
class Reports:
    """The report options: the files to write, the baseline, and the faults to ignore.

    Attributes:
        ignore: The values of `--ignore`.
        json: A file for the JSON report, or `-` to print it instead of the text report.
        listed: The maximum number of fields with faults to list in text and Markdown; None lists every
            fault of every field.
        allow_uncovered: Whether to ignore references that lead nowhere.
        about: The client and the document, as shown on the HTML page.
    """

    json: str | None
    junit: Path | None
    markdown: Path | None
    html: Path | None
    baseline: Baselines
    ignore: Sequence[str]
    listed: int | None
    allow_uncovered: bool
    about: str

    @property
    def outputs(self) -> dict[str, Path]:
        """The files to write, by option."""
        given = {
            "--json": Path(self.json) if self.json and self.json != "-" else None,
            "--junit": self.junit,
            "--markdown": self.markdown,
            "--html": self.html,
            "--write-baseline": self.baseline.write,
        }
        return {option: path for option, path in given.items() if path}

    def contents(self, report: ClientReport) -> dict[Path, bytes]:
        """Return the content of each file, except the baseline."""
        written: dict[str, Callable[[], bytes]] = {
            "--json": lambda: report.json().encode(),
            "--junit": report.junit,
            "--markdown": lambda: report.markdown().encode(),
            "--html": lambda: html_report(report.results, self.about),
        }
        return {path: written[option]() for option, path in self.outputs.items() if option in written}


def client_of(options: ClientOptions) -> Client:
    """Return the client that the options specify.

    Raises:
        KitError: The options specify no client, or more than one.
    """
    given = (options.client, options.worker, options.command, options.generated)
    if sum(each is not None for each in given) != 1:
        raise KitError(
            "Pass only one of --generated, --client, --worker and --exec. See: contract-kit test --help"
        )
    if options.python and options.generated is None:
        raise KitError(
            "--python needs --generated. For a client of your own, pass --worker with the Python to use: "
            '"PYTHON $(contract-kit shim python) MODULE:CALL".'
        )
    zone = options.timezone or TIMEZONE
    if options.client is not None:
        return PythonClient(options.client, options.refuses, timezone=zone)
    if options.refuses:
        raise KitError("--refuses needs --client, because every other client reports its refusals itself.")
    if options.generated is not None:
        worker_command = worker_of(options.generated, options.python)
        if doubt := doubt_about(options.generated, options.python):
            write_line(f"contract-kit: {doubt}", to_stderr=True)
        return WorkerClient(worker_command, timezone=zone)
    if options.worker is not None:
        return WorkerClient(_words("--worker", options.worker), timezone=zone)
    return CommandClient(_words("--exec", options.command or ""), timezone=zone)


def _words(option: str, command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise KitError(f"{option} can't be parsed ({error}).") from None


def run_test(
    document: str,
    ref_root: Path | None,
    client: Client | Receiver,
    operations: Collection[str],
    sample: int | None,
    strictness: Strictness,
    jobs: int,
    timeout: float,
    reports: Reports,
) -> ExitCode:
    """Serve the mutants to a client, write the reports, and return the exit code.

    Raises:
        KitError: The document or an option can't be used, or there was no mutant to serve.
        ClientUnusableError: The client could not be run.
    """
    baseline = reports.baseline
    if baseline.write and baseline.read:
        raise KitError("Pass either --baseline or --write-baseline, not both.")
    if baseline.fail_on and not baseline.read:
        raise KitError("--fail-on needs --baseline.")
    # An output that can't be written is reported before the client is run.
    if reports.html:
        environment()
    inputs = {"DOC": Path(document), "--baseline": baseline.read}
    check_writable(reports.outputs, {option: path for option, path in inputs.items() if path})
    with progress(f"Reading {terminal_safe(document)}"):
        webhooks = isinstance(client, Receiver)
        catalogue = Catalogue.load(document, strictness, ref_root, webhooks=webhooks)
        if isinstance(client, Receiver):
            listed = [each.id for each in catalogue.listed]
            operations = webhooks_of(client, listed, operations, document)
        earlier = read_baseline(baseline.read, catalogue) if baseline.read else None
        ignore = read_ignored(reports.ignore, catalogue)
        planned = sample or catalogue.count(operations, _MANY + 1)
    is_counted = bool(sample) or planned <= _MANY
    if not is_counted:
        many = f"{terminal_safe(document)} yields over {_MANY:,} mutants"
        write_line(
            f"contract-kit: {many}. To use only 2,000, spread evenly over the operators, pass --sample 2000.",
            to_stderr=True,
        )
    total = planned if is_counted else None
    with progress(f"Calling the {catalogue.role.name}") as show:
        counted = _counting(show, set(ignore), total, len(operations) or len(catalogue.listed))
        results = run_client(catalogue, client, operations, sample, jobs, timeout, counted)
    results = evolve(results, allow_uncovered=reports.allow_uncovered).ignoring(ignore)
    if earlier:
        results = earlier.compared(results, catalogue, operations, baseline.fail_on)
    report = ClientReport(results, reports.listed)
    write_files(reports.contents(report))
    write_text(report.json() if reports.json == "-" else report.text())
    if not results.all:
        why = next(iter(by_reason(results.skipped)), "")
        unknown = f"nothing is known about the {catalogue.role.name}"
        raise KitError(f"{document} yielded no mutants, so {unknown}. {why}".rstrip())
    refuse_unanswered(results)
    if unused := results.ignored_nothing:
        more = f" and {len(unused) - _NAMED:,} more" if len(unused) > _NAMED else ""
        named = terminal_safe(", ".join(unused[:_NAMED]))
        write_line(f"contract-kit: no faults match these --ignore names: {named}{more}.", to_stderr=True)
    if baseline.write:
        write_files({baseline.write: Baseline.of(results, strictness, sample).written()})
    elif results.is_faulty:
        return ExitCode.FAULTY
    refuse_broken(results.broken)
    return ExitCode.INCONCLUSIVE if results.is_inconclusive else ExitCode.FINE


def refuse_broken(skipped: Iterable[Skipped]) -> None:
    """Check that no part of a document was skipped because a reference leads nowhere.

    Raises:
        KitError: A part was skipped for this reason.
    """
    if lines := broken_references(skipped):
        more = f" And {len(lines) - 1:,} more broken references." if len(lines) > 1 else ""
        raise KitError(f"{lines[0]}{more} Fix the document, or pass --allow-uncovered.")


def refuse_unanswered(results: Results) -> None:
    """Check that a client requested a response in at least one call.

    Raises:
        ClientUnusableError: The client requested no response.
    """
    found = (*results.controls, *results.all)
    if found and all(each.is_unserved or each.verdict is Verdict.NOT_REQUESTED for each in found):
        raise ClientUnusableError(f"The client never requested a response (first call: {found[0].detail}).")


def _counting(show: Show, ignore: set[str], total: int | None, operations: int) -> Callable[[Result], None]:
    """Return a function to call with each result. It shows the number of mutants and faults so far.

    If the total number of mutants is unknown, the progress bar shows how many operations have been reached.
    """
    done = faults = 0
    reached: set[str] = set()

    def count(result: Result) -> None:
        nonlocal done, faults
        done += 1
        faults += result.verdict.is_fault and not result.is_hidden_by(ignore)
        reached.add(result.mutant.operation.id)
        if total is None:
            show(f"{done:,} mutants, {faults:,} faults so far", len(reached), operations)
        else:
            show(f"{done:,} of at most {total:,} mutants, {faults:,} faults so far", done, total)

    return count
