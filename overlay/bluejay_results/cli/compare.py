"""The command `compare`: its options.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

from typing import Annotated

import typer

from bluejay_results._defaults import MAX_BODY_BYTES
from bluejay_results.errors import UsageError

from .key import KeyOptions
from .options import (
    BaseUrl,
    KeyCommand,
    KeyFile,
    MaxBytes,
    Organization,
    Version,
)
from .signals import on_interrupt, stop_on_signals
from .source import read_all

HELP = """\
Examples:
  bluejay-results compare 48100 48213
  bluejay-results compare before.json after.json --max-drop 5
  bluejay-results compare --base 48100 --base 48101 --new 48213 --plan
  bluejay-results compare 48100 - --json < after.json

If nothing changed and each caller has one conversation, --max-drop 5 exits with 0 in about 7 % \
of comparisons with 50 callers, in 19 % with 180 callers and in 44 % with 500 callers. To detect a \
change of 5 points, about 1,200 callers are needed. --plan prints the number for your runs.

Environment and exit codes: bluejay-results --help"""

_POINTS = "POINTS"
Runs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="BASE NEW",
        help="The earlier and the later run. Each is a run id, a recording, a saved body or -.",
    ),
]
Base = Annotated[
    list[str] | None,
    typer.Option(metavar="RUN|FILE|-", help="An earlier run, instead of BASE. May be repeated."),
]
New = Annotated[
    list[str] | None,
    typer.Option(metavar="RUN|FILE|-", help="A later run, instead of NEW. May be repeated."),
]
Margin = Annotated[
    str | None,
    typer.Option(
        metavar=_POINTS,
        help="The largest change that isn't meaningful, in percentage points (default: 5).",
    ),
]
MaxDrop = Annotated[
    str | None,
    typer.Option(
        metavar=_POINTS,
        help="The maximum drop of the pass rate, in percentage points. Exits with 0 if the drop is clearly "
        "smaller, with 1 if the drop clearly isn't smaller, otherwise with 6. Sets the margin too.",
    ),
]
MaxVoid = Annotated[
    str | None,
    typer.Option(
        metavar="PERCENT",
        help="The maximum percentage of a side's conversations that may be void or missing (default: 20).",
    ),
]
IsPlanned = Annotated[
    bool,
    typer.Option(
        "--plan", help="Print how many callers are needed to detect a change as large as the margin."
    ),
]
PlanSpread = Annotated[
    str | None,
    typer.Option(
        metavar=_POINTS,
        help="With --plan: the standard deviation of the callers' true changes (default: 0).",
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse runs of different simulations.")]
AsJson = Annotated[
    bool, typer.Option("--json", help="Write the comparison as JSON; docs/compare.md describes the format.")
]


def compare(
    runs: Runs = None,
    base: Base = None,
    new: New = None,
    margin: Margin = None,
    max_drop: MaxDrop = None,
    max_void: MaxVoid = None,
    is_planned: IsPlanned = False,
    plan_spread: PlanSpread = None,
    strict: Strict = False,
    as_json: AsJson = False,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    organization: Organization = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """Compare runs caller by caller: better, worse, no meaningful change, or too small to say.

    Several runs on one side are pooled by caller. A conversation is fetched by id if its tool calls may be
    missing from the run's list.
    """
    from .compare_outputs import CompareOptions, write  # loaded late: --help doesn't need it

    on_interrupt("The runs are not affected.")
    stop_on_signals()

    sides = _sides(runs or [], base or [], new or [])
    options = CompareOptions.parse(margin, max_drop, max_void, plan_spread, is_planned=is_planned)
    found = read_all(
        [*sides[0], *sides[1]], base_url, KeyOptions(api_key_file, api_key_command, organization), max_bytes
    )
    comparison = options.compare(found[: len(sides[0])], found[len(sides[0]) :], strict=strict)
    write(comparison, options, as_json=as_json)
    raise typer.Exit(comparison.exit_code)


def _sides(runs: list[str], base: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Return the runs of each side; raise UsageError unless either the arguments or the options name them."""
    if runs and (base or new):
        raise UsageError("BASE and NEW can't be combined with --base and --new. Leave one pair out.")
    base, new = (base, new) if not runs else (runs[:1], runs[1:2])
    if not base or not new or len(runs) > 2:
        raise UsageError(
            "Give two runs, BASE and NEW, or give --base and --new at least once each. See: bluejay-results "
            "compare --help"
        )
    return base, new
