"""The command line of the harness.

Each command imports what it needs by itself, so that none waits for the imports of another.
"""

import signal
import sys
from contextlib import ExitStack
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

_TEST_KEY = "test-key"
_STOPS = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Run the command line; a misuse is one line on stderr and exit code 2."""
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        typer.echo(f"bluejay-contract: {' '.join(error.format_message().split())}", err=True)
        code = error.exit_code
    sys.exit(code)


@app.callback()
def _commands() -> None:
    """Prove that a Bluejay client, and a server, keep to the contract of simulation results."""


@app.command()
def stub(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on loopback; 0 takes a free one.")] = 0,
    api_key: Annotated[str, typer.Option(help="The key to accept; never a real one.")] = _TEST_KEY,
    list_runs: Annotated[bool, typer.Option("--list", help="List the runs it knows and exit.")] = False,
) -> None:
    """Serve simulation runs on loopback until Ctrl-C; the first line on stdout is the URL."""
    # Ctrl-C is how a stub is stopped: whenever it comes from here on, the wait below ends.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    from .stub import SCENARIOS, Stub

    if list_runs:
        for scenario in SCENARIOS.values():
            typer.echo(f"{scenario.run_id}  {scenario.name}: {scenario.description}")
        return
    with ExitStack() as stack:
        try:
            running = stack.enter_context(Stub(api_key=api_key, port=port))
        except OSError as error:
            raise typer.BadParameter(f"{error.strerror}", param_hint="--port") from error
        typer.echo(running.url)
        typer.echo(_hint(running.url, api_key), err=True)
        signal.sigwait(_STOPS)


def _hint(url: str, api_key: str) -> str:
    # Whoever gives it a real key by mistake must not find that key in a log.
    key = api_key if api_key == _TEST_KEY else "<the key you gave>"
    return f"To use it: BLUEJAY_API_URL={url} BLUEJAY_API_KEY={key} (Ctrl-C stops it, --list shows its runs)"
